package generic

import (
	"cmp"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"time"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/decode"
	"github.com/losantmock/losantmock/contract/pairs"
	"github.com/losantmock/losantmock/mockserver/internal/resources"
	"github.com/losantmock/losantmock/mockserver/internal/wire"
	"github.com/tidwall/gjson"
)

// create adds an item, or each of a list.
func (s *Server) create(c *Call) *wire.Response {
	if _, isList := c.Values.Body.Body.([]any); isList {
		return s.createAll(c)
	}
	sent := c.sent()
	item, err := s.put(c, sent)
	if err != nil {
		return s.refused(c, sent, err)
	}
	s.reflect(c, c.role.Pair)
	return s.reply(c, item)
}

// createAll adds the items of a list, or none of them. Data tables alone take a list:
// the response has the ids of its rows.
func (s *Server) createAll(c *Call) *wire.Response {
	var sent []object
	for _, one := range gjson.ParseBytes(wire.AppendJSON(nil, json.RawMessage(c.Values.Body.JSON))).Array() {
		sent = append(sent, parse([]byte(one.Raw)))
	}
	ids, err := s.putAll(s.shape(c, c.role.Pair), sent)
	if err != nil {
		return s.refused(c, object{}, err)
	}
	list, _ := json.Marshal(ids)
	var made object
	for _, name := range s.propertiesOf(s.state.API.Schema(c.success.Schema)).Names {
		switch {
		case pairs.Means(pairs.Created, name):
			made = append(made, member{name, date(c.At)})
		case pairs.Means(pairs.MadeCount, name):
			made = append(made, member{name, strconv.AppendInt(nil, int64(len(ids)), 10)})
		case pairs.Means(pairs.MadeIDs, name):
			made = append(made, member{name, list})
		}
	}
	return &wire.Response{Status: c.success.Status, Body: made.JSON()}
}

// putAll adds an item of each that was sent, or none. If a generated id is taken, the next
// ones are tried.
func (s *Server) putAll(sh *shape, sent []object) (ids []string, err error) {
	items := make([]*resources.Item, len(sent))
	ids = make([]string, len(sent))
	generated := !slices.ContainsFunc(sent, func(o object) bool { return !sh.generates(o) })
	for {
		for i := range sent {
			items[i] = s.newItem(sh, sent[i])
			ids[i] = items[i].ID
		}
		if err = s.items.AddAll(sh.place, items); !generated || !errors.Is(err, resources.ErrTaken) {
			return ids, err
		}
	}
}

// refuse returns the response to an item in a body that the schema of the body accepts and
// the API does not; nil for one that it accepts too.
func (s *Server) refuse(c *Call, place string, sent object) *wire.Response {
	if v := cmp.Or(s.twiceWithin(c.role.Pair, place, sent), s.undated(c, place, sent)); v != nil {
		return wire.Invalid(v)
	}
	return s.refuseOwned(c, place, sent)
}

// undated returns what is wrong with an item at a place of the body that has no date where
// responses have one; nil for any other. A schema of a body may take any text there; where
// it wants a date, it has been checked by the rules of the API's framework.
func (s *Server) undated(c *Call, place string, sent object) *contract.Violation {
	shown, body := s.propertiesOf(c.role.Pair.Schema), s.bodyOf(c.Operation)
	isDate := func(p *pairs.Properties, name string) bool { return p.Schema(name).Get("format").Str == "date-time" }
	for _, m := range sent {
		if !isDate(shown, m.name) || isDate(body, m.name) {
			continue
		}
		value := object{m}.decoded()[m.name]
		if _, ok := decode.Date(value); !ok && value != nil {
			return &contract.Violation{Field: place + "." + m.name, What: "must be date-time format"}
		}
	}
	return nil
}

// put adds an item of what was sent, with what it lists of the items below it. If a
// generated id is taken, the next one is tried.
func (s *Server) put(c *Call, sent object) (*resources.Item, error) {
	p := c.role.Pair
	shape := s.shape(c, p)
	item, err := s.add(shape, shape.generates(sent), func() *resources.Item { return s.newItem(shape, sent) })
	if err != nil {
		return nil, err
	}
	if item, err = s.spread(c, p, item, sent); err != nil {
		s.items.Delete(shape.place, item.ID)
	}
	return item, err
}

// refused returns the response to what could not be added or changed.
func (s *Server) refused(c *Call, sent object, err error) *wire.Response {
	p := c.role.Pair
	switch {
	case errors.Is(err, resources.ErrTaken):
		name := taken(p, sent)
		return wire.Invalid(&contract.Violation{Field: c.bodyName() + "." + name, What: "is already in use", Detail: sent.text(name)})
	case errors.Is(err, resources.ErrGone): // a parent was deleted meanwhile
		return wire.NotFound(p.Parent().Title)
	default:
		return wire.LimitReached(err)
	}
}

// taken returns which property of what was sent another item has.
func taken(p *pairs.Pair, sent object) string {
	if sent.get(p.Key) == nil && p.Alias != "" {
		return p.Alias
	}
	return p.Key
}

// change merges members into an item.
func (s *Server) change(c *Call, sent object) *wire.Response {
	p := c.role.Pair
	b := s.blueprint(p)
	kept := s.shownAs(c, p, sent).without(func(name string) bool { return slices.Contains(b.hidden, name) || name == p.Key })
	var from string // the path that a directory had
	item, err := s.items.Change(s.place(c, p), c.id(), func(was *resources.Item) *resources.Item {
		before := parse(was.JSON)
		from = folderOf(before)
		now := before.merged(kept, s.bodyOf(p.Change))
		if b.log != nil {
			now = logged(c, b.log, before, now, sent)
		}
		if c.role.Shown == pairs.ItemAs { // with a ticket for another file
			now = s.awaiting(p, now)
		}
		for i := range now {
			if pairs.Means(pairs.Changed, now[i].name) {
				now[i].value = date(c.At)
			}
		}
		now = fitted(p.Schema, now).inOrder(b.names)
		return was.Changed(now.text(p.Alias), now.JSON())
	})
	if err == nil && item != nil {
		item, err = s.spread(c, p, item, sent)
	}
	switch {
	case err != nil:
		return s.refused(c, sent, err)
	case item == nil:
		return wire.NotFound(p.Title)
	}
	s.reflect(c, p)
	s.moveFolder(s.place(c, p), from, item)
	return s.reply(c, item)
}

// sent returns the body of a call that is an object; none where there is no body.
func (c *Call) sent() object {
	if c.Values.Body.JSON != "" {
		return read([]byte(c.Values.Body.JSON))
	}
	fields, _ := c.Values.Body.Body.(map[string]any) // of a form
	return parse(wire.AppendJSON(nil, fields))
}

// bodyName returns the name of the parameter that is the body of a call, by which what
// is wrong with it is called.
func (c *Call) bodyName() string {
	for i := range c.Operation.Params {
		if c.Operation.Params[i].In == "body" {
			return c.Operation.Params[i].Name
		}
	}
	return ""
}

// date returns an instant as JSON.
func date(at time.Time) json.RawMessage { return wire.AppendTime(nil, at) }
