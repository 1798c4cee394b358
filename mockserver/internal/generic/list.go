package generic

import (
	"cmp"
	"encoding/json"
	"maps"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/decode"
	"github.com/losantmock/losantmock/contract/filter"
	"github.com/losantmock/losantmock/contract/pairs"
	"github.com/losantmock/losantmock/mockserver/internal/resources"
	"github.com/losantmock/losantmock/mockserver/internal/wire"
	"github.com/tidwall/gjson"
)

// list responds with the items of a collection that the query wants.
func (s *Server) list(c *Call, p *pairs.Pair) *wire.Response {
	place := s.place(c, p)
	s.seed(c, p, place.Parents)
	l, refusal := c.listing(p)
	if refusal != nil {
		return refusal
	}
	page, total := s.items.List(place, l)
	if c.wants(pairs.Before) {
		slices.Reverse(page)
	}
	more := l.Offset+len(page) < total
	if c.Context != nil && c.Context.Err() != nil {
		gone := wire.Error(http.StatusGatewayTimeout, "Timeout", "The caller has gone")
		gone.ClientGone = true
		return gone
	}
	size := 512
	for _, item := range page {
		size += len(item.JSON) + 640
	}
	b := append(make([]byte, 0, size), `{"count":`...)
	b = append(strconv.AppendInt(b, int64(len(page)), 10), `,"items":[`...)
	for i, item := range page {
		if i > 0 {
			b = append(b, ',')
		}
		b = s.appendItem(b, c, p, item)
	}
	b = append(b, ']')
	b = s.appendEcho(b, c, p, total, more)
	b = c.HAL(p.Collection).AppendTo(b, c.inPath)
	return &wire.Response{Status: c.statusOfBody(), Body: b}
}

// appendEcho appends what a list repeats of its request, as far as its schema has it: a
// list that is documented as an item has all of it.
func (s *Server) appendEcho(b []byte, c *Call, p *pairs.Pair, total int, more bool) []byte {
	schema := s.state.API.Schema(c.success.Schema)
	names := s.propertiesOf(schema).Names
	isList := slices.Contains(names, "items")
	write := func(name string, value json.RawMessage) {
		if value != nil && (!isList || slices.Contains(names, name)) {
			b = append(append(b, `,"`+name+`":`...), value...)
		}
	}
	for _, step := range p.Parents {
		write(step.Param, quoted(c.Values.Path[step.Param]))
	}
	for i := range c.Operation.Params {
		param := &c.Operation.Params[i]
		text, given := c.text(param.Name), c.Values.Query[param.Name].Given
		switch {
		case param.In != "query", text == "" && !given:
		case param.Whole != nil || pairs.IsNumber(param.Name):
			if n, err := strconv.Atoi(text); err == nil {
				write(param.Name, strconv.AppendInt(nil, int64(n), 10))
			}
		case c.Values.Query[param.Name].Body != nil:
			value := wire.AppendJSON(nil, c.Values.Query[param.Name].Body)
			if accepts(schema, param.Name, value) {
				write(param.Name, value)
			}
		case param.Type == "object":
			if value := []byte(text); json.Valid(value) && accepts(schema, param.Name, value) {
				write(param.Name, wire.AppendJSON(nil, json.RawMessage(value)))
			}
		default:
			if value := quoted(text); param.Schema == "" || accepts(schema, param.Name, value) {
				write(param.Name, value)
			}
		}
	}
	write("totalCount", strconv.AppendInt(nil, int64(total), 10))
	for _, name := range pairs.Named(pairs.More) {
		if slices.Contains(names, name) {
			write(name, strconv.AppendBool(nil, more))
		}
	}
	return b
}

// accepts reports whether a schema accepts a value as a property.
func accepts(schema *contract.Schema, property string, value []byte) bool {
	return schema == nil || !slices.ContainsFunc(schema.CheckAll("", object{{property, value}}.decoded()), func(v contract.Violation) bool {
		return len(v.Path) > 0 && v.Path[0] == property
	})
}

// text returns a parameter of the query, or its default.
func (c *Call) text(name string) string { return c.Values.Text(c.Operation, name) }

// number returns a parameter of the query that is a whole number; the fallback where
// there is none.
func (c *Call) number(name string, fallback int) int {
	if n, err := strconv.Atoi(c.text(name)); err == nil && n >= 0 {
		return n
	}
	return fallback
}

// listing returns what a query wants of a collection.
func (c *Call) listing(p *pairs.Pair) (resources.Listing, *wire.Response) {
	l := resources.Listing{Descending: c.text("sortDirection") == "desc", Limit: math.MaxInt32}
	l.SortField = c.text("sortField")
	if pairs.Has(c.Operation, "sortColumn") {
		l.SortField = c.text("sortColumn")
	}
	if pairs.Has(c.Operation, "perPage") {
		l.Limit = c.number("perPage", 100)
		l.Offset = c.number("page", 0) * l.Limit
	} else if pairs.Has(c.Operation, "limit") {
		l.Limit, l.Offset = c.number("limit", 1000), c.number("offset", 0)
	}
	var all []func(*resources.Item) bool
	if matches := c.byPlace(); matches != nil {
		all = append(all, matches)
	}
	// What comes in front of an item begins with the one before it.
	l.Descending = l.Descending != c.wants(pairs.Before)
	criteria := []func(*pairs.Pair) (func(*resources.Item) bool, *wire.Response){c.byQuery, c.byGlob, c.byTags}
	if c.text("query") != "" && pairs.Overrides(c.Operation) {
		criteria = criteria[:1]
	} else {
		wanted := c.wanted(p)
		l.Having = having(p, wanted)
		if matches := byProperties(wanted); matches != nil {
			all = append(all, matches)
		}
	}
	for _, criterion := range criteria {
		matches, refusal := criterion(p)
		if refusal != nil {
			return l, refusal
		}
		if matches != nil {
			all = append(all, matches)
		}
	}
	if len(all) > 0 {
		l.Matches = func(item *resources.Item) bool {
			if c.Context != nil && c.Context.Err() != nil {
				return false // nobody waits for it
			}
			return !slices.ContainsFunc(all, func(matches func(*resources.Item) bool) bool { return !matches(item) })
		}
	}
	return l, nil
}

// wants reports whether a query has a parameter that the list has.
func (c *Call) wants(param string) bool { return c.text(param) != "" && pairs.Has(c.Operation, param) }

// byPlace matches what comes behind the item that the query names, in the order in which
// the list is read; nil for all. It sees every item of the list, in this order.
func (c *Call) byPlace() func(*resources.Item) bool {
	for _, param := range []string{pairs.Before, pairs.After} {
		if c.wants(param) {
			passed := false
			return func(item *resources.Item) bool {
				is := passed
				passed = passed || pairs.SameID(item.ID, c.text(param))
				return is
			}
		}
	}
	return nil
}

// byGlob matches the field of filterField against the glob of filter.
func (c *Call) byGlob(*pairs.Pair) (func(*resources.Item) bool, *wire.Response) {
	field, text := cmp.Or(c.text("filterField"), pairs.FilterField(c.Operation)), c.text("filter")
	if text == "" || !pairs.Has(c.Operation, "filter") {
		return nil, nil
	}
	glob, problem := filter.Compile(text)
	switch {
	case problem != nil:
		return nil, wire.Invalid(&contract.Violation{Field: "filter", What: problem.What, Detail: problem.Detail})
	case field == "":
		return nil, nil
	}
	return func(item *resources.Item) bool { return glob.Match(strings.ToLower(item.Text(field))) }, nil
}

// wanted returns the properties that parameters of the list are about, with the texts any of
// which each is to have.
func (c *Call) wanted(p *pairs.Pair) map[string][]string {
	wanted := map[string][]string{}
	for param, property := range p.Filters() {
		v, given := c.Values.Query[param]
		if !given {
			v.Text = c.text(param)
		}
		if texts := textsOf(v); len(texts) > 0 && pairs.Has(c.Operation, param) {
			wanted[property] = texts
		}
	}
	return wanted
}

// having takes the properties that are to have one text out of those that are wanted, in the
// order of their names.
func having(p *pairs.Pair, wanted map[string][]string) (having []resources.Having) {
	for _, property := range slices.Sorted(maps.Keys(wanted)) {
		if texts := wanted[property]; len(texts) == 1 && !p.ListsItems(property) {
			having = append(having, resources.Having{Property: property, Text: texts[0]})
			delete(wanted, property)
		}
	}
	return having
}

// byProperties matches the properties that are to have one of several texts, or that are to
// list an item; nil for all.
func byProperties(wanted map[string][]string) func(*resources.Item) bool {
	if len(wanted) == 0 {
		return nil
	}
	return func(item *resources.Item) bool {
		for property, texts := range wanted {
			values := []gjson.Result{item.Property(property)}
			if values[0].IsArray() {
				values = values[0].Get("#.id").Array()
			}
			if !slices.ContainsFunc(values, func(value gjson.Result) bool {
				has := pairs.Fold(property, value.String())
				return slices.ContainsFunc(texts, func(text string) bool { return pairs.Fold(property, text) == has })
			}) {
				return false
			}
		}
		return true
	}
}

// textsOf returns the texts that a parameter was given as; none for a blank one.
func textsOf(v decode.Value) (texts []string) {
	list, _ := v.Body.([]any)
	for _, one := range list {
		if text, ok := one.(string); ok && text != "" {
			texts = append(texts, text)
		}
	}
	if list == nil && v.Text != "" {
		texts = []string{v.Text}
	}
	return texts
}

// byTags matches the tags of an item: each pair of the filter has to be among them. A
// pair may lack the key or the value.
func (c *Call) byTags(*pairs.Pair) (func(*resources.Item) bool, *wire.Response) {
	param := pairs.Named(pairs.Tags)[0]
	wanted, _ := c.Values.Query[param].Body.([]any)
	if len(wanted) == 0 || !pairs.Has(c.Operation, param) {
		return nil, nil
	}
	return func(item *resources.Item) bool {
		tags := item.Property(pairs.Is(pairs.Tags, param)).Array()
		return !slices.ContainsFunc(wanted, func(pair any) bool {
			fields, _ := pair.(map[string]any)
			return !slices.ContainsFunc(tags, func(tag gjson.Result) bool {
				return (fields["key"] == nil || fields["key"] == tag.Get("key").String()) &&
					(fields["value"] == nil || fields["value"] == tag.Get("value").String())
			})
		})
	}, nil
}
