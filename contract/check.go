package contract

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"mime"
	"net/http"
	"slices"
	"strings"

	"github.com/losantmock/losantmock/contract/decode"
	"github.com/losantmock/losantmock/contract/filter"
	"github.com/losantmock/losantmock/contract/internal/validate"
)

// Check holds a response, and its request, against the newest API, and returns
// what it finds; none when both conform. It reads the response's body and puts
// it back. The path of response.Request.URL begins at the API's root.
func Check(response *http.Response) Findings {
	e := &Exchange{
		Method:        response.Request.Method,
		URL:           response.Request.URL,
		RequestHeader: response.Request.Header,
		Status:        response.StatusCode,
		Header:        response.Header,
	}
	if get := response.Request.GetBody; get != nil {
		if body, err := get(); err == nil {
			e.RequestBody, _ = io.ReadAll(body)
		}
	}
	raw, err := decode.ReadResponse(response.Body)
	response.Body = struct {
		io.Reader
		io.Closer
	}{io.MultiReader(bytes.NewReader(raw), response.Body), response.Body}
	if err == nil {
		e.Body, err = decode.InflateResponse(raw, response.Header.Get("Content-Encoding"))
	}
	if err != nil {
		return Findings{{Check: CheckSchema, Verdict: CouldNotCheck, Message: err.Error()}}
	}
	return AtNewest().Check(e)
}

// Check holds an exchange against the contract, and returns what it finds; none
// when it conforms. For an exchange of no operation, the finding is that it could
// not be checked, unless the path is one of the contract's: then its method has to
// be refused, or to be that of a preflight.
func (a *API) Check(e *Exchange) Findings {
	c := newChecking(a, e)
	if c == nil {
		return a.checkMethod(e)
	}
	// Each step reports whether the next ones make sense.
	for _, step := range []func(*checking) bool{
		(*checking).checkFailure,
		(*checking).checkLimit,
		(*checking).checkRefusal,
		(*checking).checkCORS,
		(*checking).checkStatus,
		(*checking).checkContentType,
		(*checking).checkSchema,
		(*checking).checkError,
		(*checking).checkOwn,
		(*checking).checkIdentity,
		(*checking).checkEcho,
		(*checking).checkList,
		(*checking).checkHAL,
	} {
		if !step(c) {
			break
		}
	}
	return c.found
}

// checking is one exchange under check.
type checking struct {
	api  *API
	op   *Operation
	path map[string]string
	e    *Exchange

	request Request
	known   bool          // whether it is known what the API does with the request
	broken  *decode.Error // what the API responds to a body that it can't read
	refusal *Violation    // what the API refuses of the request

	schema *Schema
	fields map[string]any // the response
	found  Findings
}

func newChecking(a *API, e *Exchange) *checking {
	op, path := a.OperationAt(e.Method, e.URL)
	if op == nil {
		return nil
	}
	c := &checking{api: a, op: op, path: path, e: e, known: true}
	c.request, c.broken = e.request(path)
	if c.broken != nil {
		c.refusal = &Violation{Field: "the body", What: "can't be read", Detail: c.broken.Message}
	} else {
		c.refusal = c.op.CheckRequest(&c.request)
	}
	if _, problem := filter.Compile(c.text("filter")); problem != nil {
		c.known = false // how the real API reads such a filter is not public
	}
	if c.op.Method == http.MethodPatch && c.refusal == nil && c.sent()["isWebsocket"] != nil {
		c.known = false // that it can't be changed is known, and how the API says it is not
	}
	return c
}

// text returns a query parameter of the request, or its default.
func (c *checking) text(name string) string { return c.request.Text(c.op, name) }

// sent returns the body of the request; nil where it is no object, or the
// operation has no body.
func (c *checking) sent() map[string]any {
	fields, _ := c.request.Body.Body.(map[string]any)
	if !slices.ContainsFunc(c.op.Params, func(p Param) bool { return p.In == "body" }) {
		return nil
	}
	return fields
}

func (c *checking) add(check CheckName, verdict Verdict, field, format string, args ...any) {
	c.found = append(c.found, Finding{
		Check: check, Verdict: verdict, Operation: c.op.Name, Field: field, Message: fmt.Sprintf(format, args...),
	})
}

// breaks adds the finding that a rule from a source is contradicted.
func (c *checking) breaks(source Source, check CheckName, field, format string, args ...any) {
	f := NewFinding(check, source, field, fmt.Sprintf(format, args...))
	f.Operation = c.op.Name
	c.found = append(c.found, f)
}

// checkOwn reports whether the operation is of this package's own table, which says
// more of a response than its schema.
func (c *checking) checkOwn() bool { return !c.op.FromDefinition }

func (c *checking) succeeded() bool { return c.e.Status >= 200 && c.e.Status < 300 }

func (c *checking) checkStatus() bool {
	r := c.response()
	if r == nil {
		c.breaks(Documented, CheckStatus, "", "%s is not documented for %s", StatusText(c.e.Status), c.op.Name)
		return false
	}
	c.schema = c.api.Schema(r.Schema)
	return c.schema != nil // streams and empty responses have no body to check
}

// response returns what is documented for the status, or what every operation has;
// nil for neither.
func (c *checking) response() *Response {
	for i := range c.op.Responses {
		if r := &c.op.Responses[i]; r.Status == c.e.Status {
			return r
		}
	}
	guarded := !c.op.Public && (c.e.Status == http.StatusUnauthorized || c.e.Status == http.StatusForbidden)
	if guarded || c.e.Status == http.StatusBadRequest || c.unreadable() {
		return &Response{Status: c.e.Status, Schema: "error"}
	}
	return nil
}

// unreadable reports whether the response refuses a body that can't be read.
func (c *checking) unreadable() bool { return c.broken != nil && c.broken.Status == c.e.Status }

func (c *checking) checkContentType() bool {
	given := c.e.Header.Get("Content-Type")
	kind, _, err := mime.ParseMediaType(given)
	if err != nil || kind != "application/json" {
		c.breaks(Observed, CheckContentType, "Content-Type", "want application/json, got %q", given)
		return false
	}
	return true
}

func (c *checking) checkSchema() bool {
	decoded, err := decode.JSON(c.e.Body)
	if err != nil {
		c.breaks(Observed, CheckSchema, "", "the response is not JSON: %v", err)
		return false
	}
	violations := c.schema.CheckAll(c.schema.Name, validate.WithoutBeside(decoded))
	for i := range violations {
		c.breaks(Documented, CheckSchema, violations[i].Field, "%s", violations[i].detailed())
	}
	c.fields, _ = decoded.(map[string]any)
	c.checkProperties(c.schema, c.schema.Name, c.fields)
	return c.fields != nil
}

// checkProperties looks for properties that all examples have and that are
// missing, and for those that the contract does not know.
func (c *checking) checkProperties(s *Schema, place string, fields map[string]any) {
	items, _ := fields["items"].([]any)
	if items != nil && c.op.FromDefinition && !slices.Contains(s.content().properties, "items") {
		c.checkItems(s, place, items) // a list that is documented as its item
		return
	}
	for _, name := range s.always {
		if _, ok := fields[name]; !ok {
			c.checkAbsent(s, place, name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		if !slices.Contains(s.content().properties, name) && !beside(s, name) && !namesAny(s) {
			c.add(CheckSchema, News, place+"."+name, "is not in the contract")
		}
	}
	if s.itemsOf != "" {
		c.checkItems(c.api.Schema(s.itemsOf), place, items)
	}
}

func (c *checking) checkItems(s *Schema, place string, items []any) {
	for i, item := range items {
		if item, ok := item.(map[string]any); ok {
			c.checkProperties(s, fmt.Sprintf("%s.items.%d", place, i), item)
		}
	}
}

// checkAbsent adds the finding that a property is missing which all examples have. No
// schema requires those of a webhook or an application: where they are is ours, and
// one finding for each, whatever the operation.
func (c *checking) checkAbsent(s *Schema, place, name string) {
	if s.Name == "webhook" || s.Name == "application" || name == "applicationId" {
		c.found = append(c.found, NewFinding(CheckSchema, Ours, s.Name+"."+name, "is absent from some responses"))
		return
	}
	c.breaks(Inferred, CheckSchema, place+"."+name, "is missing, and always there")
}

// namesAny reports whether a schema has properties whose names follow a pattern.
func namesAny(s *Schema) bool { return s.content().tree.Get("patternProperties") != nil }

// beside reports whether responses have a property beside those of their schema.
func beside(s *Schema, name string) bool {
	return strings.HasPrefix(name, "_") || s.Name == "error" && name == "code"
}
