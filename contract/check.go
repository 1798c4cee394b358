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
// when it conforms. For an exchange of no operation, the finding is that it
// could not be checked.
func (a *API) Check(e *Exchange) Findings {
	c := newChecking(a, e)
	if c == nil {
		return Findings{{Check: CheckStatus, Verdict: CouldNotCheck, Message: e.Method + " " + e.URL.Path + " is no operation of the contract"}}
	}
	// Each step reports whether the next ones make sense.
	for _, step := range []func(*checking) bool{
		(*checking).checkFailure,
		(*checking).checkCORS,
		(*checking).checkRefusal,
		(*checking).checkStatus,
		(*checking).checkContentType,
		(*checking).checkSchema,
		(*checking).checkError,
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

	request   Request
	known     bool       // whether all of the request could be read
	malformed bool       // whether the body is not JSON
	refusal   *Violation // what the API refuses of the request

	schema *Schema
	fields map[string]any // the response
	found  Findings
}

func newChecking(a *API, e *Exchange) *checking {
	endpoint, path := a.Find(e.URL)
	if endpoint == nil || endpoint.Operations[e.Method] == nil {
		return nil
	}
	c := &checking{api: a, op: endpoint.Operations[e.Method], path: path, e: e}
	var broken error
	c.request, c.known, broken = e.request(path)
	switch {
	case !c.known:
	case broken != nil:
		c.malformed = true
		c.refusal = &Violation{Field: "the body", What: "is invalid JSON", Detail: broken.Error()}
	default:
		c.refusal = c.op.CheckRequest(&c.request)
	}
	if _, problem := filter.Compile(c.text("filter")); problem != nil {
		c.known = false // how the real API reads such a filter is not public
	}
	if c.op.Method == http.MethodPatch && c.refusal == nil {
		// That it can't be changed is known, and how the API says it is not.
		if body, ok := c.sent()["isWebsocket"]; ok && body != nil {
			c.known = false
		}
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

func (c *checking) breaks(check CheckName, field, format string, args ...any) {
	c.breaksBy(Documented, check, field, format, args...)
}

func (c *checking) breaksBy(source Source, check CheckName, field, format string, args ...any) {
	f := NewFinding(check, source, field, fmt.Sprintf(format, args...))
	f.Operation = c.op.Name
	c.found = append(c.found, f)
}

func (c *checking) succeeded() bool { return c.e.Status >= 200 && c.e.Status < 300 }

// Unavailable reports whether a status is that of a service that limits its
// callers or is overloaded, or of a gateway that does not reach it.
func Unavailable(status int) bool {
	return status == http.StatusTooManyRequests || status == http.StatusBadGateway ||
		status == http.StatusServiceUnavailable || status == http.StatusGatewayTimeout
}

// checkFailure distinguishes a server that fails from one that can't be reached.
func (c *checking) checkFailure() bool {
	switch status := c.e.Status; {
	case status == 0:
		c.add(CheckServerError, CouldNotCheck, "", "there was no response")
	case Unavailable(status):
		c.add(CheckServerError, CouldNotCheck, "", "the response is %s", StatusText(status))
	case status >= http.StatusInternalServerError:
		c.breaks(CheckServerError, "", "the response is %s", StatusText(status))
	default:
		return true
	}
	return false
}

func (c *checking) checkCORS() bool {
	if c.malformed {
		return true // a response to a body that does not parse has none
	}
	asked := c.e.RequestHeader.Get("Origin")
	got := c.e.Header.Get("Access-Control-Allow-Origin")
	if got != "*" && (asked == "" || got != asked) {
		c.breaks(CheckCORS, "Access-Control-Allow-Origin", "want %q or *, got %q", asked, got)
	}
	if !slices.ContainsFunc(c.e.Header.Values("Vary"), func(v string) bool { return strings.Contains(strings.ToLower(v), "origin") }) {
		c.breaks(CheckCORS, "Vary", "want origin, got %q", c.e.Header.Get("Vary"))
	}
	return true
}

// checkRefusal checks that the API refuses a request exactly when it is invalid.
func (c *checking) checkRefusal() bool {
	status := c.e.Status
	switch {
	case !c.known:
	case c.refusal != nil && status != http.StatusBadRequest:
		c.breaks(CheckNegative, c.refusal.Field, "the response is %s, want 400: %v", StatusText(status), c.refusal)
	case c.refusal == nil && status == http.StatusBadRequest:
		c.breaks(CheckPositive, "", "the request is valid, and refused with %s", c.excerpt())
	}
	return true
}

// frameworkStatuses are those that every operation may have, beside those that
// are documented for it.
//
// Source: the framework of the API.
var frameworkStatuses = []int{
	http.StatusBadRequest,
	http.StatusRequestEntityTooLarge,
	http.StatusUnsupportedMediaType,
	http.StatusRequestHeaderFieldsTooLarge,
}

func (c *checking) response() *Response {
	for i := range c.op.Responses {
		if r := &c.op.Responses[i]; r.Status == c.e.Status {
			return r
		}
	}
	guarded := !c.op.Resource.Public && (c.e.Status == http.StatusUnauthorized || c.e.Status == http.StatusForbidden)
	if guarded || slices.Contains(frameworkStatuses, c.e.Status) {
		return &Response{Status: c.e.Status, Schema: "error"}
	}
	return nil
}

func (c *checking) checkStatus() bool {
	r := c.response()
	if r == nil {
		c.breaks(CheckStatus, "", "%s is not documented for %s", StatusText(c.e.Status), c.op.Name)
		return false
	}
	c.schema = c.api.Schema(r.Schema)
	return true
}

func (c *checking) checkContentType() bool {
	given := c.e.Header.Get("Content-Type")
	kind, _, err := mime.ParseMediaType(given)
	if err != nil || kind != "application/json" {
		c.breaks(CheckContentType, "Content-Type", "want application/json, got %q", given)
		return false
	}
	return true
}

func (c *checking) checkSchema() bool {
	decoded, err := decode.JSON(c.e.Body)
	if err != nil {
		c.breaks(CheckSchema, "", "the response is not JSON: %v", err)
		return false
	}
	violations := c.schema.CheckAll(c.schema.Name, decoded)
	for i := range violations {
		v := &violations[i]
		message := v.What
		if v.Detail != "" {
			message += " (" + v.Detail + ")"
		}
		c.breaks(CheckSchema, v.Field, "%s", message)
	}
	c.fields, _ = decoded.(map[string]any)
	c.checkProperties(c.schema, c.schema.Name, c.fields)
	return c.fields != nil
}

// checkProperties looks for properties that are always there and are missing,
// and for those that the contract does not know.
func (c *checking) checkProperties(s *Schema, place string, fields map[string]any) {
	if s.Name == "error" && fields["type"] == nil && fields["code"] == nil {
		c.breaks(CheckSchema, place+".type", "is missing")
	}
	for _, name := range s.always {
		if _, ok := fields[name]; !ok {
			c.breaks(CheckSchema, place+"."+name, "is missing, and always there")
		}
	}
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		if !slices.Contains(s.properties, name) && !beside(s, name) {
			c.add(CheckSchema, News, place+"."+name, "is not in the contract")
		}
	}
	if s.itemsOf == "" {
		return
	}
	items, _ := fields["items"].([]any)
	for i, item := range items {
		if item, ok := item.(map[string]any); ok {
			c.checkProperties(c.api.Schema(s.itemsOf), fmt.Sprintf("%s.items.%d", place, i), item)
		}
	}
}

// beside reports whether responses have a property beside those of their schema.
func beside(s *Schema, name string) bool {
	return strings.HasPrefix(name, "_") || s.Name == "error" && name == "code"
}

// ErrorType returns the type that an error of a status has, such as "NotFound";
// blank where none is known.
func ErrorType(status int) string { return errorTypes[status] }

// errorTypes are the types of errors by status.
//
// Source: the framework of the API.
var errorTypes = map[int]string{
	http.StatusBadRequest:       "Validation",
	http.StatusUnauthorized:     "Unauthorized",
	http.StatusForbidden:        "Forbidden",
	http.StatusNotFound:         "NotFound",
	http.StatusMethodNotAllowed: "MethodNotAllowed",
}

func (c *checking) checkError() bool {
	if c.succeeded() {
		return true
	}
	want := errorTypes[c.e.Status]
	if c.malformed {
		want = "" // an error with a code in place of a type
		c.checkWord("code", "InvalidContent")
	}
	if want != "" && c.fields["code"] == nil {
		c.checkWord("type", want)
	}
	switch r := c.response(); {
	case c.e.Status == http.StatusBadRequest && c.known && !c.malformed && c.refusal != nil:
		c.checkWord("message", c.refusal.Error())
	case c.e.Status == http.StatusNotFound && r.Missing != "":
		c.checkWord("message", r.MissingMessage())
	case c.e.Status == http.StatusForbidden:
		c.checkWord("message", "Access is forbidden")
	}
	return false
}

func (c *checking) checkWord(field, want string) {
	if got := c.fields[field]; got != want {
		c.breaks(CheckError, "error."+field, "want %q, got %s", want, Brief(got))
	}
}

// excerpt returns the beginning of the response, for people.
func (c *checking) excerpt() string {
	const limit = 200
	return fmt.Sprintf("%.*s", limit, c.e.Body)
}
