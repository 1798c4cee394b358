package contract

import (
	"errors"
	"fmt"
	"io"
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

	Status int // 0 when there was no response
	Header http.Header
	Body   []byte // after decompression
}

// MaxResponseSize is how many bytes of a response a check reads, after
// decompression: a list of [MaxPerPage] webhooks with the longest texts fits.
const MaxResponseSize = 128 << 20

var errResponseTooLarge = fmt.Errorf("the answer has more than %d bytes", MaxResponseSize)

// inflate undoes the encoding of a response's body, to MaxResponseSize at most.
func inflate(body []byte, encoding string) ([]byte, error) {
	plain, err := decode.Inflate(body, encoding, MaxResponseSize)
	var refused *decode.Error
	switch {
	case !errors.As(err, &refused):
		return plain, nil
	case refused.Status == http.StatusRequestEntityTooLarge:
		return nil, errResponseTooLarge
	case refused.Status == http.StatusUnsupportedMediaType:
		return nil, errors.New("the answer has the content encoding " + encoding)
	default:
		return nil, refused.Unwrap()
	}
}

// ReadBody reads the body of a response to its end and undoes its encoding, to
// [MaxResponseSize] at most.
func ReadBody(response *http.Response) ([]byte, error) {
	body, err := readLimited(response.Body)
	if err != nil {
		return nil, err
	}
	return inflate(body, response.Header.Get("Content-Encoding"))
}

func readLimited(r io.Reader) ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(r, MaxResponseSize+1))
	if err == nil && len(body) > MaxResponseSize {
		err = errResponseTooLarge
	}
	return body, err
}

// request reads the request of the exchange. A body counts where it is JSON;
// known is false where it is something else, which a check here can't read as
// the API would.
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
