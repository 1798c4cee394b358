package decode

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"strings"
	"unicode/utf8"
)

// Body decodes the body of a request by the content type and the encoding in
// its header. The inflated body may have at most limit bytes. For a body
// without a content type, or of plain bytes, the value is not given. The error
// is an [*Error].
func Body(header http.Header, raw []byte, limit int64) (Value, error) {
	if len(raw) == 0 {
		return Value{}, nil
	}
	plain, err := Inflate(raw, header.Get("Content-Encoding"), limit)
	if err != nil {
		return Value{}, err
	}
	switch kind, parameters := KindOf(header.Get("Content-Type")); kind {
	case KindNone, KindBytes:
		return Value{}, nil
	case KindJSON, KindJSONLike:
		return parseJSON(plain)
	case KindForm:
		return Value{Given: true, Body: parseForm(plain)}, nil
	case KindMultipart:
		return parseMultipart(plain, parameters["boundary"])
	case KindText:
		return Value{Given: true, Body: Text(plain)}, nil
	default:
		return Value{Given: true, Body: map[string]any{}}, nil
	}
}

func parseJSON(plain []byte) (Value, error) {
	v, err := JSON(plain)
	if err != nil {
		return Value{}, &Error{Status: http.StatusBadRequest, Code: "InvalidContent", Message: "Invalid JSON: " + err.Error(), cause: err}
	}
	return Value{Given: true, Body: v}, nil
}

func parseForm(plain []byte) map[string]any {
	fields := map[string]any{}
	for name, v := range ParseQuery(string(plain)) {
		if v.List {
			fields[name] = []any{v.Text}
		} else {
			fields[name] = v.Text
		}
	}
	return fields
}

// Text returns a text as the API reads it: what is not UTF-8 becomes U+FFFD, once
// for each byte, or for a character whose end is missing.
func Text(b []byte) string {
	if utf8.Valid(b) {
		return string(b)
	}
	var text strings.Builder
	for len(b) > 0 {
		character, n := utf8.DecodeRune(b)
		if character == utf8.RuneError {
			for n < len(b) && !utf8.FullRune(b[:n+1]) {
				n++
			}
		}
		text.WriteRune(character)
		b = b[n:]
	}
	return text.String()
}

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
