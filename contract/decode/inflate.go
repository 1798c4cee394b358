package decode

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"strings"
)

// Inflate undoes a content encoding: gzip, or identity. The error is an
// [*Error]: its status is 413 where the inflated body has more than limit
// bytes, 415 for another encoding, and 400 for a body that is not gzip.
func Inflate(raw []byte, encoding string, limit int64) ([]byte, error) {
	switch strings.ToLower(strings.TrimSpace(encoding)) {
	case "", "identity":
		return raw, nil
	case "gzip":
	default:
		return nil, &Error{Status: http.StatusUnsupportedMediaType, Code: "UnsupportedMediaType", Message: "content encoding not supported"}
	}
	z, err := gzip.NewReader(bytes.NewReader(raw))
	if err != nil {
		return nil, badRequest("The body is not gzip", err)
	}
	plain, err := io.ReadAll(io.LimitReader(z, limit+1))
	switch {
	case int64(len(plain)) > limit:
		return nil, TooLarge(limit)
	case err != nil:
		return nil, badRequest("The body is not gzip", err)
	}
	return plain, nil
}
