package mocktest

import (
	"context"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"
)

// LogFunc is a [slog.Handler] that calls a function with each message and its
// attributes.
type LogFunc func(message string, attrs map[string]string)

// Enabled implements [slog.Handler]: every level is.
func (f LogFunc) Enabled(context.Context, slog.Level) bool { return true }

// WithAttrs implements [slog.Handler].
func (f LogFunc) WithAttrs([]slog.Attr) slog.Handler { return f }

// WithGroup implements [slog.Handler].
func (f LogFunc) WithGroup(string) slog.Handler { return f }

// Handle implements [slog.Handler].
func (f LogFunc) Handle(_ context.Context, r slog.Record) error {
	attrs := map[string]string{}
	r.Attrs(func(a slog.Attr) bool {
		attrs[a.Key] = a.Value.String()
		return true
	})
	f(r.Message, attrs)
	return nil
}

// Log is a text that several goroutines may write to while others read it.
type Log struct {
	mu   sync.Mutex
	text strings.Builder
}

// Write implements [io.Writer].
func (l *Log) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(b)
}

// String returns all that was written.
func (l *Log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// Until waits for a condition that another goroutine brings about.
func Until(t testing.TB, what string, holds func() bool) {
	t.Helper()
	deadline := time.Now().Add(patience)
	for !holds() {
		if time.Now().After(deadline) {
			t.Fatalf("not within %s: %s", patience, what)
		}
		time.Sleep(2 * time.Millisecond) // between two looks
	}
}
