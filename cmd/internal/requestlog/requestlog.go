// Package requestlog logs requests as lines for people.
package requestlog

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/losantmock/losantmock/contract/visible"
)

// Handler is a slog.Handler that logs for people: a request is one line that reads like a server's
// access log, everything else its level, its words and what is known of it.
type Handler struct {
	level slog.Level
	known string // of WithAttrs

	mu *sync.Mutex
	w  io.Writer
}

// New returns a handler that writes what has at least a level.
func New(w io.Writer, level slog.Level) *Handler {
	return &Handler{level: level, mu: new(sync.Mutex), w: w}
}

// Enabled is of slog.Handler.
func (h *Handler) Enabled(_ context.Context, level slog.Level) bool { return level >= h.level }

// WithAttrs is of slog.Handler.
func (h *Handler) WithAttrs(attrs []slog.Attr) slog.Handler {
	with := *h
	for _, a := range attrs {
		with.known += " " + visible.Text(a.String())
	}
	return &with
}

// WithGroup is of slog.Handler. There are no groups in what is logged here.
func (h *Handler) WithGroup(string) slog.Handler { return h }

// Handle is of slog.Handler.
func (h *Handler) Handle(_ context.Context, r slog.Record) error {
	line := r.Time.Format("15:04:05.000") + "  "
	if r.Message == "request" {
		line += requestLine(r)
	} else {
		line += fmt.Sprintf("%-5s %s%s%s", strings.ToLower(r.Level.String()), visible.Text(r.Message), h.known, attributes(r))
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	_, err := io.WriteString(h.w, line+"\n")
	return err
}

// requestLine is status, operation, time and path of a request, and why it was
// refused.
func requestLine(r slog.Record) string {
	text := map[string]string{}
	var took time.Duration
	r.Attrs(func(a slog.Attr) bool {
		if a.Key == "took" {
			took = a.Value.Duration()
		}
		text[a.Key] = visible.Lines(a.Value.String()) // a panic has lines
		return true
	})
	line := fmt.Sprintf("%s  %-16s %8s  %-6s %s", text["status"], orDash(text["operation"]), took.Round(10*time.Microsecond), text["method"], text["path"])
	for _, more := range []string{"why", "hint", "panic"} {
		if text[more] != "" {
			line += "  " + more + ": " + text[more]
		}
	}
	return line
}

func orDash(text string) string {
	if text == "" {
		return "-"
	}
	return text
}

func attributes(r slog.Record) string {
	var b strings.Builder
	r.Attrs(func(a slog.Attr) bool {
		fmt.Fprintf(&b, "  %s: %s", visible.Text(a.Key), visible.Lines(a.Value.String())) // a stack has lines
		return true
	})
	return b.String()
}
