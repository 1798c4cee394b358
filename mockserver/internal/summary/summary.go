// Package summary writes how much a thing has: the summaries of an application, of an
// organization and of the user.
package summary

import (
	"slices"
	"strconv"
	"strings"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/pairs"
	"github.com/losantmock/losantmock/mockserver/internal/wire"
)

// Summary has the counts of a summary, in the order of its schema.
type Summary []Count

// Count is one of the counts. Nothing says what it counts but its name.
type Count struct {
	contract.Count
	// Below is the collection below an application that it counts, and Root the collection
	// below nothing; nil for none.
	Below, Root *pairs.Pair
}

// Of returns the summary of a schema; none for a schema without one. Kind is what owns the
// things that it counts: "application", "user".
func Of(table *pairs.Table, schema *contract.Schema, kind string) (s Summary) {
	if schema == nil {
		return nil
	}
	for _, count := range schema.Counts(pairs.Summary) {
		s = append(s, Count{count, table.Counted(table.Pair("applications"), count.Name, "application"), table.Counted(nil, count.Name, kind)})
	}
	return s
}

// Wanted are the counts that a query wants, by default all. How the real API reads the two
// lists where both are given is not public: what is excluded is left out.
type Wanted struct{ included, excluded []string }

// WantedBy returns what the parameters summaryInclude and summaryExclude want.
func WantedBy(included, excluded string) Wanted {
	return Wanted{listOf(included), listOf(excluded)}
}

func (w Wanted) wants(name string) bool {
	return (w.included == nil || slices.Contains(w.included, name)) && !slices.Contains(w.excluded, name)
}

// listOf returns the texts of a list with commas; nil for a blank one.
func listOf(text string) []string {
	if text == "" {
		return nil
	}
	list := strings.Split(text, ",")
	for i := range list {
		list[i] = strings.TrimSpace(list[i])
	}
	return list
}

// Append writes the counts that are wanted. The function returns how much there is of one,
// or that nothing of it is known: it is then what the schema has as nothing.
func (s Summary) Append(b []byte, wanted Wanted, count func(Count) (n int, known bool)) []byte {
	b = append(b, '{')
	separator := ""
	for _, c := range s {
		if !wanted.wants(c.Name) {
			continue
		}
		b = append(b, separator...)
		b = append(wire.AppendText(b, c.Name), ':')
		if n, known := count(c); known {
			b = strconv.AppendInt(b, int64(n), 10)
		} else {
			b = append(b, c.Zero...)
		}
		separator = ","
	}
	return append(b, '}')
}
