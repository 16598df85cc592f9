// Package beside holds our binding to upstream's own functions, on generated inputs.
package beside

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// So many inputs are tried by each test.
const inputs = 5000

// generator makes the same inputs in every run.
type generator struct {
	*rand.Rand
}

func generate(t *testing.T) generator {
	seed := uint64(len(t.Name()))
	for _, c := range []byte(t.Name()) {
		seed = seed*31 + uint64(c)
	}
	return generator{rand.New(rand.NewPCG(1, seed))}
}

const alphabet = "abcdefghijklmnopqrstuvwxyz0123456789"

func (g generator) text(length int) string {
	text := make([]byte, length)
	for index := range text {
		text[index] = alphabet[g.IntN(len(alphabet))]
	}
	return string(text)
}

// damaged changes a text in a small way, in two cases of three.
func (g generator) damaged(text string) string {
	strange := []string{"A", "Z", ".", " ", "\n", "\t", "\x00", "-", "_", "é", "ſ", "\xff", "٣", "", "ab", ":", ",", "/", "+"}
	for range g.IntN(3) {
		at, piece := g.IntN(len(text)+1), strange[g.IntN(len(strange))]
		switch g.IntN(4) {
		case 0: // put in
			text = text[:at] + piece + text[at:]
		case 1: // put in the place of a byte
			if at < len(text) {
				text = text[:at] + piece + text[at+1:]
			}
		case 2: // cut off
			text = text[:at]
		case 3: // at an end
			if g.IntN(2) == 0 {
				text = piece + text
			} else {
				text += piece
			}
		}
	}
	return text
}

func (g generator) token() string {
	return g.text(6) + "." + g.text(16)
}

func (g generator) group() string {
	parts := []string{g.text(1 + g.IntN(8))}
	for range g.IntN(3) {
		parts = append(parts, g.text(g.IntN(5)))
	}
	name := strings.Join(parts, string(":-"[g.IntN(2)]))
	if g.IntN(20) == 0 {
		name = g.text(254 + g.IntN(5))
	}
	return "system:bootstrappers:" + name
}

// both counts how often upstream said yes and no, since inputs of one kind alone would prove little.
type both struct {
	yes, no int
}

func (b *both) count(yes bool) {
	if yes {
		b.yes++
	} else {
		b.no++
	}
}

func (b *both) enough(t *testing.T) {
	t.Helper()
	if b.yes < inputs/20 || b.no < inputs/20 {
		t.Errorf("upstream took %d and refused %d: not enough of one kind", b.yes, b.no)
	}
}

// differ ends a test with the input on which the answers are not the same.
func differ(t *testing.T, input any, ours, theirs any) {
	t.Helper()
	if fmt.Sprintf("%#v", ours) != fmt.Sprintf("%#v", theirs) {
		t.Fatalf("%q: we say %#v, upstream %#v", fmt.Sprint(input), ours, theirs)
	}
}
