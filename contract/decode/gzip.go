package decode

import (
	"bytes"
	"compress/gzip"
	"errors"
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
		return nil, notSupported()
	}
	plain, err := gunzip(raw, limit)
	var refusal *Error
	if err == nil || errors.As(err, &refusal) {
		return plain, err
	}
	return nil, badRequest("The body is not gzip", err)
}

func notSupported() *Error {
	return &Error{Status: http.StatusUnsupportedMediaType, Code: "UnsupportedMediaType", Message: "content encoding not supported"}
}

// gunzip inflates a body. The error is that of [TooLarge], or package gzip's.
func gunzip(raw []byte, limit int64) ([]byte, error) {
	z, err := gzip.NewReader(bytes.NewReader(raw))
	if err != nil {
		return nil, err
	}
	plain, err := io.ReadAll(io.LimitReader(z, limit+1))
	if int64(len(plain)) > limit {
		return nil, TooLarge(limit)
	}
	return plain, err
}

// inflateRequest undoes the content encoding of a request: gzip in lower case, and
// no other.
func inflateRequest(header http.Header, raw []byte, limit int64) ([]byte, error) {
	switch strings.Join(header.Values("Content-Encoding"), ", ") {
	case "":
		return raw, nil
	case "gzip":
	default:
		return nil, notSupported()
	}
	plain, err := gunzip(raw, limit)
	var refusal *Error
	switch {
	case err == nil || errors.As(err, &refusal):
		return plain, err
	case len(raw) > 0 && !bytes.HasPrefix(raw, []byte{0x1F, 0x8B}), errors.Is(err, gzip.ErrHeader):
		return nil, brokenGzip("incorrect header check", err)
	case errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF):
		return nil, brokenGzip("unexpected end of file", err)
	default:
		return nil, brokenGzip("incorrect data check", err)
	}
}

// brokenGzip returns the error of a body that is not gzip, in the words of zlib.
func brokenGzip(message string, cause error) *Error {
	return &Error{Status: http.StatusInternalServerError, Type: "Error", Message: message, cause: cause}
}
