// Package routes finds the path of an API that a request's URL has, as the router of
// the API's framework does: a fixed segment goes before a parameter, which may be
// blank, and an encoded slash stays inside its segment.
package routes

import (
	"net/url"
	"strings"
	"unicode/utf16"

	"github.com/losantmock/losantmock/contract/decode"
)

// Router knows paths such as "/devices/{deviceId}". Methods are distinguished behind
// it, where the response to a wrong one needs to know the right ones.
type Router struct{ root node }

// node is what may follow behind the segments that lead to it.
type node struct {
	fixed map[string]*node
	param *node // nil where no parameter may follow
	path  string
	names []string // of the path's parameters
}

// Match is a path that a URL has.
type Match struct {
	Path   string // as it was added
	values []string
	names  []string
}

// Values returns the parameters of the path.
func (m *Match) Values() map[string]string {
	values := make(map[string]string, len(m.names))
	for i, name := range m.names {
		values[name] = m.values[i]
	}
	return values
}

// maxParam is how long a parameter of the path can be, in UTF-16 code units. A longer
// one makes the path unknown, as in the real API's router.
const maxParam = 100

// Add adds a path.
func (r *Router) Add(path string) {
	var names []string
	at := &r.root
	for segment := range strings.SplitSeq(path, "/") {
		if name, isParam := strings.CutPrefix(segment, "{"); isParam {
			names = append(names, strings.TrimSuffix(name, "}"))
			if at.param == nil {
				at.param = new(node)
			}
			at = at.param
			continue
		}
		if at.fixed == nil {
			at.fixed = map[string]*node{}
		}
		if at.fixed[segment] == nil {
			at.fixed[segment] = new(node)
		}
		at = at.fixed[segment]
	}
	at.path, at.names = path, names
}

// Find returns the paths that a URL has, first the one with a fixed segment where
// others have a parameter.
func (r *Router) Find(u *url.URL) []Match {
	var found []Match
	var values [8]string
	r.root.find(decode.Path(u).EscapedPath(), values[:0], &found)
	return found
}

func (n *node) find(path string, values []string, found *[]Match) {
	segment, rest, more := strings.Cut(path, "/")
	for _, next := range []*node{n.fixed[segment], n.param} {
		if next == nil {
			continue
		}
		inside := values
		if next == n.param {
			value, ok := param(segment)
			if !ok {
				continue
			}
			inside = append(values, value)
		}
		switch {
		case more:
			next.find(rest, inside, found)
		case next.path != "":
			*found = append(*found, Match{next.path, append([]string(nil), inside...), next.names})
		}
	}
}

// param returns the value of a parameter, decoded.
func param(segment string) (string, bool) {
	if strings.Contains(segment, "%") {
		segment, _ = url.PathUnescape(segment) // decode.Path wrote it
	}
	return segment, len(segment) <= maxParam || len(utf16.Encode([]rune(segment))) <= maxParam
}
