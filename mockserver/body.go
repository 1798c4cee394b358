package mockserver

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"strings"

	"github.com/losantmock/losantmock/contract/decode"
)

// DefaultMaxBodySize is the largest request body that is read, in bytes. The
// real API's limit is not public; this one is ours.
const DefaultMaxBodySize = 1 << 20

// body is what a request carries.
type body struct {
	raw []byte // as sent
	err error  // why it could not be read to its end
}

// aborted tells whether the client left before the body was complete.
func (b body) aborted() bool {
	var tooLarge *http.MaxBytesError
	return b.err != nil && !errors.As(b.err, &tooLarge)
}

func readBody(w http.ResponseWriter, r *http.Request, limit int64) body {
	if r.ContentLength == 0 {
		return body{}
	}
	limited := limitBody(w, r, limit)
	if r.ContentLength > 0 && r.ContentLength <= limit {
		raw := make([]byte, r.ContentLength)
		n, err := io.ReadFull(limited, raw)
		return body{raw: raw[:n], err: err}
	}
	raw, err := io.ReadAll(limited)
	return body{raw: bytes.Clone(raw), err: err} // no longer than it is: the journal keeps it
}

// value decodes the body as the API does, by its content type and encoding.
// The reply is the refusal of a body that can't be decoded.
func (b body) value(h http.Header, limit int64) (decode.Value, *reply) {
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(b.err, &tooLarge):
		return decode.Value{}, refusedBody(decode.TooLarge(limit))
	case b.err != nil:
		return decode.Value{}, bodyError(http.StatusBadRequest, "BadRequest", "The body ended early: "+b.err.Error())
	}
	value, err := decode.Body(h, b.raw, limit)
	var refusal *decode.Error
	if errors.As(err, &refusal) {
		return decode.Value{}, refusedBody(refusal)
	}
	return value, nil
}

func refusedBody(e *decode.Error) *reply { return bodyError(e.Status, e.Code, e.Message) }

// target is path and query as sent, also of a request that was sent to a proxy
// and names the whole URL.
func target(r *http.Request) string {
	if strings.HasPrefix(r.RequestURI, "/") {
		return r.RequestURI
	}
	return r.URL.RequestURI()
}
