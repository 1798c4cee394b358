package mockserver

import (
	"context"
	"log/slog"
	"strings"
)

// log writes one line for a request. Tokens and bodies stay out of it.
func (w *world) log(e *entry) {
	o := e.known()
	level := slog.LevelInfo
	if o.panic != "" {
		level = slog.LevelError
	}
	if !w.logger.Enabled(context.Background(), level) {
		return
	}
	path, _, _ := strings.Cut(e.target, "?") // a query can hold a token
	fields := []slog.Attr{
		slog.String("method", e.method),
		slog.String("path", path),
		slog.Int("status", o.answer.status),
		slog.Duration("took", o.took),
	}
	if o.op != nil {
		fields = append(fields, slog.String("operation", o.op.Name))
	}
	if v := o.answer.violation; v != nil {
		fields = append(fields, slog.String("why", v.Error()))
	}
	if o.hint != "" {
		fields = append(fields, slog.String("hint", o.hint))
	}
	if o.panic != "" {
		fields = append(fields, slog.String("panic", o.panic))
	}
	w.logger.LogAttrs(context.Background(), level, "request", fields...)
}
