package document

import (
	"net/http"
	"regexp"
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
