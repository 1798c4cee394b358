package contract

import (
	"net/http"
	"net/url"

	"github.com/losantmock/losantmock/contract/decode"
)

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

// request reads the request of the exchange. Its body is read where it is JSON;
// known is false where it is something else.
func (e *Exchange) request(path map[string]string) (r Request, known bool, invalidJSON error) {
	r = Request{Path: path, Query: decode.ParseQuery(e.URL.RawQuery)}
	r.Token = decode.AccessToken(r.Query, e.RequestHeader.Get("Authorization"))
	known = e.RequestHeader.Get("Content-Encoding") == ""
	kind, _ := decode.KindOf(e.RequestHeader.Get("Content-Type"))
	switch {
	case len(e.RequestBody) == 0 || e.Method == http.MethodGet || kind == decode.KindNone || kind == decode.KindBytes:
	case kind == decode.KindJSON:
		r.Body.Given = true
		r.Body.Body, invalidJSON = decode.JSON(e.RequestBody)
	default:
		known = false
	}
	return r, known, invalidJSON
}
