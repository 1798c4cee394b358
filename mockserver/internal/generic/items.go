package generic

import (
	"cmp"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/pairs"
	"github.com/losantmock/losantmock/mockserver/internal/resources"
	"github.com/losantmock/losantmock/mockserver/internal/wire"
	"github.com/tidwall/gjson"
)

// create adds an item, or each of a list.
func (s *Server) create(c *Call) *wire.Response {
	p := c.role.Pair
	if _, isList := c.Values.Body.Body.([]any); isList {
		return s.createAll(c, gjson.Parse(c.Values.Body.JSON).Array())
	}
	item, refusal := s.add(c, c.sent())
	if refusal != nil {
		return refusal
	}
	return s.reply(c, p, item)
}

// createAll adds the items of a list, or none of them. Data tables alone take a list:
// the response has the ids of its rows.
func (s *Server) createAll(c *Call, sent []gjson.Result) *wire.Response {
	ids := []string{}
	for _, one := range sent {
		item, refusal := s.add(c, parse([]byte(one.Raw)))
		if refusal != nil {
			for _, id := range ids {
				s.items.Delete(s.place(c, c.role.Pair), id)
			}
			return refusal
		}
		ids = append(ids, item.ID)
	}
	list, _ := json.Marshal(ids)
	count, _ := json.Marshal(len(ids))
	made := object{{"createdAt", date(c.At)}, {"count", count}, {"rowIds", list}}
	return &wire.Response{Status: c.success.Status, Body: made.JSON()}
}

// add adds an item of what was sent. If a generated id is taken, the next one is
// tried.
func (s *Server) add(c *Call, sent object) (*resources.Item, *wire.Response) {
	item, err := s.put(c, sent)
	if err != nil {
		return nil, s.refused(c.role.Pair, sent, err)
	}
	return item, nil
}

// put is add with the error of the store.
func (s *Server) put(c *Call, sent object) (*resources.Item, error) {
	p, place := c.role.Pair, s.place(c, c.role.Pair)
	for {
		item := s.newItem(c, p, sent)
		err := s.items.Add(place, item)
		generated := sent.get(p.Key) == nil && (p.Alias == "" || sent.get(p.Alias) == nil)
		if !generated || !errors.Is(err, resources.ErrTaken) {
			return item, err
		}
	}
}

// refused returns the response to what could not be added or changed.
func (s *Server) refused(p *pairs.Pair, sent object, err error) *wire.Response {
	switch {
	case errors.Is(err, resources.ErrTaken):
		name := p.Key
		if sent.get(name) == nil {
			name = p.Alias
		}
		return wire.Invalid(&contract.Violation{Field: p.Item.Name + "." + name, What: "is already in use", Detail: sent.text(name)})
	case errors.Is(err, resources.ErrGone): // a parent was deleted meanwhile
		return wire.NotFound(p.Parents[len(p.Parents)-1].Pair.Title)
	default:
		return wire.LimitReached(err)
	}
}

// change merges what was sent into an item.
func (s *Server) change(c *Call, sent object) *wire.Response {
	p := c.role.Pair
	item, err := s.items.Change(s.place(c, p), c.id(), func(was *resources.Item) *resources.Item {
		now := parse(was.JSON).merged(slices.DeleteFunc(slices.Clone(sent), func(m member) bool {
			return slices.Contains(s.blueprint(p).posted, m.name) || m.name == p.Key
		}))
		for _, name := range changes {
			if now.get(name) != nil {
				now = now.with(name, date(c.At))
			}
		}
		now = mended(p.Schema, now, func(name string) bool { return string(sent.get(name)) == "null" })
		now = now.inOrder(s.blueprint(p).names)
		return was.Changed(now.text(p.Alias), now.JSON())
	})
	switch {
	case err != nil:
		return s.refused(p, sent, err)
	case item == nil:
		return wire.NotFound(p.Title)
	default:
		return s.reply(c, p, item)
	}
}

// newItem returns an item of what was sent, with everything that its schema says an
// item has beside it.
func (s *Server) newItem(c *Call, p *pairs.Pair, sent object) *resources.Item {
	b, made, id := s.blueprint(p), object(nil), ""
	if id = sent.text(p.Key); id == "" {
		id = s.newID(c.At)
	}
	for _, name := range b.names {
		value := sent.get(name)
		switch own := c.own(p, name); {
		case name == p.Key || slices.Contains(p.Twins, name):
			value = quoted(id)
		case own != nil:
			value = own
		case value != nil:
		case slices.Contains(dates, name):
			value = date(c.At)
		case slices.Contains(secrets, name) && b.defaults.get(name) != nil:
			value = quoted(s.state.NewToken())
		default:
			value = c.truth(b.defaults.get(name))
		}
		if value != nil {
			made = append(made, member{name, value})
		}
	}
	for _, m := range sent {
		if !slices.Contains(b.names, m.name) && !slices.Contains(b.posted, m.name) {
			made = append(made, m)
		}
	}
	made = mended(p.Schema, made, func(name string) bool {
		return (sent.get(name) == nil || !slices.Contains(b.names, name)) && name != p.Key
	})
	return resources.NewItem(id, made.text(p.Alias), made.JSON())
}

// published returns the item of the published example, under the example of its id.
func (s *Server) published(c *Call, p *pairs.Pair) *resources.Item {
	example := s.example(p.Schema)
	id := cmp.Or(exampleID(p), example.text(p.Key), s.newID(c.At))
	for _, name := range append([]string{p.Key}, p.Twins...) {
		if example.get(name) != nil || slices.Contains(p.Properties(), name) {
			example = example.with(name, quoted(id))
		}
	}
	for i := range example {
		if own := c.own(p, example[i].name); own != nil {
			example = example.with(example[i].name, own)
		} else {
			example = example.with(example[i].name, c.truth(example[i].value))
		}
	}
	return resources.NewItem(id, example.text(p.Alias), example.inOrder(p.Properties()).JSON())
}

// exampleID returns the example of the parameter that has the id of an item.
func exampleID(p *pairs.Pair) string {
	for i := range p.Item.Params {
		if param := &p.Item.Params[i]; param.Name == p.Param {
			return param.ExampleText()
		}
	}
	return ""
}

// own returns the id of a parent of an item, which has a member of that name; nil for
// any other member.
func (c *Call) own(p *pairs.Pair, name string) json.RawMessage {
	for _, parent := range p.Parents {
		if parent.Param == name {
			return quoted(c.Values.Path[name])
		}
	}
	return nil
}

// sent returns the body of a call that is an object; none where there is no body.
func (c *Call) sent() object {
	if c.Values.Body.JSON != "" {
		return parse([]byte(c.Values.Body.JSON))
	}
	fields, _ := c.Values.Body.Body.(map[string]any) // of a form
	return parse(wire.AppendJSON(nil, fields))
}

// newID returns a new id.
func (s *Server) newID(at time.Time) string { return s.state.NewID(at) }

// date returns an instant as JSON.
func date(at time.Time) json.RawMessage {
	return at.UTC().AppendFormat(nil, `"2006-01-02T15:04:05.000Z"`)
}

// additional is what a schema says of an object that has members which it may not have.
const additional = "has additional properties"

// mended returns an object without the members that break its schema, as far as they
// may be left out.
func mended(schema *contract.Schema, o object, optional func(name string) bool) object {
	if schema == nil {
		return o
	}
	for range len(o) {
		v := schema.Check("", decoded(o))
		if v == nil {
			return o
		}
		name, _, _ := strings.Cut(strings.TrimPrefix(v.Field, "."), ".")
		fewer := slices.DeleteFunc(slices.Clone(o), func(m member) bool {
			// What is said of the whole object is that it has further members.
			broken := m.name == name || v.What == additional && !slices.Contains(schema.Properties(), m.name)
			return broken && optional(m.name)
		})
		if len(fewer) == len(o) {
			return o
		}
		o = fewer
	}
	return o
}

func decoded(o object) any {
	var value any
	_ = json.Unmarshal(o.JSON(), &value) // of JSON that was written
	return value
}
