package contract

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/losantmock/losantmock/contract/internal/validate"
	"github.com/losantmock/losantmock/contract/secret"
)

// Phrases of the API for what is wrong, which [Violation.What] has.
const (
	IsRequired           = validate.IsRequired // of an object that lacks the property in Detail
	WrongType            = validate.WrongType
	MustBeEnum           = validate.MustBeEnum
	PatternMismatch      = validate.PatternMismatch
	TooShort             = validate.TooShort
	TooLong              = validate.TooLong
	LessThanMinimum      = validate.LessThanMinimum
	MoreThanMaximum      = validate.MoreThanMaximum
	AdditionalProperties = validate.AdditionalProperties // of an object that has the property in Detail
)

// Violation is a broken promise: where, and what is wrong there, in the
// grammar of the real API, "{path} {what}".
type Violation struct {
	// Field is the parameter, with ".name" for a field of the body:
	// "sortField", "webhook", "webhook.name".
	Field string `json:"field"`
	// What is one of the API's phrases, such as "is more than maximum".
	What string `json:"what"`
	// Detail is the limit or the name that What leaves out, for people:
	// "599" for a maximum. The real API does not send it.
	Detail string `json:"detail,omitempty"`
	// Path leads to the value inside the one that was checked, key by key. It
	// ends at the object that lacks a property or has one too many.
	Path []string `json:"-"`
}

// Error returns the message that the API sends: field and phrase.
func (v *Violation) Error() string { return v.Field + " " + v.What }

// detailed returns the phrase with its detail, for people.
func (v *Violation) detailed() string {
	if v.Detail == "" {
		return v.What
	}
	return v.What + " (" + v.Detail + ")"
}

// StatusText returns a status with its meaning, as findings show it: "404 Not
// Found".
func StatusText(status int) string {
	return strings.TrimSpace(fmt.Sprintf("%d %s", status, http.StatusText(status)))
}

// Brief returns the beginning of a value's JSON, as findings show it: at most
// 120 characters.
func Brief(value any) string {
	const limit = 120
	text, err := json.Marshal(value)
	if err != nil || value == nil {
		return "nothing"
	}
	if runes := []rune(string(text)); len(runes) > limit {
		return string(runes[:limit]) + secret.Cut
	}
	return string(text)
}
