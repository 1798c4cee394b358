package decode

import (
	"mime"
	"strings"
)

// Kind is how a body is read.
type Kind int

// The kinds of bodies.
const (
	KindOther     Kind = iota // any type that is not below
	KindNone                  // without a content type
	KindBytes                 // application/octet-stream
	KindJSON                  // application/json
	KindJSONLike              // application/geo+json and its like
	KindForm                  // application/x-www-form-urlencoded
	KindMultipart             // multipart/form-data
	KindText                  // text/plain and its like
)

// KindOf returns the kind of a content type, and its parameters, such as the
// boundary of a multipart body.
func KindOf(contentType string) (Kind, map[string]string) {
	name, parameters := MediaType(contentType)
	switch {
	case name == "":
		return KindNone, parameters
	case name == "application/octet-stream":
		return KindBytes, parameters
	case name == "application/json":
		return KindJSON, parameters
	case strings.HasPrefix(name, "application/") && strings.HasSuffix(name, "+json"):
		return KindJSONLike, parameters
	case name == "application/x-www-form-urlencoded":
		return KindForm, parameters
	case name == "multipart/form-data":
		return KindMultipart, parameters
	case strings.HasPrefix(name, "text/"):
		return KindText, parameters
	default:
		return KindOther, parameters
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
