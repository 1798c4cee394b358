package jsregexp

import "regexp/syntax"

// repeated matches a number of ASCII characters of one class and nothing else, such as
// ^[A-Fa-f\d]{24}$: the pattern of every id. That takes a tenth of the time of a regular
// expression, and each request has ids in its path.
type repeated struct {
	allowed     [128]bool
	least, most int // -1 for no limit
}

// newRepeated returns nil for a pattern of another form.
func newRepeated(pattern string) *repeated {
	tree, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil || tree.Op != syntax.OpConcat || len(tree.Sub) != 3 {
		return nil
	}
	begin, middle, end := tree.Sub[0], tree.Sub[1], tree.Sub[2]
	if begin.Op != syntax.OpBeginText || middle.Op != syntax.OpRepeat || end.Op != syntax.OpEndText || middle.Sub[0].Op != syntax.OpCharClass {
		return nil
	}
	r := &repeated{least: middle.Min, most: middle.Max}
	ranges := middle.Sub[0].Rune // pairs of the first and the last of a range
	for i := 0; i < len(ranges); i += 2 {
		for c := ranges[i]; c <= ranges[i+1]; c++ {
			if int(c) >= len(r.allowed) {
				return nil
			}
			r.allowed[c] = true
		}
	}
	return r
}

func (r *repeated) MatchString(text string) bool {
	if len(text) < r.least || r.most >= 0 && len(text) > r.most {
		return false
	}
	for i := range len(text) {
		if c := int(text[i]); c >= len(r.allowed) || !r.allowed[c] {
			return false
		}
	}
	return true
}
