package wire

import (
	"net/http"
	"time"

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
	r.allow = allow
	return r
}

// RateLimited returns the response to one request too many. It names the time to
// wait, one second at least.
func RateLimited(wait time.Duration) *Response {
	r := Error(http.StatusTooManyRequests, "RateLimited", "Too many requests")
	r.RetryAfter = max(wait, time.Second)
	return r
}
