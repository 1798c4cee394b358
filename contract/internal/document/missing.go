package document

import (
	"net/http"
	"regexp"
	"strings"
)

// The description of a 404 says what was not found: one thing, or several of which one
// was missing.
var (
	missing        = regexp.MustCompile(`^Error if (.+?)(?: was| were| is)? not found$`)
	betweenMissing = regexp.MustCompile(`,? or |, `)
)

// Missing returns what the description of a response says was not found; blank for a
// response that is no 404, and for another sentence.
func (r *Response) Missing() string {
	found := missing.FindStringSubmatch(r.Description)
	if r.Status != http.StatusNotFound || found == nil {
		return ""
	}
	return found[1]
}

// MissingNames returns the things in what was not found; none for a blank text.
func MissingNames(missing string) []string {
	if missing == "" {
		return nil
	}
	return betweenMissing.Split(missing, -1)
}

// MissingMessage returns the message of a 404 for what was not found: "Application key
// was not found" for "applicationKey", which is a name of the code.
func MissingMessage(missing string) string {
	words := strings.ToLower(capitalBehind.ReplaceAllString(missing, "$1 $2"))
	return strings.ToUpper(words[:1]) + words[1:] + " was not found"
}

var capitalBehind = regexp.MustCompile(`([a-z])([A-Z])`)
