package decode

import (
	"net/http"
	"strconv"
)

// Error says why a body can't be read, as the API responds to it.
type Error struct {
	Status  int
	Code    string
	Message string

	cause error
}

// Error returns the message.
func (e *Error) Error() string { return e.Message }

// Unwrap returns the error of the parser, or nil where there is none.
func (e *Error) Unwrap() error { return e.cause }

// TooLarge is the error of a body that has more bytes than the limit.
func TooLarge(limit int64) *Error {
	return &Error{
		Status: http.StatusRequestEntityTooLarge, Code: "PayloadTooLarge",
		Message: "The body has more bytes than allowed: " + strconv.FormatInt(limit, 10),
	}
}

func badRequest(message string, cause error) *Error {
	if cause != nil {
		message += ": " + cause.Error()
	}
	return &Error{Status: http.StatusBadRequest, Code: "BadRequest", Message: message, cause: cause}
}
