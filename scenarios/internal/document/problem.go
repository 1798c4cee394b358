package document

import "fmt"

// Problem is one thing that is wrong in a file.
type Problem struct {
	File         string
	Line, Column int // from 1; 0 when the problem is the whole file's
	Path         string
	Reason       string
}

// Place returns file:line:column, as editors read it.
func (p Problem) Place() string {
	switch {
	case p.Line == 0:
		return p.File
	case p.Column == 0:
		return fmt.Sprintf("%s:%d", p.File, p.Line)
	default:
		return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column)
	}
}
