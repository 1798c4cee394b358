package contract

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"

	"github.com/losantmock/losantmock/contract/decode"
)

// Request has the values that a request has for the parameters of an operation.
type Request struct {
	Path  map[string]string // as [API.Find] returns it
	Query decode.Query
	Body  decode.Value
	Token decode.Value // as [decode.AccessToken] returns it
}

// value returns the value of a parameter.
func (r *Request) value(p *Param) decode.Value {
	switch p.In {
	case "query":
		return r.Query[p.Name]
	case "path":
		return decode.Value{Given: true, Text: r.Path[p.Name]}
	case "token":
		return r.Token
	default:
		// Repeated header fields are one text in the real API; none of its
		// header parameters has a rule for that text.
		return decode.Value{}
	}
}

// has reports whether the request has a value for a parameter.
func (r *Request) has(p *Param) bool {
	_, given := r.content(p)
	return given
}

// content returns the value of a parameter as the API's framework checks it, and
// whether the request has one.
func (r *Request) content(p *Param) (any, bool) {
	switch {
	case p.In == inBody:
		return r.Body.Body, r.Body.Given
	case p.In == inMultipart && p.Type == typeFile:
		return r.Body.File(p.Name)
	}
	sent, given := r.sent(p)
	return p.read(sent), given
}

// sent returns what was sent for a parameter of the path, the query or a form, as it
// stands there.
func (r *Request) sent(p *Param) (any, bool) {
	if p.In == inMultipart {
		fields, _ := r.Body.Body.(map[string]any)
		field, given := fields[p.Name]
		return field, given
	}
	v := r.value(p)
	if v.List {
		return v.Body, true
	}
	return v.Text, v.Given
}

// json returns the JSON text that the value of a parameter was read from.
func (r *Request) json(p *Param) string {
	if p.In == inBody {
		return r.Body.JSON
	}
	sent, _ := r.sent(p)
	if p.Type == typeObject {
		return decode.ScriptText(sent)
	}
	text, _ := sent.(string)
	return text
}

// Text returns a query parameter of an operation, or its default where it is
// not given; blank where the operation has no such parameter.
func (r *Request) Text(o *Operation, name string) string {
	for i := range o.Params {
		if p := &o.Params[i]; p.Name == name {
			if v := r.value(p); v.Given {
				return v.Text
			}
			return p.DefaultText()
		}
	}
	return ""
}

// Exchange is a request and its response.
type Exchange struct {
	Method string
	// URL is path and query below the API's base URL.
	URL           *url.URL
	RequestHeader http.Header
	RequestBody   []byte

	// Status is 0 when there was no response.
	Status int
	Header http.Header
	// Body is the response after decompression.
	Body []byte
}

// IsPage reports whether the response is a page for people, as proxies send it in
// place of the API's response: HTML by its Content-Type, and no JSON.
func (e *Exchange) IsPage() bool {
	kind, _ := decode.MediaType(e.Header.Get("Content-Type"))
	return kind == "text/html" && !json.Valid(e.Body)
}

// request reads the request of the exchange, or returns what the API responds to a
// body that it can't read.
func (e *Exchange) request(path map[string]string) (Request, *decode.Error) {
	r := Request{Path: path, Query: decode.ParseQuery(e.URL.RawQuery)}
	r.Token = decode.AccessToken(r.Query, e.RequestHeader.Get("Authorization"))
	if len(e.RequestBody) == 0 || e.Method == http.MethodGet {
		return r, nil
	}
	var err error
	r.Body, err = decode.Body(e.RequestHeader, e.RequestBody, decode.MaxResponseSize)
	var broken *decode.Error
	errors.As(err, &broken)
	return r, broken
}
