package decode

import (
	"bytes"
	"crypto/md5"
	"encoding/base64"
	"encoding/csv"
	"fmt"
	"net/http"
	"strings"
	"unicode/utf8"
)

// Body decodes the body of a request by the content type and the encoding in
// its header. The inflated body may have at most limit bytes. The value is not
// given for a body without a content type or of plain bytes, and for one that has
// the Content-Length 0. The error is an [*Error].
func Body(header http.Header, raw []byte, limit int64) (Value, error) {
	contentType := header.Get("Content-Type")
	kind := KindOf(contentType)
	switch {
	case kind == KindNone || kind == KindBytes || header.Get("Content-Length") == "0":
		return Value{}, nil
	case kind == KindMultipart:
		_, parameters := MediaType(contentType)
		return parseMultipart(raw, parameters["boundary"])
	}
	plain, err := inflateRequest(header, raw, limit)
	if err != nil {
		return Value{}, err
	}
	if err := checkDigest(header.Get("Content-MD5"), raw); err != nil {
		return Value{}, err
	}
	if len(plain) == 0 && kind != KindOther && kind != KindJSONLike {
		return Value{Given: true, Body: ""}, nil // the parsers pass on an empty text
	}
	switch kind {
	case KindJSON, KindJSONLike:
		return parseJSON(plain)
	case KindForm:
		return Value{Given: true, Body: parseForm(plain)}, nil
	case KindTable:
		return parseTable(plain, contentType)
	case KindText:
		return Value{Given: true, Body: Text(plain)}, nil
	default:
		return Value{Given: true, Body: byIndex(plain)}, nil
	}
}

// checkDigest holds a body, as it was sent, against its Content-MD5. The digest of
// an empty body is not looked at.
func checkDigest(digest string, raw []byte) error {
	sum := md5.Sum(raw)
	if want := base64.StdEncoding.EncodeToString(sum[:]); digest != "" && digest != want && len(raw) > 0 {
		return &Error{Status: http.StatusBadRequest, Code: "BadDigest", Message: fmt.Sprintf("Content-MD5 '%s' didn't match '%s'", digest, want)}
	}
	return nil
}

// byIndex returns bytes as a schema sees them: an object whose properties are
// indexes. It has one of them at most, since one is as many as needed to break a
// schema.
func byIndex(plain []byte) map[string]any {
	if len(plain) == 0 {
		return map[string]any{}
	}
	return map[string]any{"0": float64(plain[0])}
}

// parseTable reads a table as a list of its rows. No operation has a list as its
// body, so the rows are left out. Tabs separate the cells of text/tsv alone: the
// framework reads text/tab-separated-values by commas.
func parseTable(plain []byte, contentType string) (Value, error) {
	table := csv.NewReader(bytes.NewReader(plain))
	if name, _ := MediaType(contentType); name == "text/tsv" {
		table.Comma = '\t'
	}
	if _, err := table.ReadAll(); err != nil {
		return Value{}, &Error{Status: http.StatusInternalServerError, Code: "Internal", Message: "Error: " + err.Error(), cause: err}
	}
	return Value{Given: true, Body: []any{}}, nil
}

func parseJSON(plain []byte) (Value, error) {
	v, err := JSON(plain)
	if err != nil {
		words := err.Error()
		return Value{}, &Error{
			Status: http.StatusBadRequest, Code: "InvalidContent",
			Message: "Invalid JSON: " + strings.ToUpper(words[:1]) + words[1:], cause: err,
		}
	}
	return Value{Given: true, Body: v, JSON: string(plain)}, nil
}

func parseForm(plain []byte) map[string]any {
	fields := map[string]any{}
	for name, v := range ParseQuery(string(plain)) {
		if v.List {
			fields[name] = v.Body
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
