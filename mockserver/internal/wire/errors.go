package wire

import (
	"net/http"
	"time"
	"unicode/utf8"

	"github.com/losantmock/losantmock/contract"
)

// InternalError is the message of the response to a request that has caused a
// panic.
const InternalError = "Internal server error"

// Error returns an error of the API about parameters, tokens or resources. It has
// a type.
func Error(status int, kind, message string) *Response {
	return &Response{Status: status, Body: errorBody("type", kind, message)}
}

// BodyError returns an error of reading a request. It has a code in place of a
// type: it comes from another layer of the real service.
func BodyError(status int, code, message string) *Response {
	return &Response{Status: status, Body: errorBody("code", code, message)}
}

func errorBody(key, kind, message string) []byte {
	b := append([]byte(`{"`), key...)
	b = append(b, `":`...)
	b = AppendText(b, kind)
	b = append(b, `,"message":`...)
	b = AppendText(b, message)
	return append(b, '}')
}

// Invalid returns the response to a request that breaks the contract.
func Invalid(v *contract.Violation) *Response {
	r := Error(http.StatusBadRequest, "Validation", v.Error())
	r.Violation = v
	return r
}

// NotFound returns the response for a resource, such as "Webhook", that there is
// not.
func NotFound(what string) *Response {
	return Error(http.StatusNotFound, "NotFound", what+" was not found")
}

// NoPath returns the response for a path with an escape that does not decode, or that
// is not UTF-8. It names the path as it was sent.
func NoPath(path string) *Response {
	return Error(http.StatusNotFound, "NotFound", path+" does not exist")
}

// Unauthorized returns the response to a token or password that is not valid.
func Unauthorized(message string) *Response {
	return Error(http.StatusUnauthorized, "Unauthorized", message)
}

// Forbidden returns the response to a caller without the scope for an operation.
func Forbidden() *Response {
	return Error(http.StatusForbidden, "Forbidden", "Access is forbidden")
}

// MethodNotAllowed returns the response to a method that a path does not have.
func MethodNotAllowed(method, allow string) *Response {
	r := Error(http.StatusMethodNotAllowed, "MethodNotAllowed", method+" is not allowed")
	if allow != "" {
		r.More = []Header{Field("Allow", allow)}
	}
	return r
}

// RateLimited returns the response to one request too many. It names the time to
// wait, one second at least.
func RateLimited(wait time.Duration) *Response {
	r := Error(http.StatusTooManyRequests, "RateLimited", "Too many requests")
	r.RetryAfter = max(wait, time.Second)
	return r
}

// ServerError returns the response to a request that has caused a panic.
func ServerError() *Response {
	return Error(http.StatusInternalServerError, "ServerError", InternalError)
}

// Maintenance returns the response of a service that is down. Its words are ours.
func Maintenance() *Response {
	return Error(http.StatusServiceUnavailable, "Maintenance", "The service is down for maintenance")
}

// LimitReached returns the response to a request that would make the server keep
// more than it may. To send it again is no use as long as nothing is deleted: unlike
// that of RateLimited, the response names no time to wait.
func LimitReached(reason error) *Response {
	return Error(http.StatusTooManyRequests, "LimitReached", reason.Error())
}

// AppendText appends a string as JSON.stringify writes it. That escapes less
// than encoding/json: only quotes, backslashes and control characters.
func AppendText(b []byte, s string) []byte {
	const hex = "0123456789abcdef"
	b = append(b, '"')
	for i := 0; i < len(s); {
		c := s[i]
		if c >= utf8.RuneSelf {
			r, size := utf8.DecodeRuneInString(s[i:])
			b = utf8.AppendRune(b, r) // U+FFFD for a byte that is no UTF-8
			i += size
			continue
		}
		switch {
		case c == '"' || c == '\\':
			b = append(b, '\\', c)
		case c >= ' ':
			b = append(b, c)
		case c == '\b':
			b = append(b, '\\', 'b')
		case c == '\f':
			b = append(b, '\\', 'f')
		case c == '\n':
			b = append(b, '\\', 'n')
		case c == '\r':
			b = append(b, '\\', 'r')
		case c == '\t':
			b = append(b, '\\', 't')
		default:
			b = append(b, '\\', 'u', '0', '0', hex[c>>4], hex[c&0xF])
		}
		i++
	}
	return append(b, '"')
}

// Quoted returns a text as a JSON string, for messages.
func Quoted(s string) string { return string(AppendText(nil, s)) }
