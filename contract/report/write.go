package report

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/losantmock/losantmock/contract"
)

// Formats returns the formats that [Report.Write] knows: text for people, json
// for [Drift] and other programs, junit for CI servers, github for the
// annotations of GitHub Actions, and markdown for a job's summary.
func Formats() []string { return []string{"text", "json", "junit", "github", "markdown"} }

// Write writes the report in one of the [Formats].
func (r *Report) Write(w io.Writer, format string) error {
	switch format {
	case "text":
		return r.writeText(w, false)
	case "json":
		e := json.NewEncoder(w)
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		return e.Encode(versioned{Version, r})
	case "junit":
		return r.writeJUnit(w)
	case "github":
		return r.writeGitHub(w)
	case "markdown":
		return r.writeMarkdown(w)
	default:
		return fmt.Errorf("%q is no format of a report: take one of %s", format, strings.Join(Formats(), ", "))
	}
}

// WriteColored writes the report as text with the colours of a terminal.
func (r *Report) WriteColored(w io.Writer) error { return r.writeText(w, true) }

var colors = map[contract.Verdict]string{contract.Conforms: "\x1b[32m", contract.News: "\x1b[36m", contract.CouldNotCheck: "\x1b[33m", contract.Breaks: "\x1b[31m"}

const plainColor = "\x1b[0m"

// notRun is shown for a check that no case of the run asked for.
const notRun = "not run"

func (c *CheckResult) summary() string {
	if c.Passed == 0 && len(c.Findings) == 0 {
		return notRun
	}
	return string(c.Verdict)
}

func (r *Report) writeText(w io.Writer, colored bool) error {
	var b strings.Builder
	paint := func(v contract.Verdict, text string) string {
		if !colored {
			return text
		}
		return colors[v] + text + plainColor
	}
	fmt.Fprintf(&b, "%s against the contract of Losant's API %s\n\n", r.Target, r.APIVersion)
	for i := range r.Checks {
		c := &r.Checks[i]
		fmt.Fprintf(&b, "%s  %-28s %5d passed\n", paint(c.Verdict, fmt.Sprintf("%-15s", c.summary())), c.Name, c.Passed)
		for _, f := range c.Findings {
			fmt.Fprintf(&b, "    %s: %s\n", paint(f.Verdict, string(f.Verdict)), f.line())
			if f.Curl != "" && f.Verdict != contract.News {
				fmt.Fprintf(&b, "        %s\n", f.Curl)
			}
		}
	}
	for _, path := range r.LeftBehind {
		fmt.Fprintf(&b, "\nleft behind: %s could not be deleted\n", path)
	}
	fmt.Fprintf(&b, "\n%s: %d requests in %.1f s\n", paint(r.Verdict, string(r.Verdict)), r.Requests, r.Took)
	_, err := io.WriteString(w, b.String())
	return err
}

// line is a finding on one line.
func (f *CountedFinding) line() string {
	var parts []string
	for _, part := range []string{f.Operation, f.Field, f.Message} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	line := strings.Join(parts, ": ")
	if f.Case != "" {
		line += " (" + f.Case + ")"
	}
	if f.Times > 1 {
		line += fmt.Sprintf(" [%d times]", f.Times)
	}
	return strings.Join(strings.Fields(line), " ")
}
