// Package capture copies bodies as they pass.
package capture

import (
	"bytes"
	"io"
	"sync"

	"github.com/losantmock/losantmock/contract/decode"
)

// Body is a body that copies what is read through it.
type Body struct {
	from io.ReadCloser
	done func(*Body)

	mu       sync.Mutex // a request's body is read by the transport's goroutine
	copy     bytes.Buffer
	whole    bool
	tooLarge bool
	once     sync.Once
}

// New returns a body that copies another. It calls done once, at the end or when it
// is closed; nil is no function.
func New(from io.ReadCloser, done func(*Body)) *Body { return &Body{from: from, done: done} }

// Read reads from the body, and copies what was read.
func (b *Body) Read(p []byte) (int, error) {
	n, err := b.from.Read(p)
	b.mu.Lock()
	if b.copy.Len()+n > decode.MaxResponseSize {
		b.tooLarge = true
	} else {
		b.copy.Write(p[:n])
	}
	if err == io.EOF { //nolint:errorlint // a Reader returns io.EOF itself
		b.whole = true
	}
	b.mu.Unlock()
	if err != nil {
		b.end()
	}
	return n, err
}

// Close closes the body.
func (b *Body) Close() error {
	b.end()
	return b.from.Close()
}

func (b *Body) end() {
	if b.done != nil {
		b.once.Do(func() { b.done(b) })
	}
}

// Copied returns what was read, up to [decode.MaxResponseSize].
func (b *Body) Copied() []byte {
	b.mu.Lock()
	defer b.mu.Unlock()
	return bytes.Clone(b.copy.Bytes())
}

// Whole reports whether the body was read to its end.
func (b *Body) Whole() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.whole
}

// TooLarge reports whether more was read than is copied.
func (b *Body) TooLarge() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.tooLarge
}
