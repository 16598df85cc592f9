package bootstraptoken

import "testing"

func TestChecksAllocateNothing(t *testing.T) {
	for name, check := range map[string]func(){
		"IsValid":      func() { IsValid(sample) },
		"IsValid, not": func() { IsValid("07401b.f395accd246ae52D") },
		"IsValidID":    func() { IsValidID("07401b") },
		"IsValidGroup": func() { IsValidGroup(DefaultGroup) },
	} {
		if allocs := testing.AllocsPerRun(100, check); allocs != 0 {
			t.Errorf("%s allocates %v times", name, allocs)
		}
	}
	token := parse(t, sample)
	signature, err := token.Sign("content")
	if err != nil {
		t.Fatal(err)
	}
	for name, check := range map[string]func(){
		"Verify":   func() { err = token.Verify("content", signature) },
		"Equal":    func() { token.Equal(token) },
		"Weakness": func() { token.Weakness() },
	} {
		if allocs := testing.AllocsPerRun(100, check); allocs != 0 || err != nil {
			t.Errorf("%s allocates %v times: %v", name, allocs, err)
		}
	}
}
