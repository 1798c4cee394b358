package contract

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode/utf16"

	"github.com/gorilla/mux"
	"github.com/losantmock/losantmock/contract/decode"
)

// routes finds the operation of a request. The router knows the table's
// paths; methods are distinguished behind it, where the response to a wrong one
// needs to know the right ones.
type routes struct {
	router *mux.Router
	paths  map[string]*Endpoint // by the path in the table
}

// Endpoint is a path of the API.
type Endpoint struct {
	// Operations has the operations of the path, by method. At "/", where the
	// API describes itself, GET is nil, since it is no operation.
	Operations map[string]*Operation
	// Allow is the header of that name in responses to any other method, sorted.
	Allow string
}

// maxPathParam is how long a parameter of the path can be, in UTF-16 code
// units. A longer one makes the path unknown, as in the real API's router.
const maxPathParam = 100

// rootPath is where the API describes itself. It is no operation.
const rootPath = "/"

func newRoutes(resources []*Resource) *routes {
	r := &routes{
		// Paths are never cleaned: a redirect would turn a POST into a GET.
		router: mux.NewRouter().SkipClean(true).UseEncodedPath(),
		paths:  map[string]*Endpoint{},
	}
	for _, resource := range resources {
		for _, op := range resource.Actions {
			r.add(op.Path).Operations[op.Method] = op
		}
	}
	r.add(rootPath).Operations[http.MethodGet] = nil
	for _, e := range r.paths {
		methods := []string{http.MethodOptions}
		for method := range e.Operations {
			methods = append(methods, method)
		}
		slices.Sort(methods)
		e.Allow = strings.Join(methods, ", ")
	}
	return r
}

func (r *routes) add(path string) *Endpoint {
	if r.paths[path] == nil {
		r.paths[path] = &Endpoint{Operations: map[string]*Operation{}}
		// An empty segment is a malformed id and no other path.
		r.router.Path(strings.ReplaceAll(path, "}", ":[^/]*}")).Name(path)
	}
	return r.paths[path]
}

// Find returns the endpoint of a path and the parameters in it, decoded; nil
// where there is none.
func (a *API) Find(u *url.URL) (*Endpoint, map[string]string) {
	request := http.Request{Method: http.MethodGet, URL: decode.Path(u)}
	var match mux.RouteMatch
	if !a.routes.router.Match(&request, &match) {
		return nil, nil
	}
	for name, value := range match.Vars {
		if strings.Contains(value, "%") {
			value, _ = url.PathUnescape(value) // decode.Path wrote it
			match.Vars[name] = value
		}
		if len(value) > maxPathParam && len(utf16.Encode([]rune(value))) > maxPathParam {
			return nil, nil
		}
	}
	return a.routes.paths[match.Route.GetName()], match.Vars
}

// OperationAt returns the operation of a method and a path, and the parameters in the
// path; nil where there is none.
func (a *API) OperationAt(method string, u *url.URL) (*Operation, map[string]string) {
	endpoint, values := a.Find(u)
	if endpoint == nil {
		return nil, nil
	}
	return endpoint.Operations[method], values
}
