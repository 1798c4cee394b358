package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/visible"
)

// Format is a way to write a report.
type Format string

// The formats of [Report.Write].
const (
	Text     Format = "text"     // for people
	JSON     Format = "json"     // for [Read] and other programs
	JUnit    Format = "junit"    // for CI servers
	GitHub   Format = "github"   // annotations of GitHub Actions
	Markdown Format = "markdown" // for a job's summary
)

// Formats returns all formats, in the order in which people are shown them.
func Formats() []Format { return []Format{Text, JSON, JUnit, GitHub, Markdown} }

// Write writes the report in one of the [Formats]. It fails where there is no
// such format, or where w does.
func (r *Report) Write(w io.Writer, format Format) error {
	switch format {
	case Text:
		return r.writeText(w, false)
	case JSON:
		return r.writeJSON(w)
	case JUnit:
		return r.writeJUnit(w)
	case GitHub:
		return r.writeGitHub(w)
	case Markdown:
		return r.writeMarkdown(w)
	default:
		return fmt.Errorf("%q is no format of a report, use one of %q", format, Formats())
	}
}

// WriteColored writes the report as text with the colours of a terminal.
func (r *Report) WriteColored(w io.Writer) error { return r.writeText(w, true) }

var colors = map[contract.Verdict]string{contract.Conforms: "\x1b[32m", contract.News: "\x1b[36m", contract.CouldNotCheck: "\x1b[33m", contract.Breaks: "\x1b[31m"}

const plainColor = "\x1b[0m"

// notRun is shown for a check that no case of the run needed.
const notRun = "not run"

// summary returns the verdict of a check, or [notRun].
func (c *CheckResult) summary() string {
	if c.Passed == 0 && len(c.Findings) == 0 && c.Verdict == contract.Conforms {
		return notRun
	}
	return string(c.Verdict)
}

// found returns how many findings a check has, for people.
func (c *CheckResult) found() string {
	if len(c.Findings) == 0 {
		return "consequences of other findings"
	}
	return fmt.Sprintf("%d finding(s)", len(c.Findings))
}

// against returns what the target was held against.
func (r *Report) against() string {
	if r.Against != "" {
		return r.Against + ", with API " + r.APIVersion
	}
	return "the contract of Losant's API " + r.APIVersion
}

// notes returns what is to be said below the checks, each on a line.
func (r *Report) notes() []string {
	var notes []string
	for _, path := range r.LeftBehind {
		notes = append(notes, printable("left behind: "+path+" could not be deleted"))
	}
	for i := range r.NoLongerFound {
		f := &r.NoLongerFound[i]
		if check := r.result(f.Check); check.summary() == notRun {
			continue // and perhaps still there
		}
		notes = append(notes, fmt.Sprintf("accepted, and no longer found: %s: %s", f.Check, f.line()))
	}
	return notes
}

// differences counts the places where the responses of a comparison differ.
func (r *Report) differences() int {
	n := 0
	for _, f := range r.Findings() {
		if f.Verdict == contract.Breaks {
			n += f.Times
		}
	}
	return n
}

func (r *Report) writeText(w io.Writer, colored bool) error {
	var b strings.Builder
	paint := func(v contract.Verdict, text string) string {
		if !colored {
			return text
		}
		return colors[v] + text + plainColor
	}
	fmt.Fprintf(&b, "%s against %s\n\n", r.Target, r.against())
	for i := range r.Checks {
		c := &r.Checks[i]
		fmt.Fprintf(&b, "%s  %-28s %5d passed\n", paint(c.Verdict, fmt.Sprintf("%-15s", c.summary())), c.Name, c.Passed)
		for _, f := range c.Findings {
			fmt.Fprintf(&b, "    %s: %s\n", paint(f.Verdict, f.verdict()), f.line())
			lines := f.also()
			if f.Curl != "" && (f.Verdict != contract.News || f.Source == contract.Ours) {
				lines = append(lines, f.Curl)
			}
			for _, line := range append(lines, f.consequences()...) {
				fmt.Fprintf(&b, "        %s\n", line)
			}
		}
	}
	for _, note := range r.notes() {
		fmt.Fprintf(&b, "\n%s\n", note)
	}
	if r.Seed != 0 && r.Verdict != contract.Conforms {
		fmt.Fprintf(&b, "\nbodies were drawn with seed %d\n", r.Seed)
	}
	fmt.Fprintf(&b, "\n%s: %d requests in %.1f s\n", paint(r.Verdict, string(r.Verdict)), r.Requests, r.Took)
	if r.Against != "" {
		fmt.Fprintf(&b, "%d difference(s) in the responses to %d requests\n", r.differences(), r.Requests)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// writeJSON writes the report with escapes for what a terminal acts upon.
func (r *Report) writeJSON(w io.Writer) error {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(r); err != nil {
		return err
	}
	_, err := io.WriteString(w, visible.JSON(b.String()))
	return err
}
