package contract

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"strings"
)

// ReportFormats are the formats that [Report.Write] knows: text for people,
// json for [Drift] and other programs, junit for CI servers, github for the
// annotations of GitHub Actions, and markdown for a job's summary.
var ReportFormats = []string{"text", "json", "junit", "github", "markdown"}

// Write writes the report in one of [ReportFormats].
func (r *Report) Write(w io.Writer, format string) error {
	switch format {
	case "text":
		return r.writeText(w, false)
	case "json":
		e := json.NewEncoder(w)
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		return e.Encode(r)
	case "junit":
		return r.writeJUnit(w)
	case "github":
		return r.writeGitHub(w)
	case "markdown":
		return r.writeMarkdown(w)
	default:
		return fmt.Errorf("%q is no format of a report: take one of %s", format, strings.Join(ReportFormats, ", "))
	}
}

// WriteColored is the report as text with the colours of a terminal.
func (r *Report) WriteColored(w io.Writer) error { return r.writeText(w, true) }

var colors = map[Verdict]string{Conforms: "\x1b[32m", News: "\x1b[36m", CouldNotCheck: "\x1b[33m", Breaks: "\x1b[31m"}

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
	paint := func(v Verdict, text string) string {
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
			if f.Curl != "" && f.Verdict != News {
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

type junitSuites struct {
	XMLName xml.Name     `xml:"testsuites"`
	Suites  []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Errors   int         `xml:"errors,attr"`
	Skipped  int         `xml:"skipped,attr"`
	Time     string      `xml:"time,attr"`
	Stamp    string      `xml:"timestamp,attr"`
	Cases    []junitCase `xml:"testcase"`
}

type junitCase struct {
	Name    string        `xml:"name,attr"`
	Class   string        `xml:"classname,attr"`
	Skipped *struct{}     `xml:"skipped"`
	Failure *junitProblem `xml:"failure"`
	Error   *junitProblem `xml:"error"`
	Out     string        `xml:"system-out,omitempty"`
}

type junitProblem struct {
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

// writeJUnit writes a test case for each check: a break is a failure, what
// could not be checked is an error, and news are output.
func (r *Report) writeJUnit(w io.Writer) error {
	suite := junitSuite{Name: "losantmock check " + r.Target, Time: fmt.Sprintf("%.3f", r.Took), Stamp: r.Started.Format("2006-01-02T15:04:05")}
	for i := range r.Checks {
		c := &r.Checks[i]
		one := junitCase{Name: c.Name, Class: "losantmock.contract"}
		var lines []string
		for _, f := range c.Findings {
			lines = append(lines, string(f.Verdict)+": "+f.line())
			if f.Curl != "" {
				lines = append(lines, f.Curl)
			}
		}
		text := strings.Join(lines, "\n")
		problem := &junitProblem{Message: fmt.Sprintf("%d finding(s)", len(c.Findings)), Text: text}
		switch {
		case c.summary() == notRun:
			one.Skipped = &struct{}{}
			suite.Skipped++
		case c.Verdict == Breaks:
			one.Failure = problem
			suite.Failures++
		case c.Verdict == CouldNotCheck:
			one.Error = problem
			suite.Errors++
		default:
			one.Out = text
		}
		suite.Cases = append(suite.Cases, one)
	}
	suite.Tests = len(suite.Cases)
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	e := xml.NewEncoder(w)
	e.Indent("", "  ")
	if err := e.Encode(junitSuites{Suites: []junitSuite{suite}}); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

// annotations are the commands of GitHub Actions, by verdict.
var annotations = map[Verdict]string{Breaks: "error", CouldNotCheck: "warning", News: "notice"}

var (
	escapeData     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	escapeProperty = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

func (r *Report) writeGitHub(w io.Writer) error {
	for _, f := range r.Findings() {
		if _, err := fmt.Fprintf(w, "::%s title=%s::%s\n", annotations[f.Verdict], escapeProperty.Replace(f.Check), escapeData.Replace(f.line())); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(w, "%s %s: %d requests\n", r.Target, r.Verdict, r.Requests)
	return err
}

var escapeCell = strings.NewReplacer("|", `\|`, "<", "&lt;", ">", "&gt;", "`", "'")

func (r *Report) writeMarkdown(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "### %s: %s\n\nAgainst the contract of Losant's API %s, with %d requests.\n\n| Check | Verdict | Passed | Found |\n|---|---|---|---|\n",
		escapeCell.Replace(r.Target), r.Verdict, r.APIVersion, r.Requests)
	for i := range r.Checks {
		c := &r.Checks[i]
		var lines []string
		for _, f := range c.Findings {
			lines = append(lines, escapeCell.Replace(f.line()))
		}
		fmt.Fprintf(&b, "| `%s` | %s | %d | %s |\n", c.Name, c.summary(), c.Passed, strings.Join(lines, "<br>"))
	}
	_, err := io.WriteString(w, b.String())
	return err
}
