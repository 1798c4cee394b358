package report

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"

	"github.com/losantmock/losantmock/contract"
)

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
	Out      string      `xml:"system-out,omitempty"`
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

// writeJUnit writes a test case for each check: one that breaks the contract
// is a failure, one that could not check is an error, and news are output.
func (r *Report) writeJUnit(w io.Writer) error {
	suite := junitSuite{Name: "losantmock check " + r.Target, Time: fmt.Sprintf("%.3f", r.Took), Stamp: r.Started.Format("2006-01-02T15:04:05")}
	for i := range r.Checks {
		c := &r.Checks[i]
		one := junitCase{Name: string(c.Name), Class: "losantmock.contract"}
		var lines []string
		for _, f := range c.Findings {
			lines = append(append(lines, f.verdict()+": "+f.line()), f.also()...)
			if f.Curl != "" {
				lines = append(lines, f.Curl)
			}
			lines = append(lines, f.consequences()...)
		}
		text := strings.Join(lines, "\n")
		problem := &junitProblem{Message: c.found(), Text: text}
		switch {
		case c.summary() == notRun:
			one.Skipped = &struct{}{}
			suite.Skipped++
		case c.Verdict == contract.Breaks:
			one.Failure = problem
			suite.Failures++
		case c.Verdict == contract.CouldNotCheck:
			one.Error = problem
			suite.Errors++
		default:
			one.Out = text
		}
		suite.Cases = append(suite.Cases, one)
	}
	suite.Tests = len(suite.Cases)
	suite.Out = strings.Join(r.notes(), "\n")
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
