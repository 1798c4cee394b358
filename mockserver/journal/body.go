package journal

import (
	"bytes"
	"compress/gzip"

	"github.com/losantmock/losantmock/contract/decode"
)

// maxPlainBody is the most bytes that a body inflates to: a larger one is shown
// as it was sent.
const maxPlainBody = 16 << 20

// PlainBody returns a body without its content encoding. One that can't be
// inflated is returned as it was sent.
func PlainBody(sent []byte, encoding string) []byte {
	plain, err := decode.Inflate(sent, encoding, maxPlainBody)
	if err != nil {
		return sent
	}
	return plain
}

// SetBody sets the body and the raw body to those of a body as it was sent with
// the header.
func (r *Request) SetBody(sent []byte) {
	r.Body, r.RawBody = PlainBody(sent, r.Header.Get("Content-Encoding")), nil
	if !bytes.Equal(r.Body, sent) {
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

func compressed(plain []byte) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write(plain) // a buffer takes everything
	_ = z.Close()
	return b.Bytes()
}
