package admin

import (
	"errors"
	"net/http"

	"github.com/losantmock/losantmock/mockserver/internal/effort"
	"github.com/losantmock/losantmock/mockserver/internal/life"
	"github.com/losantmock/losantmock/mockserver/internal/matcher"
	"github.com/losantmock/losantmock/mockserver/internal/trigger"
	"github.com/losantmock/losantmock/mockserver/internal/wire"
	"github.com/losantmock/losantmock/mockserver/internal/world"
)

// done is the response to a call that was carried out: an empty object.
type done struct{}

// document is a response that is not JSON, with its header.
type document struct {
	header map[string]string
	text   []byte
}

// ServeHTTP writes the document.
func (d document) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	for name, value := range d.header {
		w.Header().Set(name, value)
	}
	w.Header().Set("X-Content-Type-Options", "nosniff")
	_, _ = w.Write(d.text) // fails only when the client has left
}

// What is indented, so that people can read it: in a deeper or larger response, the
// blanks alone could take a hundred times as much as what they indent.
const (
	mostIndentedDepth = 32
	mostIndentedBytes = 4 << 20
)

// writeJSON responds with a value as JSON. The value is encoded before the status is
// sent: a response is complete, or an error.
func writeJSON(w http.ResponseWriter, status int, value any) {
	text, err := encode(value, "")
	if err != nil {
		WriteError(w, err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_, _ = w.Write(text) // fails only when the client has left
}

// callError is why a call fails, with the status of its response.
type callError struct {
	error
	status  int
	pointer string // to the part of the call that is wrong; blank is the whole
}

// Unwrap returns the error without the status.
func (e *callError) Unwrap() error { return e.error }

// failure returns an error with the status of its response.
func failure(status int, pointer, reason string) error {
	return &callError{errors.New(reason), status, pointer}
}

// withStatus returns err with the status of its response; nil for nil. The
// errors that come first in [statusOf] keep the status that they have there.
func withStatus(status int, err error) error {
	if err == nil {
		return nil
	}
	return &callError{err, status, ""}
}

// statusOf returns the status of the response that reports an error.
func statusOf(err error) int {
	var failed *callError
	switch {
	case errors.Is(err, world.ErrSandboxTaken):
		return http.StatusConflict
	case errors.Is(err, world.ErrManySandboxes), errors.As(err, new(*world.RoomError)), errors.Is(err, trigger.ErrManyReplies):
		return http.StatusTooManyRequests
	case errors.Is(err, trigger.ErrReplyInvalid), errors.As(err, new(*matcher.PatternError)):
		return http.StatusUnprocessableEntity
	case errors.As(err, new(life.DroppedError)):
		return http.StatusGone
	case errors.Is(err, life.ErrShutdown), errors.Is(err, effort.ErrLate):
		return http.StatusServiceUnavailable
	case errors.As(err, &failed):
		return failed.status
	case errors.Is(err, world.ErrSandboxName):
		return http.StatusNotFound
	default:
		return http.StatusInternalServerError
	}
}

// problem is an error as WireMock reports it. Message is our sentence where the
// detail is WireMock's, which names Java classes.
type problem struct {
	Code    int     `json:"code"`
	Source  *source `json:"source,omitempty"`
	Title   string  `json:"title"`
	Detail  string  `json:"detail,omitempty"`
	Message string  `json:"message,omitempty"`
}

type source struct {
	Pointer string `json:"pointer,omitempty"`
}

// WriteError responds with an error as WireMock does: to a call of the admin
// API, and to a request for a sandbox that is not there.
func WriteError(w http.ResponseWriter, err error) {
	p := problem{Code: 10, Title: err.Error()}
	var failed *callError
	var pattern *matcher.PatternError
	switch {
	case errors.As(err, &pattern):
		p.Source, p.Title, p.Detail = &source{pattern.Pointer}, "Error parsing JSON", pattern.Detail
		if pattern.WireMock != "" {
			p.Detail, p.Message = pattern.WireMock, pattern.Detail
		}
	case errors.As(err, &failed) && failed.pointer != "":
		p.Source = &source{failed.pointer}
	}
	writeJSON(w, statusOf(err), map[string][]problem{"errors": {p}})
}

// SandboxError returns the response to a request to the API whose sandbox is not
// there. If the sandbox was dropped the client knew it, and gets an error in the
// API's own form.
func SandboxError(err error) *wire.Response {
	switch {
	case errors.As(err, new(life.DroppedError)):
		return wire.Error(http.StatusGone, "Gone", err.Error())
	case errors.Is(err, world.ErrTokenRevoked), errors.Is(err, world.ErrTokenUnknown):
		return wire.Unauthorized(err.Error())
	}
	return wire.Captured(func(w http.ResponseWriter) { WriteError(w, err) })
}

// WriteInternalError writes the error document for a panic.
func WriteInternalError(w http.ResponseWriter) {
	WriteError(w, failure(http.StatusInternalServerError, "", wire.InternalError))
}
