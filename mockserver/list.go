package mockserver

import (
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/decode"
)

// listing is what a caller wants of a list.
type listing struct {
	sortField, sortDirection string
	page, perPage            int
	filterField, filter      decode.Value
	glob                     *contract.Filter // nil for all
}

func (c *call) listing() listing {
	// The contract let only whole numbers pass.
	page, _ := strconv.Atoi(c.text("page"))
	perPage, _ := strconv.Atoi(c.text("perPage"))
	l := listing{
		sortField:     c.text("sortField"),
		sortDirection: c.text("sortDirection"),
		page:          page,
		perPage:       perPage,
		filterField:   c.values.Query["filterField"],
		filter:        c.values.Query["filter"],
	}
	if l.filterField.Text != "" {
		l.glob = c.filter
	}
	return l
}

func (l listing) descending() bool { return l.sortDirection == "desc" }
func (l listing) offset() int      { return l.page * l.perPage }

// list takes from a collection of the store what the caller wants, and reports
// how many there are in all. The store's lock is held for a page at the most: a
// filter is matched against a snapshot.
//
// A filter that begins with letters is matched against the names that begin so
// alone, where those are few: named makes a thing that sorts before them.
func list[T any](mu *sync.RWMutex, all collection[T], l listing, lowerName func(T) string, named func(string) T) ([]T, int) {
	if l.glob == nil {
		mu.RLock()
		defer mu.RUnlock()
		return all.page(l.sortField, l.descending(), l.offset(), l.perPage), all.len()
	}
	mu.Lock()
	snapshot, byName := all.snapshot(l.sortField), all.snapshot(lowerNameOrder)
	mu.Unlock()
	if prefix := l.glob.Prefix(); prefix != "" {
		if few, ok := beginning(byName, named(prefix), func(thing T) (begins, matches bool) {
			name := lowerName(thing)
			return strings.HasPrefix(name, prefix), l.glob.Match(name)
		}); ok {
			return pageOf(few, all.ordering[l.sortField].compare, l), len(few)
		}
	}
	return matching(snapshot, l.descending(), l.offset(), l.perPage, func(thing T) bool {
		return l.glob.Match(lowerName(thing))
	})
}

// pageOf sorts a few things and gives a page of them.
func pageOf[T any](things []T, compare func(a, b T) int, l listing) []T {
	slices.SortFunc(things, compare)
	if l.descending() {
		slices.Reverse(things)
	}
	begin := min(l.offset(), len(things))
	return things[begin:min(begin+l.perPage, len(things))]
}

// listFrameSize is about how many bytes appendCollection writes beside the
// items and the filter.
const listFrameSize = 256

// appendCollection writes a list in the order of keys of the real API. The
// place of filterField and filter is not public; this one is ours.
func appendCollection(b []byte, l listing, count, total int, applicationID string, items func([]byte) []byte) []byte {
	b = append(b, `{"count":`...)
	b = strconv.AppendInt(b, int64(count), 10)
	b = append(b, `,"items":[`...)
	b = append(items(b), ']')
	if applicationID != "" {
		b = appendText(append(b, `,"applicationId":`...), applicationID)
	}
	b = strconv.AppendInt(append(b, `,"perPage":`...), int64(l.perPage), 10)
	b = strconv.AppendInt(append(b, `,"page":`...), int64(l.page), 10)
	b = appendText(append(b, `,"sortField":`...), l.sortField)
	b = appendText(append(b, `,"sortDirection":`...), l.sortDirection)
	if l.filterField.Given {
		b = appendText(append(b, `,"filterField":`...), l.filterField.Text)
	}
	if l.filter.Given {
		b = appendText(append(b, `,"filter":`...), l.filter.Text)
	}
	return strconv.AppendInt(append(b, `,"totalCount":`...), int64(total), 10)
}

// checkFilter compiles the filter of a list, and refuses one that can't be
// matched in the grammar of the API's own violations.
func (c *call) checkFilter() *reply {
	v := c.values.Query["filter"]
	if v.Text == "" || !c.takes("filter") {
		return nil
	}
	filter, violation := contract.CompileFilter(v.Text)
	if violation != nil {
		return invalid(violation)
	}
	c.filter = filter
	return nil
}

func (c *call) takes(param string) bool {
	for i := range c.op.Params {
		if c.op.Params[i].Name == param {
			return true
		}
	}
	return false
}
