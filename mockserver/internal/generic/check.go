package generic

import (
	"errors"
	"strconv"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/pairs"
	"github.com/losantmock/losantmock/mockserver/internal/wire"
	"github.com/tidwall/gjson"
)

// Check returns the response to a call whose parameters package contract accepts and the
// API does not; nil for any other. Like the API's framework it checks parameters before
// the token.
func (s *Server) Check(c *Call) *wire.Response {
	c.role, c.success = s.table().Role(c.Operation), pairs.ResponseOf(c.Operation)
	if v := c.checkNumbers(); v != nil {
		return wire.Invalid(v)
	}
	if c.role.Shown == pairs.Items {
		if _, refusal := c.listing(c.role.Of.Pair); refusal != nil {
			return refusal
		}
	}
	if c.role.Kind == pairs.Create || c.role.Kind == pairs.Change {
		return s.checkBody(c)
	}
	return nil
}

// checkNumbers returns what is wrong with the whole numbers of a query that package
// contract takes as texts; nil if nothing is. The words are those for page and perPage.
func (c *Call) checkNumbers() *contract.Violation {
	for i := range c.Operation.Params {
		param := &c.Operation.Params[i]
		bounds, v := pairs.BoundsOf(param), c.Values.Query[param.Name]
		if bounds == nil || !v.Given {
			continue
		}
		n, err := strconv.Atoi(v.Text)
		outside := errors.Is(err, strconv.ErrRange)
		switch {
		case err != nil && !outside:
			return &contract.Violation{Field: param.Name, What: contract.WrongType, Detail: "not a whole number"}
		case n < bounds.Min:
			return &contract.Violation{Field: param.Name, What: contract.LessThanMinimum, Detail: strconv.Itoa(bounds.Min)}
		case n > bounds.Max || outside:
			return &contract.Violation{Field: param.Name, What: contract.MoreThanMaximum, Detail: strconv.Itoa(bounds.Max)}
		}
	}
	return nil
}

// checkBody refuses what a schema of a body may allow: a member that only the server sets,
// a thing that is listed twice, a date that is none. A body may be a list of items.
func (s *Server) checkBody(c *Call) *wire.Response {
	if _, isList := c.Values.Body.Body.([]any); !isList {
		return s.refuse(c, c.bodyName(), c.sent())
	}
	for i, one := range gjson.Parse(c.Values.Body.JSON).Array() {
		if refusal := s.refuse(c, c.bodyName()+"."+strconv.Itoa(i), parse([]byte(one.Raw))); refusal != nil {
			return refusal
		}
	}
	return nil
}
