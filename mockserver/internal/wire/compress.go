package wire

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"sync"
)

// Kept is a body that is kept for more than one response. It is compressed once: that
// takes longer than all else that is done for a response, and most clients ask for it.
type Kept struct {
	Body []byte

	once   sync.Once
	packed []byte
}

// Response returns a successful response that has the body.
func (k *Kept) Response() *Response {
	return &Response{Status: http.StatusOK, Body: k.Body, Kept: k}
}

func (k *Kept) compressed() []byte {
	k.once.Do(func() { k.packed = compressed(k.Body) })
	return k.packed
}

// has reports whether a body is the one that is kept: a response may have got another.
func (k *Kept) has(body []byte) bool {
	return k != nil && len(body) > 0 && len(body) == len(k.Body) && &body[0] == &k.Body[0]
}

// compressed returns the body of a response with gzip.
func (r *Response) compressed() []byte {
	if r.Kept.has(r.Body) {
		return r.Kept.compressed()
	}
	return compressed(r.Body)
}

// compressors use the quickest level: its texts are a tenth longer than those of the
// default, in half of the time.
var compressors = sync.Pool{New: func() any {
	z, _ := gzip.NewWriterLevel(nil, gzip.BestSpeed) // a level that there is
	return z
}}

func compressed(body []byte) []byte {
	var b bytes.Buffer
	z := compressors.Get().(*gzip.Writer)
	defer compressors.Put(z)
	z.Reset(&b)
	_, _ = z.Write(body) // a buffer takes everything
	_ = z.Close()
	return b.Bytes()
}
