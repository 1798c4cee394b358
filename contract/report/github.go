package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/losantmock/losantmock/contract"
)

// annotations are the commands of GitHub Actions, by verdict.
var annotations = map[contract.Verdict]string{contract.Breaks: "error", contract.CouldNotCheck: "warning", contract.News: "notice"}

var (
	escapeData     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	escapeProperty = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

// writeGitHub writes an annotation for each finding, and the verdict.
func (r *Report) writeGitHub(w io.Writer) error {
	for _, f := range r.Findings() {
		if _, err := fmt.Fprintf(w, "::%s title=%s::%s\n", annotations[f.Verdict], escapeProperty.Replace(string(f.Check)), escapeData.Replace(f.line())); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(w, "%s %s: %d requests\n", r.Target, r.Verdict, r.Requests)
	return err
}
