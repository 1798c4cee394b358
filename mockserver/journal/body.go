package journal

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"strings"
	"unicode/utf8"

	"github.com/losantmock/losantmock/contract/decode"
)

// PlainBody returns a body without its content encoding. Where it can't be inflated,
// it returns the body as sent, with the error of [decode.Inflate].
func PlainBody(sent []byte, encoding string, limit int64) ([]byte, error) {
	plain, err := decode.Inflate(sent, encoding, limit)
	if err != nil {
		return sent, err
	}
	return plain, nil
}

// SetBody sets the members of the body to those of a body as it was sent with the
// header. It is inflated to at most limit bytes.
func (r *Request) SetBody(sent []byte, limit int64) {
	plain, err := PlainBody(sent, r.Header.Get("Content-Encoding"), limit)
	r.Body, r.RawBody, r.BodyEncoded = plain, nil, err != nil
	if !bytes.Equal(plain, sent) {
		r.RawBody = sent
	}
}

// SentBody returns the body as it was sent.
func (r *Request) SentBody() []byte {
	if r.RawBody != nil {
		return r.RawBody
	}
	return r.Body
}

// replaceBody replaces the body, and compresses the raw body of a changed one.
func (r *Request) replaceBody(plain []byte) {
	if bytes.Equal(plain, r.Body) {
		return
	}
	r.Body = plain
	if r.RawBody != nil {
		r.RawBody = compressed(plain)
	}
}

// bodyTexts returns a body as the JSON members body and bodyAsBase64. A text of which
// nobody reads much, and which takes more bytes in JSON than in base64, is in base64
// alone: a control character takes six.
func bodyTexts(body []byte, bodyAsBase64 func([]byte) string) (text, encoded string) {
	text = decode.Text(body)
	if len(body) <= mostEscaped || jsonSize(text) <= base64.StdEncoding.EncodedLen(len(body)) {
		return text, bodyAsBase64(body)
	}
	return "", InBase64(body)
}

// mostEscaped is how many bytes of a body are always written as a text.
const mostEscaped = 4 << 10

// jsonSize returns about how many bytes a text takes in JSON, with those of control
// characters and of what is not UTF-8.
func jsonSize(text string) int {
	size := 0
	for _, c := range text {
		switch {
		case c == utf8.RuneError || c < ' ' && !strings.ContainsRune("\t\n\r", c):
			size += len(`\u0000`)
		default:
			size += utf8.RuneLen(c)
		}
	}
	return size
}

func compressed(plain []byte) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write(plain) // a buffer takes everything
	_ = z.Close()
	return b.Bytes()
}
