package api

import (
	"strconv"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/filter"
	"github.com/losantmock/losantmock/mockserver/internal/hal"
	"github.com/losantmock/losantmock/mockserver/internal/state"
	"github.com/losantmock/losantmock/mockserver/internal/wire"
)

// listing returns the page that the query wants.
func (c *Call) listing() state.Listing {
	// The contract lets whole numbers alone pass.
	page, _ := strconv.Atoi(c.Text("page"))
	perPage, _ := strconv.Atoi(c.Text("perPage"))
	l := state.Listing{
		SortField:     c.Text("sortField"),
		SortDirection: c.Text("sortDirection"),
		Page:          page,
		PerPage:       perPage,
		FilterField:   c.values.Query["filterField"],
		Filter:        c.values.Query["filter"],
	}
	if l.FilterField.Text != "" {
		l.Glob = c.filter
	}
	return l
}

// listFrameSize is about how many bytes appendCollection writes, without the
// items and the filter.
const listFrameSize = 256

// appendCollection appends a list, with the real API's order of keys. The place of
// filterField and filter is not public; this one is ours.
func appendCollection(b []byte, l state.Listing, count, total int, applicationID string, items func([]byte) []byte) []byte {
	b = append(b, `{"count":`...)
	b = strconv.AppendInt(b, int64(count), 10)
	b = append(b, `,"items":[`...)
	b = append(items(b), ']')
	if applicationID != "" {
		b = wire.AppendText(append(b, `,"applicationId":`...), applicationID)
	}
	b = strconv.AppendInt(append(b, `,"perPage":`...), int64(l.PerPage), 10)
	b = strconv.AppendInt(append(b, `,"page":`...), int64(l.Page), 10)
	b = wire.AppendText(append(b, `,"sortField":`...), l.SortField)
	b = wire.AppendText(append(b, `,"sortDirection":`...), l.SortDirection)
	if l.FilterField.Given {
		b = wire.AppendText(append(b, `,"filterField":`...), l.FilterField.Text)
	}
	if l.Filter.Given {
		b = wire.AppendText(append(b, `,"filter":`...), l.Filter.Text)
	}
	return strconv.AppendInt(append(b, `,"totalCount":`...), int64(total), 10)
}

// checkFilter compiles the filter of a list. It refuses one that is not valid in
// the words of the API's own violations.
func (c *Call) checkFilter() *wire.Response {
	v := c.values.Query["filter"]
	if v.Text == "" || !c.hasParam("filter") {
		return nil
	}
	compiled, problem := filter.Compile(v.Text)
	if problem != nil {
		return wire.Invalid(&contract.Violation{Field: "filter", What: problem.What, Detail: problem.Detail})
	}
	c.filter = compiled
	return nil
}

func (c *Call) hasParam(param string) bool {
	for i := range c.Operation.Params {
		if c.Operation.Params[i].Name == param {
			return true
		}
	}
	return false
}

// listKey is everything that a list depends on beside the webhooks.
type listKey struct {
	listing state.Listing
	added   hal.HAL
}

// newListKey returns a key without the compiled filter, which follows from its
// text.
func newListKey(l state.Listing, added hal.HAL) listKey {
	l.Glob = nil
	l.Filter.Body, l.FilterField.Body = nil, nil
	return listKey{l, added}
}
