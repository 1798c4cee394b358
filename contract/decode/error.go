package decode

import (
	"net/http"
	"strconv"
)

// Error is the reason why a body can't be read, as the API responds with it.
type Error struct {
	// Status is the status of the response, such as 400.
	Status int
	// Code is the code in the response, such as "InvalidContent".
	Code string
	// Message is the message in the response.
	Message string

	cause error
}

// Error returns the message.
func (e *Error) Error() string { return e.Message }

// Unwrap returns the error of the parser, or nil.
func (e *Error) Unwrap() error { return e.cause }

// TooLarge returns the error of a body that has more bytes than the limit.
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
