package contract

import (
	"slices"
	"strconv"
	"strings"

	"github.com/losantmock/losantmock/contract/filter"
	"github.com/losantmock/losantmock/contract/internal/collation"
)

// checkList checks that a list is the one that was requested: its parameters,
// its counts, its order and its filter.
func (c *checking) checkList() bool {
	items, isList := c.fields["items"].([]any)
	if !isList {
		return true
	}
	c.checkText(CheckSorting, "sortField")
	c.checkText(CheckSorting, "sortDirection")
	for _, name := range []string{"filterField", "filter"} {
		if c.text(name) != "" {
			c.checkText(CheckFiltering, name)
		}
	}
	c.checkCounts(float64(len(items)))
	c.checkOrder(items)
	c.checkFiltered()
	return true
}

func (c *checking) checkCounts(count float64) {
	perPage, page := c.number("perPage"), c.number("page")
	total, place := c.count("totalCount"), c.schema.Name+"."
	if got := c.count("count"); got != count {
		c.breaks(Documented, CheckPagination, place+"count", "want %v, the number of items, got %v", count, got)
	}
	if count > perPage {
		c.breaks(Documented, CheckPagination, place+"items", "want at most perPage, %v, got %v", perPage, count)
	}
	switch least := page*perPage + count; {
	case count > 0 && total < least:
		c.breaks(Documented, CheckPagination, place+"totalCount", "want at least %v, what came so far, got %v", least, total)
	case count > 0 && count < perPage && total != least:
		c.breaks(Documented, CheckPagination, place+"totalCount", "want %v, since this page is the last, got %v", least, total)
	case count == 0 && total > page*perPage:
		c.breaks(Documented, CheckPagination, place+"items", "want items up to %v, got none", total)
	}
}

// number returns a number of the request, which the response has to repeat, or the
// smaller one that the API took in place of a page that is too large for it.
func (c *checking) number(name string) float64 {
	want, _ := strconv.ParseFloat(c.text(name), 64)
	got := c.count(name)
	if got == want {
		return want
	}
	source := Documented
	if name == "perPage" && got >= documentedPerPage && got < want {
		source, want = Ours, got
	}
	c.breaks(source, CheckPagination, c.schema.Name+"."+name, "want %s, as requested, got %v", c.text(name), got)
	return want
}

// count returns a number of the response; 0 where there is none.
func (c *checking) count(name string) float64 {
	n, _ := c.fields[name].(float64)
	return n
}

// checkText checks that the response repeats a text of the request; a direction in any case.
func (c *checking) checkText(check CheckName, name string) {
	if got, _ := c.fields[name].(string); got != c.text(name) && (name != "sortDirection" || !strings.EqualFold(got, c.text(name))) {
		c.breaks(Documented, check, c.schema.Name+"."+name, "want %q, as requested, got %s", c.text(name), Brief(c.fields[name]))
	}
}

// checkOrder checks that a list is in the order that was requested. Names may be
// sorted in several ways: a list that none of them explains is in no order.
func (c *checking) checkOrder(items []any) {
	field := c.text("sortField")
	var keys []string
	for _, item := range items {
		fields, _ := item.(map[string]any)
		key, ok := fields[field].(string)
		if !ok {
			return // the schema reports it
		}
		if field != "name" {
			key = strings.ToLower(key) // ids are the same in either case
		}
		keys = append(keys, key)
	}
	if c.text("sortDirection") == "desc" {
		slices.Reverse(keys)
	}
	if slices.IsSorted(keys) {
		return
	}
	source := Documented
	if field == "name" && collation.Sorted(keys) {
		source = Ours // which of the ways to sort names is the API's is not public
	}
	at := 1
	for keys[at-1] <= keys[at] {
		at++
	}
	c.breaks(source, CheckSorting, c.schema.Name+".items", "want them by %s %s, but %q and %q are the wrong way round",
		field, c.text("sortDirection"), keys[at-1], keys[at])
}

func (c *checking) checkFiltered() {
	field := c.text("filterField")
	wanted, problem := filter.Compile(c.text("filter"))
	if field == "" || c.text("filter") == "" || problem != nil {
		return
	}
	c.things(func(place string, fields map[string]any) {
		if text, ok := fields[field].(string); ok && !wanted.Match(strings.ToLower(text)) {
			c.breaks(Inferred, CheckFiltering, place+"."+field, "%q does not match the filter %q", text, c.text("filter"))
		}
	})
}
