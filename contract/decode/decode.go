// Package decode turns bytes into values, as Losant's framework reads them:
// queries, forms, multipart bodies, gzip, and JSON.
//
// Request bodies are read by their content type:
//
//	value, err := decode.Body(request.Header, raw, limit)
//	var refusal *decode.Error
//	if errors.As(err, &refusal) {
//		// The API responds with refusal.Status, refusal.Code and refusal.Message.
//	}
//
// [Body] undoes the content encoding with [Inflate], classifies the content
// type with [KindOf], and reads what it finds with [JSON], [ParseQuery] or
// [Parts]. [Exact] reads JSON without rounding its numbers.
//
// [Pairs] is the one reader of queries and forms. On it stand [ParseQuery], in the
// way of the API; [Fields], in that of workflows; and [Values]. The token of a
// request is read with [AccessToken].
// Cookies are read with [Cookies].
//
// The package imports no other package of this module.
package decode

import (
	"mime"
	"net/http"
	"regexp"
	"strconv"
	"strings"
)

// Kind is how a body is read.
type Kind int

// The kinds of bodies.
const (
	KindOther     Kind = iota // any type that is not below: the body stays bytes
	KindNone                  // without a content type
	KindBytes                 // application/octet-stream
	KindJSON                  // application/json
	KindJSONLike              // application/geo+json and its like
	KindForm                  // application/x-www-form-urlencoded
	KindMultipart             // multipart/form-data
	KindTable                 // text/csv and its like
	KindText                  // text/plain and its like
)

// jsonLike matches the other content types that are JSON: what stands before the
// plus is letters and dots, and anything may follow.
var jsonLike = regexp.MustCompile(`^application/[a-z.]+\+json`)

// KindOf returns the kind of a content type. It looks at what stands before the
// first semicolon, with its blanks: "application/json ; x" is no JSON.
func KindOf(contentType string) Kind {
	name, _, _ := strings.Cut(contentType, ";")
	switch name = strings.ToLower(name); name {
	case "":
		return KindNone
	case "application/octet-stream":
		return KindBytes
	case "application/json":
		return KindJSON
	case "application/x-www-form-urlencoded":
		return KindForm
	case "multipart/form-data":
		return KindMultipart
	case "text/csv", "text/tsv", "text/tab-separated-values":
		return KindTable
	}
	switch {
	case jsonLike.MatchString(name):
		return KindJSONLike
	case strings.HasPrefix(name, "text/"):
		return KindText
	default:
		return KindOther
	}
}

// MediaType returns the name of a content type, in lower case, and its
// parameters. Of a malformed one it returns what it can read.
func MediaType(contentType string) (name string, parameters map[string]string) {
	if contentType == "application/json" {
		return contentType, nil // as nearly every client sends it
	}
	name, parameters, err := mime.ParseMediaType(contentType)
	if err != nil {
		name, _, _ = strings.Cut(contentType, ";")
		name = strings.ToLower(strings.TrimSpace(name))
	}
	return name, parameters
}

// Value is the value that a request has for one parameter.
type Value struct {
	// Given is false when the request lacks the parameter.
	Given bool
	// List is true when it was given more than once, or as name[]=.
	List bool
	// Text is the first text that was given; blank for a body.
	Text string
	// Body is the decoded body, for a body parameter; of a query parameter that was
	// given more than once or with brackets, it is the list or the object of it.
	Body any
	// JSON is the text of a body that is JSON; blank for another. It has the order of
	// keys, which Body has not.
	JSON string

	files *map[string]File // of a multipart body; a pointer, so that values can be compared
}

// File returns the file in a field of a multipart body, and whether there is one.
func (v Value) File(name string) (File, bool) {
	if v.files == nil {
		return File{}, false
	}
	file, ok := (*v.files)[name]
	return file, ok
}

// File is a file in a multipart body.
type File struct {
	Name    string // as the client named it
	Type    string // its content type
	Content []byte
}

// Error is the reason why a body can't be read, as the API responds with it.
type Error struct {
	// Status is the status of the response, such as 400.
	Status int
	// Code is the code in the response, such as "InvalidContent"; blank for an error
	// that has a type in its place, as those of other steps do.
	Code string
	// Type is that type.
	Type string
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
