package mockserver

import (
	"strconv"

	"github.com/losantmock/losantmock/contract"
)

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

// listKey is all that a list depends on beside the webhooks.
type listKey struct {
	listing listing
	added   hal
}

// key is a listing by what was asked for; how its filter is compiled follows
// from that.
func (l listing) key() listing {
	l.glob = nil
	l.filter.Body, l.filterField.Body = nil, nil
	return l
}
