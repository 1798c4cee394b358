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
	router routes.Router
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

func newEndpoints(resources []*Resource) *endpoints {
	r := &endpoints{paths: map[string]*Endpoint{}}
	for _, resource := range resources {
		for _, op := range resource.Actions {
			r.add(op.Path).Operations[op.Method] = op
		}
	}
	r.add(rootPath).Operations[http.MethodGet] = nil
	for _, e := range r.paths {
		e.setAllow()
	}
	return r
}

func (r *endpoints) add(path string) *Endpoint {
	if r.paths[path] == nil {
		r.paths[path] = &Endpoint{Operations: map[string]*Operation{}}
		r.router.Add(path)
	}
	return r.paths[path]
}

func (e *Endpoint) setAllow() {
	methods := slices.AppendSeq([]string{http.MethodOptions}, maps.Keys(e.Operations))
	slices.Sort(methods)
	e.Allow = strings.Join(methods, ", ")
}

// Find returns the endpoint of a path and the parameters in it, decoded; nil
// where there is none. Where several paths match, as /devices/export and
// /devices/{deviceId} do, the first one that has the method decides on the parameters.
func (a *API) Find(method string, u *url.URL) (*Endpoint, map[string]string) {
	var endpoint *Endpoint
	var values map[string]string
	known := false
	found := a.endpoints.router.Find(u)
	for i := range found {
		next := a.endpoints.paths[found[i].Path]
		if _, has := next.Operations[method]; values == nil || has && !known {
			values, known = found[i].Values(), has
		}
		if endpoint == nil {
			endpoint = next
		} else {
			endpoint = endpoint.with(next)
		}
	}
	return endpoint, values
}

// with returns an endpoint that has the operations of another one too, where it lacks
// their methods: /devices/export is a device for a method that exporting does not have.
func (e *Endpoint) with(other *Endpoint) *Endpoint {
	both := &Endpoint{Operations: maps.Clone(other.Operations)}
	maps.Copy(both.Operations, e.Operations)
	both.setAllow()
	return both
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
