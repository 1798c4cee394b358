package decode

import (
	"errors"
	"fmt"
	"io"
	"net/http"
)

// MaxResponseSize is how many bytes of a response are read, after
// decompression: a full page of webhooks with the longest texts fits.
const MaxResponseSize = 128 << 20

// ErrResponseTooLarge is the error of a response with more than
// [MaxResponseSize] bytes.
var ErrResponseTooLarge = fmt.Errorf("the answer has more than %d bytes", MaxResponseSize)

// ReadResponse reads the body of a response to its end, or fails where it is
// too large.
func ReadResponse(r io.Reader) ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(r, MaxResponseSize+1))
	if err == nil && len(body) > MaxResponseSize {
		err = ErrResponseTooLarge
	}
	return body, err
}

// InflateResponse undoes the content encoding of a response's body, which may
// inflate to [MaxResponseSize].
func InflateResponse(body []byte, encoding string) ([]byte, error) {
	plain, err := Inflate(body, encoding, MaxResponseSize)
	var refused *Error
	switch {
	case !errors.As(err, &refused):
		return plain, nil
	case refused.Status == http.StatusRequestEntityTooLarge:
		return nil, ErrResponseTooLarge
	case refused.Status == http.StatusUnsupportedMediaType:
		return nil, errors.New("the answer has the content encoding " + encoding)
	default:
		return nil, refused.Unwrap()
	}
}
