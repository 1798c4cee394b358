package wire

import (
	"bytes"
	"testing"
)

// A body that is kept is compressed once, and a response that has got another body sends
// that.
func TestAKeptBodyIsCompressedOnce(t *testing.T) {
	t.Parallel()
	kept := &Kept{Body: []byte(`{"name":"Door"}`)}
	first, second := kept.Response(), kept.Response()
	first.Gzipped, second.Gzipped = true, true
	if a, b := first.Sent(), second.Sent(); &a[0] != &b[0] || !bytes.Equal(a, compressed(kept.Body)) {
		t.Errorf("%x %x", a, b)
	}
	second.Body = []byte(`{"name":"Gate"}`)
	if !bytes.Equal(second.Sent(), compressed(second.Body)) {
		t.Errorf("%x", second.Sent())
	}
	second.Body = kept.Body[:2:2]
	if !bytes.Equal(second.Sent(), compressed(second.Body)) {
		t.Errorf("%x", second.Sent())
	}
}
