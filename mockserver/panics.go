package mockserver

import (
	"fmt"
	"log/slog"
	"runtime/debug"
	"strings"
	"sync/atomic"
)

// panics counts what went wrong in the server itself: bugs to report.
type panics struct {
	logger *slog.Logger
	count  atomic.Uint64
}

// note counts a panic, and returns it with its stack. It is called by the
// deferred function that has recovered.
func (p *panics) note(problem any) string {
	p.count.Add(1)
	return fmt.Sprintf("%v\n%s", problem, debug.Stack())
}

// log logs a panic with the request that led to it.
func (p *panics) log(method, target, panicked string) {
	path, _, _ := strings.Cut(target, "?") // a query can hold a token
	p.logger.Error("panic", "method", method, "path", path, "panic", panicked)
}
