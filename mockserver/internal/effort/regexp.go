package effort

import (
	"regexp"
	"regexp/syntax"
)

// bytesOfInstruction is how many bytes of a text an instruction of an expression
// reads in about the time of a step.
const bytesOfInstruction = 32

// Regexp is a regular expression that has to match the whole of a text. It knows
// how much work that takes: a text is read once for each of its instructions.
type Regexp struct {
	*regexp.Regexp
	instructions int
}

// Compile compiles an expression. A dot also matches the end of a line, as in
// WireMock. The expression must be one by itself: parentheses such as those of
// "a)|(b" would otherwise be closed by ours.
func Compile(text string) (Regexp, error) {
	if _, err := regexp.Compile(text); err != nil {
		return Regexp{}, err
	}
	whole := `(?s)\A(?:` + text + `)\z`
	tree, err := syntax.Parse(whole, syntax.Perl)
	if err != nil {
		return Regexp{}, err
	}
	program, err := syntax.Compile(tree.Simplify())
	if err != nil {
		return Regexp{}, err
	}
	re, err := regexp.Compile(whole)
	return Regexp{re, len(program.Inst)}, err
}

// Steps returns how many steps it takes to match a text.
func (r Regexp) Steps(text string) int { return 1 + len(text)*r.instructions/bytesOfInstruction }
