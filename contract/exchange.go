package contract

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
)

// Exchange is a request and its answer.
type Exchange struct {
	Method string
	// URL is path and query below the API's base URL.
	URL           *url.URL
	RequestHeader http.Header
	RequestBody   []byte

	Status int // 0 when there was no answer
	Header http.Header
	Body   []byte // after decompression
}

// MaxAnswerSize is how many bytes of an answer a check reads, after
// decompression: a list of [MaxPerPage] webhooks with the longest texts fits.
const MaxAnswerSize = 128 << 20

var errAnswerTooLarge = fmt.Errorf("the answer has more than %d bytes", MaxAnswerSize)

// inflate undoes the encoding of an answer's body, to MaxAnswerSize at most.
func inflate(body []byte, encoding string) ([]byte, error) {
	switch strings.ToLower(encoding) {
	case "", "identity":
		return body, nil
	case "gzip":
		z, err := gzip.NewReader(bytes.NewReader(body))
		if err != nil {
			return nil, err
		}
		return readAnswer(z)
	default:
		return nil, errors.New("the answer has the content encoding " + encoding)
	}
}

func readAnswer(r io.Reader) ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(r, MaxAnswerSize+1))
	if err == nil && len(body) > MaxAnswerSize {
		err = errAnswerTooLarge
	}
	return body, err
}

// request gives a parameter's value in the request. The body counts where it
// is JSON; known is false where it is something else that a check here can't
// read as the API would.
func (e *Exchange) request(path map[string]string) (value func(*Param) Value, known bool, invalidJSON error) {
	query := ParseQuery(e.URL.RawQuery)
	var body Value
	known = true
	kind, _, _ := strings.Cut(e.RequestHeader.Get("Content-Type"), ";")
	kind = strings.ToLower(strings.TrimSpace(kind))
	switch {
	case len(e.RequestBody) == 0 || e.Method == http.MethodGet || kind == "" || kind == "application/octet-stream":
	case kind == "application/json":
		decoded, err := DecodeJSON(e.RequestBody)
		if err != nil {
			invalidJSON = err
		}
		body = Value{Given: true, Body: decoded}
	default:
		known = false
	}
	if e.RequestHeader.Get("Content-Encoding") != "" {
		known = false
	}
	return func(p *Param) Value {
		switch p.In {
		case "query":
			return query[p.Name]
		case "path":
			return Value{Given: true, Text: path[p.Name]}
		case "body":
			return body
		case "token":
			return AccessToken(query, e.RequestHeader.Get("Authorization"))
		default:
			return Value{}
		}
	}, known, invalidJSON
}
