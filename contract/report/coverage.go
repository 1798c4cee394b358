package report

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
)

// Coverage counts the responses to the requests of an operation, or to those that
// had one of its parameters.
type Coverage struct {
	Operation string `json:"operation"`
	// Parameter is blank for all requests of the operation.
	Parameter string `json:"parameter,omitempty"`
	// Responses counts the responses by their status. A documented status that
	// was not received has 0.
	Responses map[int]int `json:"responses"`
	// Reason says why the run has sent no such request, or which documented
	// statuses it has not received; blank where nothing is missing.
	Reason string `json:"reason,omitempty"`
}

// coverageTable returns the coverage as a heading and rows of cells.
func (r *Report) coverageTable() [][]string {
	all := map[int]bool{}
	for _, c := range r.Coverage {
		for status := range c.Responses {
			all[status] = true
		}
	}
	statuses := slices.Sorted(maps.Keys(all))
	heading := []string{"Operation", "Parameter"}
	for _, status := range statuses {
		heading = append(heading, strconv.Itoa(status))
	}
	rows := [][]string{append(heading, "Not tried")}
	for _, c := range r.Coverage {
		row := []string{c.Operation, c.Parameter}
		for _, status := range statuses {
			row = append(row, cell(c.Responses, status))
		}
		rows = append(rows, append(row, c.Reason))
	}
	return rows
}

// cell returns the count of a status: "-" for a documented one that was not
// received, blank for any other.
func cell(responses map[int]int, status int) string {
	count, ok := responses[status]
	switch {
	case !ok:
		return ""
	case count == 0:
		return "-"
	default:
		return strconv.Itoa(count)
	}
}

// WriteCoverage writes the coverage as a table for people.
func (r *Report) WriteCoverage(w io.Writer) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, row := range r.coverageTable() {
		fmt.Fprintln(table, strings.TrimRight(strings.Join(row, "\t"), "\t"))
	}
	return table.Flush()
}

// writeMarkdownCoverage writes the coverage as a table that is folded.
func (r *Report) writeMarkdownCoverage(w io.Writer) {
	if len(r.Coverage) == 0 {
		return
	}
	fmt.Fprint(w, "\n<details><summary>Coverage</summary>\n\n")
	for i, row := range r.coverageTable() {
		fmt.Fprintf(w, "| %s |\n", strings.Join(row, " | "))
		if i == 0 {
			fmt.Fprintf(w, "|%s\n", strings.Repeat("---|", len(row)))
		}
	}
	fmt.Fprint(w, "\n</details>\n")
}
