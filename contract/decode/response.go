package decode

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// MaxResponseSize is the largest response that is read, in bytes after
// decompression: a full page of webhooks with the longest texts fits. The limit
// is ours.
const MaxResponseSize = 128 << 20

// ErrResponseTooLarge is the error of a response with more than
// [MaxResponseSize] bytes.
var ErrResponseTooLarge = fmt.Errorf("the response has more than %d bytes", MaxResponseSize)

// ReadResponse reads the body of a response to its end. It fails with
// [ErrResponseTooLarge], with what was read so far, or with the error of r.
func ReadResponse(r io.Reader) ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(r, MaxResponseSize+1))
	if err == nil && len(body) > MaxResponseSize {
		err = ErrResponseTooLarge
	}
	return body, err
}

// InflateResponse undoes the content encoding of a response's body. It fails
// with [ErrResponseTooLarge] where the body inflates to more than
// [MaxResponseSize], and for a body that [Inflate] can't read.
func InflateResponse(body []byte, encoding string) ([]byte, error) {
	plain, err := Inflate(body, encoding, MaxResponseSize)
	var refused *Error
	switch {
	case !errors.As(err, &refused):
		return plain, nil
	case refused.Status == http.StatusRequestEntityTooLarge:
		return nil, ErrResponseTooLarge
	case refused.Status == http.StatusUnsupportedMediaType:
		return nil, errors.New("the response has the content encoding " + encoding)
	default:
		return nil, refused.Unwrap()
	}
}

// Lists reports whether a field of a header has a name in its list, which may be
// split over several fields.
func Lists(header http.Header, field, name string) bool {
	for listed := range strings.SplitSeq(strings.Join(header.Values(field), ","), ",") {
		if strings.EqualFold(strings.TrimSpace(listed), name) {
			return true
		}
	}
	return false
}
