// Package routes finds the path of an API that a request's URL has, as the router of
// the API's framework does: a fixed segment goes before a parameter, which may be
// blank, and an encoded slash stays inside its segment.
package routes

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode/utf16"

	"github.com/gorilla/mux"
	"github.com/losantmock/losantmock/contract/decode"
)

// Router knows paths such as "/devices/{deviceId}". Methods are distinguished behind
// it, where the response to a wrong one needs to know the right ones.
type Router struct{ root *mux.Router }

// maxParam is how long a parameter of the path can be, in UTF-16 code units. A longer
// one makes the path unknown, as in the real API's router.
const maxParam = 100

// hexID matches what may be an id in a path.
var hexID = regexp.MustCompile(`[A-Fa-f\d]{24}`)

// Same reports whether two paths are the same. Ids are equal in either case of their
// letters, and nothing else is.
func Same(a, b string) bool {
	return hexID.ReplaceAllStringFunc(a, strings.ToLower) == hexID.ReplaceAllStringFunc(b, strings.ToLower)
}

// New returns a router of paths. The first of them are found soonest, without the
// routers of segments that the others have.
func New(first, others []string) *Router {
	// Paths are never cleaned: a redirect would turn a POST into a GET.
	root := mux.NewRouter().SkipClean(true).UseEncodedPath()
	for _, path := range first {
		if slices.ContainsFunc(others, func(other string) bool { return Covers(path, other) }) {
			others = append(others, path)
		} else {
			root.MatcherFunc(is(path)).Name(path)
		}
	}
	add(root, others, 0)
	return &Router{root}
}

// add adds paths to the router of the segments before a depth. Those that go on with
// the same fixed segment have a router of their own: none is compared with hundreds of
// others.
func add(router *mux.Router, paths []string, depth int) {
	below := map[string][]string{}
	var names []string
	for _, path := range paths {
		segments := segmentsOf(path)
		if len(segments) == depth {
			router.MatcherFunc(is(path)).Name(path)
			continue
		}
		name := segments[depth]
		if below[name] == nil {
			names = append(names, name)
		}
		below[name] = append(below[name], path)
	}
	slices.SortStableFunc(names, fixedFirst)
	for _, name := range names {
		if isParam(name) {
			add(router, below[name], depth+1)
		} else {
			add(router.MatcherFunc(has(name, depth)).Subrouter(), below[name], depth+1)
		}
	}
}

// has returns what reports whether a request's path has a segment at a depth.
func has(segment string, depth int) mux.MatcherFunc {
	return func(r *http.Request, _ *mux.RouteMatch) bool {
		rest := r.RequestURI
		for range depth + 1 {
			_, rest, _ = strings.Cut(rest, "/")
		}
		rest, found := strings.CutPrefix(rest, segment)
		return found && (rest == "" || rest[0] == '/')
	}
}

// is returns what reports whether a request has a path, and notes its parameters, which
// may be blank. A pattern of the router would be a regular expression, which takes ten
// times as long.
func is(path string) mux.MatcherFunc {
	segments := segmentsOf(path)
	return func(r *http.Request, match *mux.RouteMatch) bool {
		sent := strings.TrimPrefix(r.RequestURI, "/")
		if strings.Count(sent, "/") != len(segments)-1 {
			return false
		}
		i := 0
		for segment := range strings.SplitSeq(sent, "/") {
			if !isParam(segments[i]) && segment != segments[i] {
				return false
			}
			i++
		}
		match.Vars = map[string]string{}
		i = 0
		for segment := range strings.SplitSeq(sent, "/") {
			if isParam(segments[i]) {
				match.Vars[strings.Trim(segments[i], "{}")] = segment
			}
			i++
		}
		return true
	}
}

func segmentsOf(path string) []string { return strings.Split(strings.TrimPrefix(path, "/"), "/") }

func isParam(segment string) bool { return strings.HasPrefix(segment, "{") }

func fixedFirst(a, b string) int {
	switch {
	case isParam(a) == isParam(b):
		return 0
	case isParam(b):
		return -1
	default:
		return 1
	}
}

// Find returns the path that a URL has, with its parameters, decoded; blank where there
// is none.
func (r *Router) Find(u *url.URL) (path string, values map[string]string) {
	request := http.Request{Method: http.MethodGet, URL: u, RequestURI: decode.Path(u)}
	var match mux.RouteMatch
	if !r.root.Match(&request, &match) {
		return "", nil
	}
	for name, value := range match.Vars {
		if strings.Contains(value, "%") {
			value, _ = url.PathUnescape(value) // decode.Path wrote it
			match.Vars[name] = value
		}
		if len(value) > maxParam && len(utf16.Encode([]rune(value))) > maxParam {
			return "", nil
		}
	}
	return match.Route.GetName(), match.Vars
}

// Covers reports whether a path matches whatever another one does, and more: it has
// parameters where that has fixed segments.
func Covers(path, other string) bool {
	if path == other || strings.Count(path, "/") != strings.Count(other, "/") {
		return false
	}
	segments, others := segmentsOf(path), segmentsOf(other)
	for i, segment := range segments {
		if !isParam(segment) && segment != others[i] {
			return false
		}
	}
	return true
}

// Values returns the parameters of a path that covers the one that was found, which has
// values.
func Values(path, found string, values map[string]string) map[string]string {
	covering := map[string]string{}
	others := segmentsOf(found)
	for i, segment := range segmentsOf(path) {
		if !isParam(segment) {
			continue
		}
		value := others[i]
		if isParam(value) {
			value = values[strings.Trim(value, "{}")]
		}
		covering[strings.Trim(segment, "{}")] = value
	}
	return covering
}
