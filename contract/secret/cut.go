package secret

import "strings"

// Cut ends a text of which the end is not shown.
const Cut = "…"

// leastBeginning is how much of a secret in front of a [Cut] reveals something of it.
const leastBeginning = 4

// cuts are the texts in front of the cuts in a text, by their last bytes.
type cuts map[string][]cut

// cut is what stands in front of a [Cut], up to the escape that is torn by it.
type cut struct{ before, torn string }

// cutsIn returns the cuts in the layers of a text.
func cutsIn(layers []layer) cuts {
	all := cuts{}
	for _, l := range layers {
		all.add(l.text)
	}
	return all
}

func (c cuts) add(text string) {
	pieces := strings.Split(text, Cut)
	for _, piece := range pieces[:len(pieces)-1] {
		torn := cutEscape.FindString(piece)
		before := strings.TrimSuffix(piece, torn)
		if len(before) >= leastBeginning {
			end := before[len(before)-leastBeginning:]
			c[end] = append(c[end], cut{before, torn})
		}
	}
}

// eachBeginning calls a function with each beginning of a text that stands in front of a
// cut, together with the cut.
func (c cuts) eachBeginning(text string, visit func(part string)) {
	for n := leastBeginning; n <= len(text) && len(c) > 0; n++ {
		for _, cut := range c[text[n-leastBeginning:n]] {
			if strings.HasSuffix(cut.before, text[:n]) {
				visit(text[:n] + cut.torn + Cut)
			}
		}
	}
}
