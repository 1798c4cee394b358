package matcher

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/losantmock/losantmock/mockserver/internal/effort"
)

var dateTimeOptions = []string{"actualFormat", "truncateExpected", "truncateActual", "applyTruncationLast", "expectedOffset", "expectedOffsetUnit"}

// moment is a date and a time. One without a zone has its clock's reading in
// UTC.
type moment struct {
	time.Time
	zoned bool
}

// dateTime matches a text that is a date before, after or equal to another.
type dateTime struct {
	name     string // before, after or equalToDateTime
	text     string
	expected func() moment
	parse    func(text string) (moment, bool)
	truncate func(time.Time) time.Time
}

func readDateTime(name string, fields Members) (Matcher, error) {
	o := struct {
		ActualFormat, TruncateExpected, TruncateActual string
		ApplyTruncationLast                            bool
		ExpectedOffset                                 int
		ExpectedOffsetUnit                             string
	}{ExpectedOffsetUnit: "seconds"}
	for name, into := range map[string]any{
		"actualFormat": &o.ActualFormat, "truncateExpected": &o.TruncateExpected, "truncateActual": &o.TruncateActual,
		"applyTruncationLast": &o.ApplyTruncationLast, "expectedOffset": &o.ExpectedOffset, "expectedOffsetUnit": &o.ExpectedOffsetUnit,
	} {
		if err := fields.Read(name, into); err != nil {
			return nil, err
		}
	}
	text, err := ReadText(fields[name])
	if err != nil {
		return nil, err
	}
	m := dateTime{name: name, text: text}
	if m.parse, err = dateTimeParser(o.ActualFormat); err != nil {
		return nil, ErrorAt("/actualFormat", err)
	}
	if m.truncate, err = truncation(o.TruncateActual); err != nil {
		return nil, ErrorAt("/truncateActual", err)
	}
	truncate, err := truncation(o.TruncateExpected)
	if err != nil {
		return nil, ErrorAt("/truncateExpected", err)
	}
	shift, isNow, err := offset(text, o.ExpectedOffset, o.ExpectedOffsetUnit)
	if err != nil {
		return nil, err
	}
	if isNow {
		m.expected = func() moment {
			if o.ApplyTruncationLast {
				return moment{truncate(shift(time.Now())), true}
			}
			return moment{shift(truncate(time.Now())), true}
		}
		return m, nil
	}
	for _, name := range []string{"truncateExpected", "applyTruncationLast", "expectedOffset", "expectedOffsetUnit"} {
		if _, ok := fields[name]; ok {
			return nil, ErrorAt("/"+name, fmt.Errorf("%s can be used with now alone", name))
		}
	}
	fixed, ok := parseDateTime(text)
	if !ok {
		return nil, fmt.Errorf("%q is no date such as 2021-06-24T12:00:00Z, 2021-06-24 or now -3 days", Shortened(text))
	}
	m.expected = func() moment { return fixed }
	return m, nil
}

func (m dateTime) matches(b *effort.Budget, t *Text, _ []*Text) bool {
	if t == nil {
		return false
	}
	actual, ok := m.parse(t.text)
	if !ok {
		return false
	}
	actual.Time = m.truncate(actual.Time)
	expected := m.expected()
	switch {
	case expected.zoned && !actual.zoned:
		actual.Time = inZone(actual.Time, time.Local)
	case !expected.zoned && actual.zoned:
		actual.Time = inZone(actual.Time, time.UTC)
	}
	by := actual.Compare(expected.Time)
	return m.name == "before" && by < 0 || m.name == "after" && by > 0 || m.name == "equalToDateTime" && by == 0
}

func (m dateTime) difference(*effort.Budget, *Text) string { return "" }
func (m dateTime) String() string                          { return fmt.Sprintf("%s %q", m.name, m.text) }

// inZone returns the time at which clocks of a zone have the same reading.
func inZone(t time.Time, zone *time.Location) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), zone)
}

// Layouts of dates with and without a zone that WireMock reads without a format.
var (
	zonedLayouts = []string{
		"2006-01-02T15:04:05Z07:00", "2006-01-02T15:04Z07:00", "Mon, _2 Jan 2006 15:04:05 -0700", "Mon, _2 Jan 2006 15:04:05 GMT",
		"Monday, 02-Jan-06 15:04:05 GMT", "Mon Jan _2 15:04:05 2006",
	}
	localLayouts = []string{"2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02", "2006-01", "2006"}
	zoneName     = regexp.MustCompile(`\[[\w/+-]+\]$`)
)

func parseDateTime(text string) (moment, bool) {
	text = zoneName.ReplaceAllString(text, "") // the offset before it says it all
	for i, layout := range slices.Concat(zonedLayouts, localLayouts) {
		if t, err := time.Parse(layout, text); err == nil {
			return moment{t, i < len(zonedLayouts)}, true
		}
	}
	return moment{}, false
}

// dateTimeParser returns a parser for dates in a format in the letters of Java,
// in seconds ("unix") or in milliseconds ("epoch"). It is blank for the usual
// formats.
func dateTimeParser(format string) (func(string) (moment, bool), error) {
	switch strings.ToLower(format) {
	case "":
		return parseDateTime, nil
	case "unix", "epoch":
		unit := time.Millisecond
		if strings.EqualFold(format, "unix") {
			unit = time.Second
		}
		return func(text string) (moment, bool) {
			n, err := strconv.ParseInt(text, 10, 64)
			if unit == time.Second {
				return moment{time.Unix(n, 0).UTC(), true}, err == nil
			}
			return moment{time.UnixMilli(n).UTC(), true}, err == nil
		}, nil
	}
	layout, err := javaLayout(format)
	if err != nil {
		return nil, err
	}
	zoned := strings.Contains(layout, "Z07") || strings.Contains(layout, "-07")
	return func(text string) (moment, bool) {
		t, err := time.Parse(layout, text)
		return moment{t, zoned}, err == nil
	}, nil
}

var javaLetters = map[string]string{
	"yyyy": "2006", "uuuu": "2006", "yy": "06", "MMMM": "January", "MMM": "Jan", "MM": "01", "M": "1", "dd": "02", "d": "2",
	"HH": "15", "H": "15", "hh": "03", "h": "3", "mm": "04", "m": "4", "ss": "05", "s": "5", "a": "PM", "EEEE": "Monday", "EEE": "Mon", "E": "Mon",
	"S": "0", "SS": "00", "SSS": "000", "SSSSSS": "000000", "SSSSSSSSS": "000000000",
	"XXX": "Z07:00", "XX": "Z0700", "X": "Z07", "xxx": "-07:00", "xx": "-0700", "Z": "-0700",
}

var javaToken = regexp.MustCompile(`'[^']*'|y+|u+|M+|d+|H+|h+|m+|s+|S+|a+|E+|X+|x+|Z+|[^A-Za-z']|.`)

// javaLayout returns Go's layout for a format in the letters of Java.
func javaLayout(format string) (string, error) {
	var b strings.Builder
	for _, token := range javaToken.FindAllString(format, -1) {
		layout, ok := javaLetters[token]
		switch {
		case ok:
			b.WriteString(layout)
		case token == "''":
			b.WriteByte('\'')
		case token[0] == '\'' && len(token) > 1 && isLiteral(token[1:len(token)-1]):
			b.WriteString(token[1 : len(token)-1])
		case strings.ContainsAny(token, "/-.,:; \t()[]"):
			b.WriteString(token)
		default:
			return "", fmt.Errorf("%q of the format %q can't be used here: use the letters %s, a text in '', or unix or epoch", token, Shortened(format), "yMdHhmsSaEXxZ")
		}
	}
	return b.String(), nil
}

// isLiteral reports whether Go's layouts take a text for nothing but itself.
func isLiteral(text string) bool {
	return time.Date(1987, 6, 25, 16, 48, 39, 123456789, time.UTC).Format(text) == text
}

var truncations = map[string]func(t time.Time) time.Time{
	"first second of minute":  func(t time.Time) time.Time { return t.Truncate(time.Minute) },
	"first minute of hour":    func(t time.Time) time.Time { return clock(t, t.Year(), t.Month(), t.Day(), t.Hour()) },
	"first hour of day":       func(t time.Time) time.Time { return clock(t, t.Year(), t.Month(), t.Day(), 0) },
	"first day of month":      func(t time.Time) time.Time { return clock(t, t.Year(), t.Month(), 1, 0) },
	"first day of next month": func(t time.Time) time.Time { return clock(t, t.Year(), t.Month()+1, 1, 0) },
	"last day of month":       func(t time.Time) time.Time { return clock(t, t.Year(), t.Month()+1, 0, 0) },
	"first day of year":       func(t time.Time) time.Time { return clock(t, t.Year(), 1, 1, 0) },
	"first day of next year":  func(t time.Time) time.Time { return clock(t, t.Year()+1, 1, 1, 0) },
	"last day of year":        func(t time.Time) time.Time { return clock(t, t.Year(), 12, 31, 0) },
}

func clock(t time.Time, year int, month time.Month, day, hour int) time.Time {
	return time.Date(year, month, day, hour, 0, 0, 0, t.Location())
}

func truncation(name string) (func(time.Time) time.Time, error) {
	if name == "" {
		return func(t time.Time) time.Time { return t }, nil
	}
	plain := strings.ToLower(strings.ReplaceAll(name, "_", " "))
	if f, ok := truncations[plain]; ok {
		return f, nil
	}
	return nil, errors.New(Unknown("truncation", plain, slices.Sorted(maps.Keys(truncations))))
}

var nowText = regexp.MustCompile(`(?i)^(?:now )?([-+]?[0-9]+) ([a-z]+)$`)

// offset returns how far from now a text such as "now -3 days" is, and reports
// whether it is one. Plain "now" has the offset of the options.
func offset(text string, amount int, unit string) (func(time.Time) time.Time, bool, error) {
	if parts := nowText.FindStringSubmatch(text); parts != nil {
		var err error
		if amount, err = strconv.Atoi(parts[1]); err != nil {
			return nil, true, err
		}
		unit = parts[2]
	} else if !strings.EqualFold(text, "now") {
		return nil, false, nil
	}
	switch strings.ToLower(unit) {
	case "seconds":
		return func(t time.Time) time.Time { return t.Add(time.Duration(amount) * time.Second) }, true, nil
	case "minutes":
		return func(t time.Time) time.Time { return t.Add(time.Duration(amount) * time.Minute) }, true, nil
	case "hours":
		return func(t time.Time) time.Time { return t.Add(time.Duration(amount) * time.Hour) }, true, nil
	case "days":
		return func(t time.Time) time.Time { return t.AddDate(0, 0, amount) }, true, nil
	case "months":
		return func(t time.Time) time.Time { return addMonths(t, amount) }, true, nil
	case "years":
		return func(t time.Time) time.Time { return addMonths(t, 12*amount) }, true, nil
	default:
		return nil, true, errors.New(Unknown("unit", unit, []string{"seconds", "minutes", "hours", "days", "months", "years"}))
	}
}

// addMonths returns the same day of another month, or the month's last one.
func addMonths(t time.Time, n int) time.Time {
	moved := t.AddDate(0, n, 0)
	if moved.Day() != t.Day() {
		return moved.AddDate(0, 0, -moved.Day())
	}
	return moved
}
