package wire

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"strings"

	"github.com/losantmock/losantmock/contract/decode"
)

// DefaultMaxBodySize is the default of the largest request body that is read, in
// bytes. The real API's limit is not public; this one is ours.
const DefaultMaxBodySize = 1 << 20

// Body is the body of a request.
type Body struct {
	Raw []byte // as sent
	Err error  // why it could not be read to its end
}

// Aborted reports whether the client left before the body was complete.
func (b Body) Aborted() bool {
	if b.Err == nil {
		return false
	}
	var tooLarge *http.MaxBytesError
	return !errors.As(b.Err, &tooLarge)
}

// ReadBody reads the body of a request, up to a limit in bytes.
func ReadBody(w http.ResponseWriter, r *http.Request, limit int64) Body {
	if r.ContentLength == 0 {
		return Body{}
	}
	limited := LimitBody(w, r, limit)
	if r.ContentLength > 0 && r.ContentLength <= limit {
		raw := make([]byte, r.ContentLength)
		n, err := io.ReadFull(limited, raw)
		return Body{Raw: raw[:n], Err: err}
	}
	raw, err := io.ReadAll(limited)
	return Body{Raw: bytes.Clone(raw), Err: err} // without spare capacity: the journal keeps it
}

// Value decodes the body as the API does, by its content type and encoding. The
// response is nil, or refuses a body that can't be decoded.
func (b Body) Value(h http.Header, limit int64) (decode.Value, *Response) {
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(b.Err, &tooLarge):
		return decode.Value{}, refusedBody(decode.TooLarge(limit))
	case b.Err != nil:
		return decode.Value{}, BodyError(http.StatusBadRequest, "BadRequest", "The body ended early: "+b.Err.Error())
	}
	value, err := decode.Body(h, b.Raw, limit)
	var refusal *decode.Error
	if errors.As(err, &refusal) {
		return decode.Value{}, refusedBody(refusal)
	}
	return value, nil
}

func refusedBody(e *decode.Error) *Response {
	if e.Type != "" {
		return Error(e.Status, e.Type, e.Message)
	}
	r := BodyError(e.Status, e.Code, e.Message)
	if e.Status == http.StatusUnsupportedMediaType {
		r.More = []Header{Field("Accept-Encoding", "gzip")}
	}
	return r
}

// Target returns path and query as sent. The request may also name the whole
// URL, as one to a proxy does.
func Target(r *http.Request) string {
	if strings.HasPrefix(r.RequestURI, "/") {
		return r.RequestURI
	}
	if _, rest, ok := strings.Cut(r.RequestURI, "://"); ok {
		if i := strings.IndexByte(rest, '/'); i >= 0 {
			return rest[i:]
		}
	}
	return r.URL.RequestURI()
}

// LimitBody returns the body of a request with a limit in bytes. It passes
// net/http its own writer, so that the connection is closed after a body that is
// too large.
func LimitBody(w http.ResponseWriter, r *http.Request, limit int64) io.ReadCloser {
	if watched, ok := w.(*Writer); ok {
		w = watched.ResponseWriter
	}
	return http.MaxBytesReader(w, r.Body, limit)
}
