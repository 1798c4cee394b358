package mockserver

import (
	"context"
	"log/slog"
	"strings"
)

// log writes one line for a request. Tokens and bodies stay out of it.
func (w *world) log(e *entry) {
	level := slog.LevelInfo
	if e.panic != "" {
		level = slog.LevelError
	}
	if !w.logger.Enabled(context.Background(), level) {
		return
	}
	path, _, _ := strings.Cut(e.target, "?") // a query can hold a token
	fields := []slog.Attr{
		slog.String("method", e.method),
		slog.String("path", path),
		slog.Int("status", e.answer.status),
		slog.Duration("took", e.took),
	}
	if e.op != nil {
		fields = append(fields, slog.String("operation", e.op.Name))
	}
	if v := e.answer.violation; v != nil {
		fields = append(fields, slog.String("why", v.Error()))
	}
	if e.panic != "" {
		fields = append(fields, slog.String("panic", e.panic))
	}
	w.logger.LogAttrs(context.Background(), level, "request", fields...)
}
