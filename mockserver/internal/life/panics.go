package life

import (
	"fmt"
	"log/slog"
	"runtime/debug"
	"strings"
	"sync/atomic"
)

// Panics counts what went wrong in the server itself: bugs to report.
type Panics struct {
	Logger *slog.Logger
	Count  atomic.Uint64
}

// Note counts a panic, and returns it with its stack. It is called by the
// deferred function that has recovered.
func (p *Panics) Note(problem any) string {
	p.Count.Add(1)
	return fmt.Sprintf("%v\n%s", problem, debug.Stack())
}

// Log logs a panic with the request that led to it.
func (p *Panics) Log(method, target, panicked string) {
	path, _, _ := strings.Cut(target, "?") // a query can hold a token
	p.Logger.Error("panic", "method", method, "path", path, "panic", panicked)
}
