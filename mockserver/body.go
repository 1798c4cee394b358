package mockserver

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"strconv"
	"strings"

	"github.com/losantmock/losantmock/contract"
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
func (b body) value(h http.Header, limit int64) (contract.Value, *reply) {
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(b.err, &tooLarge):
		return contract.Value{}, bodyTooLarge(limit)
	case b.err != nil:
		return contract.Value{}, bodyError(http.StatusBadRequest, "BadRequest", "The body ended early: "+b.err.Error())
	case len(b.raw) == 0:
		return contract.Value{}, nil
	}
	plain, refusal := inflate(b.raw, h.Get("Content-Encoding"), limit)
	if refusal != nil {
		return contract.Value{}, refusal
	}
	kind, parameters := mediaType(h.Get("Content-Type"))
	switch {
	case kind == "" || kind == "application/octet-stream":
		return contract.Value{}, nil
	case kind == "application/json" || strings.HasPrefix(kind, "application/") && strings.HasSuffix(kind, "+json"):
		return parseJSON(plain)
	case kind == "application/x-www-form-urlencoded":
		return parseForm(plain), nil
	case kind == "multipart/form-data":
		return parseMultipart(plain, parameters["boundary"])
	case strings.HasPrefix(kind, "text/"):
		return contract.Value{Given: true, Body: text(plain)}, nil
	default:
		return contract.Value{Given: true, Body: map[string]any{}}, nil
	}
}

func bodyTooLarge(limit int64) *reply {
	return bodyError(http.StatusRequestEntityTooLarge, "PayloadTooLarge",
		"The body has more bytes than allowed: "+strconv.FormatInt(limit, 10))
}

// inflate undoes Content-Encoding; the inflated size is held to the limit.
func inflate(raw []byte, encoding string, limit int64) ([]byte, *reply) {
	switch strings.ToLower(strings.TrimSpace(encoding)) {
	case "", "identity":
		return raw, nil
	case "gzip":
	default:
		return nil, bodyError(http.StatusUnsupportedMediaType, "UnsupportedMediaType", "content encoding not supported")
	}
	z, err := gzip.NewReader(bytes.NewReader(raw))
	if err != nil {
		return nil, bodyError(http.StatusBadRequest, "BadRequest", "The body is not gzip: "+err.Error())
	}
	plain, err := io.ReadAll(io.LimitReader(z, limit+1))
	switch {
	case int64(len(plain)) > limit:
		return nil, bodyTooLarge(limit)
	case err != nil:
		return nil, bodyError(http.StatusBadRequest, "BadRequest", "The body is not gzip: "+err.Error())
	}
	return plain, nil
}

// mediaType reads a content type, and what can be read of a malformed one.
func mediaType(contentType string) (string, map[string]string) {
	if contentType == "application/json" {
		return contentType, nil // as nearly every client sends it
	}
	kind, parameters, err := mime.ParseMediaType(contentType)
	if err != nil {
		kind, _, _ = strings.Cut(contentType, ";")
		kind = strings.ToLower(strings.TrimSpace(kind))
	}
	return kind, parameters
}

func parseJSON(plain []byte) (contract.Value, *reply) {
	v, err := contract.DecodeJSON(plain)
	if err != nil {
		return contract.Value{}, bodyError(http.StatusBadRequest, "InvalidContent", "Invalid JSON: "+err.Error())
	}
	return contract.Value{Given: true, Body: v}, nil
}

func parseForm(plain []byte) contract.Value {
	fields := map[string]any{}
	for name, v := range contract.ParseQuery(string(plain)) {
		if v.List {
			fields[name] = []any{v.Text}
		} else {
			fields[name] = v.Text
		}
	}
	return contract.Value{Given: true, Body: fields}
}

// maxParts is how many parts of a multipart body are read. The limit is ours.
const maxParts = 1000

func parseMultipart(plain []byte, boundary string) (contract.Value, *reply) {
	if boundary == "" {
		return contract.Value{}, bodyError(http.StatusBadRequest, "BadRequest", "bad content-type header, no multipart boundary")
	}
	fields := map[string]any{}
	reader := multipart.NewReader(bytes.NewReader(plain), boundary)
	for range maxParts {
		part, err := reader.NextPart()
		if errors.Is(err, io.EOF) {
			return contract.Value{Given: true, Body: fields}, nil
		}
		var content []byte
		if err == nil {
			content, err = io.ReadAll(part)
		}
		if err != nil {
			return contract.Value{}, bodyError(http.StatusBadRequest, "BadRequest", "The multipart body can't be read: "+err.Error())
		}
		fields[part.FormName()] = text(content)
	}
	return contract.Value{}, bodyError(http.StatusBadRequest, "BadRequest", fmt.Sprintf("The multipart body has more than %d parts", maxParts))
}

func text(b []byte) string { return strings.ToValidUTF8(string(b), "�") }
