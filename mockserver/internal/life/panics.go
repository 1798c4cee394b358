package life

import (
	"fmt"
	"log/slog"
	"runtime/debug"
	"strings"
	"sync/atomic"
)

// Panics counts the panics of the server itself: each is a bug to report.
type Panics struct {
	Logger *slog.Logger
	Count  atomic.Uint64
}

// Note counts a panic, and returns its text with the stack. The deferred
// function that has recovered calls it.
func (p *Panics) Note(problem any) string {
	p.Count.Add(1)
	return fmt.Sprintf("%v\n%s", problem, debug.Stack())
}

// Log logs a panic with the request that led to it.
func (p *Panics) Log(method, target, panicked string) {
	path, _, _ := strings.Cut(target, "?") // a query can hold a token
	p.Logger.Error("panic", "method", method, "path", path, "panic", panicked)
}
