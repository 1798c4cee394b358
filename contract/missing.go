package contract

import (
	"net/http"
	"regexp"
	"strings"
)

// The description of a 404 says what was not found: one thing, or several of which one
// was missing.
var (
	missingInDescription = regexp.MustCompile(`^Error if (.+?)(?: was| were| is)? not found$`)
	betweenMissing       = regexp.MustCompile(`,? or |, `)
)

// missingIn returns what the description of a response says was not found; blank for a
// response that is no 404, and for another sentence.
func missingIn(status int, description string) string {
	found := missingInDescription.FindStringSubmatch(description)
	if status != http.StatusNotFound || found == nil {
		return ""
	}
	return found[1]
}

// MissingNames returns the things of which a 404 says that one was not found, such as
// "instance" and "member"; none for another response.
func (r *Response) MissingNames() []string {
	if r.Missing == "" {
		return nil
	}
	return betweenMissing.Split(r.Missing, -1)
}

// MissingMessage returns the message of a 404, such as "Webhook was not found".
func (r *Response) MissingMessage() string {
	return strings.ToUpper(r.Missing[:1]) + r.Missing[1:] + " was not found"
}
