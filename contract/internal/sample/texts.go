package sample

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/losantmock/losantmock/contract"
)

// AcceptedTexts returns texts that the parameter allows.
func AcceptedTexts(p *contract.Param) []string {
	texts := slices.Clone(p.Enum)
	if p.Whole != nil {
		texts = append(texts, strconv.Itoa(p.Whole.Min), strconv.Itoa(p.Whole.Min+1))
	}
	if p.Name == "perPage" {
		texts = append(texts, strconv.Itoa(p.Whole.Max)) // which is ours: another one is news
	}
	if p.BlankIsNone || p.Name == "filter" {
		texts = append(texts, "")
	}
	if len(texts) == 0 || p.Name == "filter" {
		texts = append(texts, p.ExampleText())
	}
	return texts
}

// Refused returns a parameter with a value that is refused, as a query; with a blank one
// where all are accepted.
func Refused(p *contract.Param) string {
	return p.Name + "=" + url.QueryEscape(append(RefusedTexts(p), "")[0])
}

// Orders returns the queries of all orders that the list of an operation has.
func Orders(op *contract.Operation) []string {
	var queries []string
	for i := range op.Params {
		if op.Params[i].Name == "sortField" {
			for _, field := range op.Params[i].Enum {
				queries = append(queries, "sortField="+field+"&sortDirection=asc", "sortField="+field+"&sortDirection=desc")
			}
		}
	}
	return queries
}

// oddTexts are taken for something else by some programs: numbers, other values, dates,
// templates, the end of a text or of a line.
var oddTexts = []string{
	"0123", "12e3", "true", "null", "{}", "2016-06-13T04:00:00.000Z", "575ed78e7ae143cd83dc4aab", "${a}{{b}}<%c%>$(d)",
	"a\x00b", "a\u2028b\u2029c\u0085d\re", "a\u00adb\u200bc\ufeffd", "e\u0301 \u00e9 \u212b", "\\ \\n \\\" ' '' \x7f",
}

// OddTexts returns changes of a webhook after which each of its texts has had each of the
// values that programs take for something else. The name, which others are found by, and
// enums are left out.
func OddTexts() []map[string]any {
	var bodies []map[string]any
	for shift := range oddTexts {
		body := map[string]any{}
		for i, name := range []string{"description", "verificationCode", "basicAuthUsername", "basicAuthPassword"} {
			body[name] = oddTexts[(shift+i)%len(oddTexts)]
		}
		bodies = append(bodies, body)
	}
	return bodies
}

// Statuses returns those of HTTP that have a name.
func Statuses() []float64 {
	var statuses []float64
	for status := 100; status < 600; status++ {
		if http.StatusText(status) != "" {
			statuses = append(statuses, float64(status))
		}
	}
	return statuses
}

// RefusedTexts returns texts that the parameter does not allow. Its maximum is not
// public, so that none is too large.
func RefusedTexts(p *contract.Param) []string {
	switch {
	case len(p.Enum) > 0:
		others := []string{"no-such-value", strings.ToUpper(p.Enum[0]), "description"}
		if !p.BlankIsNone {
			others = append(others, "")
		}
		return others
	case p.Whole != nil:
		return []string{strconv.Itoa(p.Whole.Min - 1), "x", "1.5"}
	case p.Pattern != "":
		return []string{"x", p.ExampleText() + "0"}
	default:
		return nil
	}
}
