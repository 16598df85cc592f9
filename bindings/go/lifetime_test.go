package bootstraptoken

import (
	"errors"
	"reflect"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
	"unsafe"
)

// counted is a handle of an object that counts how often it is freed.
func counted() (*handle, *atomic.Int32) {
	freed := &atomic.Int32{}
	h := &handle{}
	h.open(unsafe.Pointer(new(int64)), func(unsafe.Pointer) { freed.Add(1) })
	return h, freed
}

func wait(t *testing.T, freed *atomic.Int32) {
	t.Helper()
	for range 1000 {
		runtime.GC()
		if freed.Load() != 0 {
			return
		}
		time.Sleep(time.Millisecond)
	}
	t.Fatal("never freed")
}

func TestForgottenIsFreed(t *testing.T) {
	h, freed := counted()
	runtime.KeepAlive(h)
	h = nil
	wait(t, freed)
}

func TestFreedOnce(t *testing.T) {
	h, freed := counted()
	for range 3 {
		h.close()
	}
	h = nil
	for range 10 {
		runtime.GC()
	}
	if freed.Load() != 1 {
		t.Errorf("freed %d times", freed.Load())
	}
}

func TestHeldIsNotFreed(t *testing.T) {
	h, freed := counted()
	if !h.hold() {
		t.Fatal("an open handle cannot be held")
	}
	h.close()
	if freed.Load() != 0 {
		t.Error("freed while it is held")
	}
	if h.hold() {
		t.Error("a closed handle can be held")
	}
	h.release()
	if freed.Load() != 1 {
		t.Errorf("freed %d times", freed.Load())
	}
}

func TestForgottenTokenIsWiped(t *testing.T) {
	kept, freed := func() (*kept, *atomic.Int32) {
		token, err := Parse(sample)
		if err != nil {
			t.Fatal(err)
		}
		kept, freed := token.handle.keeper.kept, &atomic.Int32{}
		kept.free = func(unsafe.Pointer) { freed.Add(1) } // tells of the cleanup
		return kept, freed
	}()
	if !strings.Contains(string(kept.storage[:]), sampleSecret) {
		t.Fatal("the token lies elsewhere")
	}
	wait(t, freed)
	if kept.storage != [len(kept.storage)]byte{} {
		t.Error("something of the token is left")
	}
}

// Whoever asks C for anything holds the object until he returns: the garbage collector is seldom there to see it.
func TestHeldToTheEnd(t *testing.T) {
	count := 0
	for function := range strings.SplitSeq(sources(t), "\nfunc ") {
		for _, held := range regexp.MustCompile(`:= (\w+)\.hold(|Alone)\(\)\n`).FindAllStringSubmatch(function, -1) {
			count++
			if release := "\tdefer " + held[1] + ".release" + held[2] + "()\n"; !strings.Contains(function, release) {
				name, _, _ := strings.Cut(function, "\n")
				t.Errorf("no %s in %s", strings.TrimSpace(release), name)
			}
		}
	}
	if count < 30 {
		t.Errorf("there are %d", count)
	}
}

// Objects that nobody closes, under the garbage collector: each answers for itself until its last use.
func TestForgottenTokensAnswer(t *testing.T) {
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			for range 2000 {
				token, err := Parse("07401b.f395accd246ae52d")
				if err != nil {
					t.Error(err)
					return
				}
				record, err := NewBareRecord(token, WithGroups(DefaultGroup))
				if err != nil {
					t.Error(err)
					return
				}
				if token.ID() != "07401b" || len(record.Groups()) != 1 {
					t.Error("an object was freed too early")
				}
			}
		})
	}
	group.Wait()
}

// A record of a list keeps the list.
func TestEntryKeepsItsList(t *testing.T) {
	secret, err := record(t).ExposeSecretJSON()
	if err != nil {
		t.Fatal(err)
	}
	text := append(append([]byte(`{"kind":"SecretList","apiVersion":"v1","items":[`), secret...), "]}"...)
	for range 200 {
		list, err := ParseSecretListJSON(text)
		if err != nil {
			t.Fatal(err)
		}
		entry, err := list.Record(0)
		if err != nil {
			t.Fatal(err)
		}
		list = nil
		runtime.GC()
		if entry.ID() != "07401b" {
			t.Fatal("the list was freed under its record")
		}
	}
}

func TestUseAfterClose(t *testing.T) {
	token, record := parse(t, sample), record(t, WithGroups(DefaultGroup))
	secret, _ := record.ExposeSecretJSON()
	list, err := ParseSecretListJSON(append(append([]byte(`{"kind":"SecretList","apiVersion":"v1","items":[`), secret...), "]}"...))
	if err != nil {
		t.Fatal(err)
	}
	entry, err := list.Record(0)
	if err != nil {
		t.Fatal(err)
	}
	open := parse(t, sample)
	for range 2 {
		token.Close()
		record.Close()
		list.Close()
	}
	for _, token := range []*Token{token, nil, {}} {
		refused(t, "Expose", second(token.Expose()))
		refused(t, "ExposeSecret", second(token.ExposeSecret()))
		refused(t, "Sign", second(token.Sign("")))
		refused(t, "Verify", token.Verify("", ""))
		refused(t, "NewRecord", second(NewRecord(token, time.Now())))
		refused(t, "NewBareRecord", second(NewBareRecord(token)))
		refused(t, "ClusterInfo.Verify", second(ClusterInfo("{}").Verify(token, nil, time.Now())))
		refused(t, "ClusterInfo.VerifyByCA", second(ClusterInfo("{}").VerifyByCA(token, nil, time.Now())))
		refused(t, "ClusterInfo.DangerVerifyWithoutPin", second(ClusterInfo("{}").DangerVerifyWithoutPin(token, time.Now())))
		if token.ID()+token.SecretName()+token.JWSKeyName() != "" || token.Weakness() != OtherWeakness {
			t.Error("a closed token answers")
		}
		if token.Equal(open) || open.Equal(token) || token.Equal(token) {
			t.Error("a closed token equals another")
		}
		token.Close()
	}
	for _, record := range []*Record{record, nil, {}, entry} {
		refused(t, "Token", second(record.Token()))
		refused(t, "ExposeSecretJSON", second(record.ExposeSecretJSON()))
		if record.ID()+record.SecretName()+record.Description() != "" || expires(record) ||
			record.Usages() != 0 || record.OtherUsages() != nil || record.Groups() != nil || !record.IsExpired(time.Now()) {
			t.Error("a closed record answers")
		}
		if record != entry {
			refused(t, "SetExpiration", record.SetExpiration(time.Now()))
			refused(t, "SetTTL", record.SetTTL(time.Hour, time.Now()))
			refused(t, "SetUsages", record.SetUsages(0))
			refused(t, "AddGroup", record.AddGroup(DefaultGroup))
			refused(t, "ClearGroups", record.ClearGroups())
			refused(t, "SetDescription", record.SetDescription(""))
		}
		record.Close()
	}
	for _, list := range []*SecretList{list, nil, {}} {
		refused(t, "Record", second(list.Record(0)))
		if list.Len() != 0 || list.Name(0) != "" {
			t.Error("a closed list answers")
		}
		list.Close()
	}
	for _, cluster := range []*Cluster{nil, {}} {
		refused(t, "ExposeKubeconfig", second(cluster.ExposeKubeconfig(open)))
		if cluster.Server() != "" || cluster.CAPEM() != nil {
			t.Error("a closed cluster answers")
		}
		cluster.Close()
	}
}

func second[T any](_ T, err error) error {
	return err
}

func refused(t *testing.T, what string, err error) {
	t.Helper()
	if !errors.Is(err, ErrClosed) {
		t.Errorf("%s after Close: %v", what, err)
	}
}

func TestEntriesCannotBeChanged(t *testing.T) {
	secret, _ := record(t).ExposeSecretJSON()
	list, err := ParseSecretListJSON(append(append([]byte(`{"kind":"SecretList","apiVersion":"v1","items":[`), secret...), "]}"...))
	if err != nil {
		t.Fatal(err)
	}
	defer list.Close()
	for entry, err := range list.All() {
		if err != nil {
			t.Fatal(err)
		}
		entry.Close()
		if err := entry.SetDescription("another"); err != ErrBorrowed || entry.ID() != "07401b" {
			t.Errorf("%v: %v", entry, err)
		}
	}
}

// One token, many goroutines, closed in the midst: each gets the right answer or none.
func TestCloseWhileInUse(t *testing.T) {
	for range 200 {
		token, err := Parse("07401b.f395accd246ae52d")
		if err != nil {
			t.Fatal(err)
		}
		var group sync.WaitGroup
		for range 8 {
			group.Go(func() {
				for range 10 {
					if id := token.ID(); id != "07401b" && id != "" {
						t.Errorf("the ID is %q", id)
					}
					if text, err := token.Expose(); err != ErrClosed && string(text) != sample {
						t.Errorf("the token is %q: %v", text, err)
					}
					token.Equal(token)
				}
			})
		}
		group.Go(func() { token.Close() })
		group.Go(func() { token.Close() })
		group.Wait()
	}
}

// One record, read and changed and closed at once.
func TestChangeWhileInUse(t *testing.T) {
	for range 50 {
		record, err := NewBareRecord(parse(t, sample))
		if err != nil {
			t.Fatal(err)
		}
		var group sync.WaitGroup
		for range 4 {
			group.Go(func() {
				for range 20 {
					if err := record.AddGroup(DefaultGroup); err != nil && err != ErrClosed {
						t.Error(err)
					}
					for _, text := range record.Groups() {
						if text != DefaultGroup {
							t.Errorf("a group is %q", text)
						}
					}
					if err := record.SetDescription("rack 7"); err != nil && err != ErrClosed {
						t.Error(err)
					}
					if text := record.Description(); text != "rack 7" && text != "" {
						t.Errorf("the description is %q", text)
					}
					if err := record.ClearGroups(); err != nil && err != ErrClosed {
						t.Error(err)
					}
				}
			})
		}
		group.Go(func() {
			runtime.Gosched()
			record.Close()
		})
		group.Wait()
	}
}

func TestCloseWipesATokenInPlace(t *testing.T) {
	token, err := Parse("07401b.f395accd246ae52d")
	if err != nil {
		t.Fatal(err)
	}
	storage := &token.handle.keeper.kept.storage
	if !strings.Contains(string(storage[:]), "f395accd246ae52d") {
		t.Fatal("the token lies elsewhere")
	}
	token.Close()
	if *storage != [len(storage)]byte{} {
		t.Error("something of the token is left")
	}
}

func expires(record *Record) bool {
	_, expires := record.Expiration()
	return expires
}

// The memory of what was closed serves the next value: a copy must not lead there.
func TestACopyHoldsNothing(t *testing.T) {
	token, err := Generate()
	if err != nil {
		t.Fatal(err)
	}
	record, err := NewBareRecord(token)
	if err != nil {
		t.Fatal(err)
	}
	copies := reflect.New(reflect.TypeFor[struct {
		Token  Token
		Record Record
	}]())
	copies.Elem().Field(0).Set(reflect.ValueOf(token).Elem())
	copies.Elem().Field(1).Set(reflect.ValueOf(record).Elem())
	copied := copies.Interface().(*struct {
		Token  Token
		Record Record
	})
	check := func() {
		t.Helper()
		if _, err := copied.Token.Expose(); err != ErrClosed || copied.Token.ID() != "" {
			t.Errorf("a copied token: %v", err)
		}
		if _, err := copied.Record.ExposeSecretJSON(); err != ErrClosed || copied.Record.ID() != "" {
			t.Errorf("a copied record: %v", err)
		}
		copied.Token.Close()
		copied.Record.Close()
	}
	check()
	if token.ID() == "" || record.ID() != token.ID() {
		t.Error("to close a copy closed the value")
	}
	token.Close()
	record.Close()
	other, err := Generate()
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	check()
	if other.ID() == "" {
		t.Error("a copy closed another token")
	}
}
