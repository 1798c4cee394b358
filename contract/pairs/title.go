package pairs

import (
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/losantmock/losantmock/contract"
)

// title returns what the message of a 404 calls an item. The operations of an item name
// it, some of them beside its parents: "Error if instance, organization or member was
// not found". Others name a parent alone by mistake.
func (p *Pair) title() string {
	if named := Is(title, p.Item.Name); named != "" {
		return named
	}
	var parents []string
	for _, parent := range p.Parents {
		parents = append(parents, parent.Pair.ownTitles()...)
	}
	for _, name := range p.ownTitles() {
		if !slices.Contains(parents, name) {
			return capitalized(name)
		}
	}
	return capitalized(words(p.Item.Name))
}

// ownTitles returns the names in the 404s of an item's operations.
func (p *Pair) ownTitles() []string {
	var names []string
	for _, op := range []*contract.Operation{p.Read, p.Change, p.Delete} {
		if op == nil {
			continue
		}
		for i := range op.Responses {
			if r := &op.Responses[i]; r.Status == http.StatusNotFound {
				names = append(names, r.MissingNames()...)
			}
		}
	}
	return names
}

// words returns the words of a name in camel case: "api token" of "apiToken".
func words(name string) string {
	return strings.ToLower(capital.ReplaceAllString(name, " $0"))
}

var capital = regexp.MustCompile(`[A-Z]`)

func capitalized(text string) string { return strings.ToUpper(text[:1]) + text[1:] }
