package contract

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/losantmock/losantmock/contract/internal/routes"
)

// endpoints finds the operations of a request.
type endpoints struct {
	router *routes.Router
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

// rootPath is where the API describes itself. It is no operation.
const rootPath = "/"

// newEndpoints returns the endpoints of resources. Those of this package's own table
// are found soonest.
func newEndpoints(resources []*Resource) *endpoints {
	e := &endpoints{paths: map[string]*Endpoint{}}
	var own, defined []string
	for _, resource := range resources {
		for _, op := range resource.Actions {
			if e.paths[op.Path] == nil {
				e.paths[op.Path] = &Endpoint{Operations: map[string]*Operation{}}
				if op.FromDefinition {
					defined = append(defined, op.Path)
				} else {
					own = append(own, op.Path)
				}
			}
			e.paths[op.Path].Operations[op.Method] = op
		}
	}
	e.paths[rootPath] = &Endpoint{Operations: map[string]*Operation{http.MethodGet: nil}}
	e.router = routes.New(append(own, rootPath), defined)
	for path, endpoint := range e.paths {
		endpoint.addCovering(path, resources)
	}
	return e
}

// addCovering adds the operations of paths that match too, for methods that the
// endpoint lacks: /devices/export is a device for a method that exporting does not
// have.
func (e *Endpoint) addCovering(path string, resources []*Resource) {
	for _, resource := range resources {
		for _, op := range resource.Actions {
			if _, known := e.Operations[op.Method]; !known && routes.Covers(op.Path, path) {
				e.Operations[op.Method] = op
			}
		}
	}
	methods := slices.AppendSeq([]string{http.MethodOptions}, maps.Keys(e.Operations))
	slices.Sort(methods)
	e.Allow = strings.Join(methods, ", ")
}

// Find returns the endpoint of a path and the parameters in it, decoded; nil
// where there is none. Where several paths match, as /devices/export and
// /devices/{deviceId} do, the first one that has the method decides on the parameters.
func (a *API) Find(method string, u *url.URL) (*Endpoint, map[string]string) {
	path, values := a.endpoints.router.Find(u)
	endpoint := a.endpoints.paths[path]
	if endpoint == nil {
		return nil, nil
	}
	if op := endpoint.Operations[method]; op != nil && op.Path != path {
		values = routes.Values(op.Path, path, values)
	}
	return endpoint, values
}

// OperationAt returns the operation of a method and a path, and the parameters in the
// path; nil where there is none.
func (a *API) OperationAt(method string, u *url.URL) (*Operation, map[string]string) {
	endpoint, values := a.Find(method, u)
	if endpoint == nil {
		return nil, nil
	}
	return endpoint.Operations[method], values
}
