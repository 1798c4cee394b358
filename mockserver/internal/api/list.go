package api

import (
	"strconv"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/mockserver/internal/state"
	"github.com/losantmock/losantmock/mockserver/internal/wire"
)

func (c *Call) listing() state.Listing {
	// The contract let only whole numbers pass.
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

// listFrameSize is about how many bytes appendCollection writes beside the
// items and the filter.
const listFrameSize = 256

// appendCollection writes a list in the order of keys of the real API. The
// place of filterField and filter is not public; this one is ours.
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

// checkFilter compiles the filter of a list, and refuses one that can't be
// matched in the grammar of the API's own violations.
func (c *Call) checkFilter() *wire.Response {
	v := c.values.Query["filter"]
	if v.Text == "" || !c.hasParam("filter") {
		return nil
	}
	filter, violation := contract.CompileFilter(v.Text)
	if violation != nil {
		return wire.Invalid(violation)
	}
	c.filter = filter
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

// listKey is all that a list depends on beside the webhooks.
type listKey struct {
	listing state.Listing
	added   hal
}

// newListKey leaves out how the filter is compiled, which follows from its text.
func newListKey(l state.Listing, added hal) listKey {
	l.Glob = nil
	l.Filter.Body, l.FilterField.Body = nil, nil
	return listKey{l, added}
}
