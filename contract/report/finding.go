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
	// Messages that differ in ids, in instants or in the id or the seed of the run are
	// one.
	Others []string `json:"others,omitempty"`
	// Accepted says that [Report.Accept] knew the finding, which then leaves the
	// verdicts as they are.
	Accepted bool `json:"accepted,omitempty"`
	// Consequences are findings that would not be there without this one, whatever
	// their checks. They count for the verdicts of their own checks.
	Consequences []CountedFinding `json:"consequences,omitempty"`
}

const mostOthers = 9

// counted returns findings with one more. The same one is counted, and the messages
// of it that are new are kept.
func counted(all []CountedFinding, f CountedFinding, runID string) []CountedFinding {
	i := indexOf(all, f.Finding)
	if i < 0 {
		return append(all, f)
	}
	known := &all[i]
	known.Times += f.Times
	for _, message := range f.messages() {
		if len(known.Others) < mostOthers && !slices.Contains(known.steadyMessages(runID), steady(message, runID)) {
			known.Others = append(known.Others, message)
		}
	}
	return all
}

// indexOf returns the place of a finding in a list, whatever its messages; -1
// where the list lacks it.
func indexOf(list []CountedFinding, f contract.Finding) int {
	return slices.IndexFunc(list, func(other CountedFinding) bool { return key(other.Finding) == key(f) })
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
	anySeed    = regexp.MustCompile(`drawn with seed \d+`)
)

// steady returns a message without what differs from run to run.
func steady(message, runID string) string {
	if runID != "" {
		message = strings.ReplaceAll(message, runID, "RUN")
	}
	message = anyInstant.ReplaceAllString(message, "INSTANT")
	message = anySeed.ReplaceAllString(message, "drawn")
	return anyID.ReplaceAllString(message, "ID")
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

// consequences returns a line for each consequence of the finding.
func (f *CountedFinding) consequences() []string {
	var lines []string
	for _, c := range f.Consequences {
		lines = append(lines, fmt.Sprintf("consequence: %s: %s: %s", c.verdict(), c.Check, c.line()))
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
