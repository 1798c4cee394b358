package report

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/losantmock/losantmock/contract"
)

// escapeMarkdown keeps a text from being markup, or the end of a table's cell.
var escapeMarkdown = strings.NewReplacer(
	`\`, `\\`, "|", `\|`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "~", `\~`,
	"<", "&lt;", ">", "&gt;", "&", "&amp;",
)

// writeMarkdown writes a heading and a table with a row for each check.
func (r *Report) writeMarkdown(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "### %s: %s\n\nAgainst %s, with %d requests.\n\n| Check | Verdict | Passed | Found |\n|---|---|---|---|\n",
		escapeMarkdown.Replace(r.Target), r.Verdict, r.against(), r.Requests)
	for i := range r.Checks {
		c := &r.Checks[i]
		var lines []string
		for _, f := range c.Findings {
			line := f.line()
			if f.Accepted {
				line = "accepted: " + line
			}
			for _, text := range slices.Concat([]string{line}, f.also(), f.consequences()) {
				lines = append(lines, escapeMarkdown.Replace(text))
			}
		}
		if len(lines) == 0 && c.Verdict != contract.Conforms {
			lines = []string{c.found()}
		}
		fmt.Fprintf(&b, "| `%s` | %s | %d | %s |\n", c.Name, c.summary(), c.Passed, strings.Join(lines, "<br>"))
	}
	for _, note := range r.notes() {
		fmt.Fprintf(&b, "\n%s\n", escapeMarkdown.Replace(note))
	}
	r.writeMarkdownCoverage(&b)
	_, err := io.WriteString(w, b.String())
	return err
}

// annotations are the commands of GitHub Actions, by verdict.
var annotations = map[contract.Verdict]string{contract.Breaks: "error", contract.CouldNotCheck: "warning", contract.News: "notice"}

var (
	escapeData     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	escapeProperty = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

// writeGitHub writes an annotation for each finding that was not accepted, and the
// verdict.
func (r *Report) writeGitHub(w io.Writer) error {
	for i := range r.Checks {
		for _, f := range r.Checks[i].Findings {
			if f.Accepted {
				continue
			}
			text := strings.Join(slices.Concat([]string{f.line()}, f.also(), f.consequences()), "\n")
			if _, err := fmt.Fprintf(w, "::%s title=%s::%s\n", annotations[f.Verdict], escapeProperty.Replace(string(f.Check)), escapeData.Replace(text)); err != nil {
				return err
			}
		}
	}
	for _, note := range r.notes() {
		if _, err := fmt.Fprintf(w, "::notice::%s\n", escapeData.Replace(note)); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(w, "%s %s: %d requests\n", r.Target, r.Verdict, r.Requests)
	return err
}
