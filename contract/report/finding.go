package report

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/losantmock/losantmock/contract"
)

// CountedFinding is a finding, and how often it was made.
type CountedFinding struct {
	contract.Finding
	Times int `json:"times"`
	// Others are further messages that the finding was made with, at most 9.
	// Messages that differ in ids, in instants or in the id of the run are one.
	Others []string `json:"others,omitempty"`
	// Accepted says that [Report.Accept] knew the finding, which then leaves the
	// verdicts as they are.
	Accepted bool `json:"accepted,omitempty"`
}

const mostOthers = 9

// repeat counts the finding once more, and keeps its message if it is another.
func (f *CountedFinding) repeat(message, runID string) {
	f.Times++
	if len(f.Others) < mostOthers && !slices.Contains(f.steadyMessages(runID), steady(message, runID)) {
		f.Others = append(f.Others, message)
	}
}

// messages returns all messages of the finding.
func (f *CountedFinding) messages() []string {
	return slices.Concat([]string{f.Message}, f.Others)
}

// steadyMessages returns the messages as two runs can be compared by them, in
// the order of their texts.
func (f *CountedFinding) steadyMessages(runID string) []string {
	var all []string
	for _, message := range f.messages() {
		all = append(all, steady(message, runID))
	}
	slices.Sort(all)
	return all
}

var (
	anyID      = regexp.MustCompile(`[A-Fa-f\d]{24}`)
	anyInstant = regexp.MustCompile(strings.Trim(contract.DatePattern, "^$"))
)

// steady returns a message without what differs from run to run.
func steady(message, runID string) string {
	if runID != "" {
		message = strings.ReplaceAll(message, runID, "RUN")
	}
	return anyID.ReplaceAllString(anyInstant.ReplaceAllString(message, "INSTANT"), "ID")
}

// key returns a text that two findings share when they are the same but for
// their case, the values that they found there, and the item of a list.
func key(f contract.Finding) string {
	steps := strings.Split(f.Field, ".")
	for i := range steps {
		if strings.Trim(steps[i], "0123456789") == "" {
			steps[i] = "N"
		}
	}
	field := strings.Join(steps, ".")
	if field == "" {
		field = f.Case
	}
	return strings.Join([]string{string(f.Check), string(f.Verdict), f.Operation, field}, "\x00")
}

// line returns the finding on one line, without its command.
func (f *CountedFinding) line() string {
	var parts []string
	for _, part := range []string{f.Operation, f.Field, f.Message} {
		if part != "" && part != string(f.Check) {
			parts = append(parts, part)
		}
	}
	line := strings.Join(parts, ": ")
	if f.Source == contract.Inferred {
		line += " (inferred)"
	}
	if f.Case != "" {
		line += " (" + f.Case + ")"
	}
	if f.Times > 1 {
		line += fmt.Sprintf(" [%d times]", f.Times)
	}
	return printable(line)
}

// verdict returns the verdict of the finding, or that it is accepted.
func (f *CountedFinding) verdict() string {
	if f.Accepted {
		return "accepted " + string(f.Verdict)
	}
	return string(f.Verdict)
}

// also returns a line for each further message.
func (f *CountedFinding) also() []string {
	var lines []string
	for _, message := range f.Others {
		lines = append(lines, "also: "+printable(message))
	}
	return lines
}

// printable returns a text on one line, with U+FFFD in place of characters that
// a terminal acts upon, which a server may have sent.
func printable(text string) string {
	return strings.Map(func(c rune) rune {
		if unicode.IsPrint(c) {
			return c
		}
		return unicode.ReplacementChar
	}, strings.Join(strings.Fields(text), " "))
}
