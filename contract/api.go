// Package contract says what Losant's webhooks API promises.
//
// The promise is one table: every operation with its method, path,
// parameters, scopes and responses, and the JSON Schema of everything that
// crosses the wire. Whatever needs to know the API looks it up in this table:
//
//	api, err := contract.At(contract.Newest)
//	op := api.Operation("webhooks.post")
//	v := op.CheckBody(map[string]any{"responseCode": 999.0})
//	fmt.Println(v) // webhook.name is required
//
// A broken promise is a [Violation], in the words that the real API uses.
//
// Read the package in this order. table.json has the operations, and schemas/
// the bodies; [At] compiles them as they stood at a [Version]. [API.Find] leads
// from a path to its operations, [Operation.CheckRequest] holds a [Request]
// against one, and [API.Check] an [Exchange]: a request with its response. A
// [Transport] checks the traffic of a client as it passes.
//
// The package opens no connection. Package suite sends requests to a live server, package
// report shows what was found, package decode reads queries and bodies, and
// package secret keeps tokens from being shown.
package contract

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/losantmock/losantmock/contract/internal/document"
	"github.com/losantmock/losantmock/contract/internal/history"
	"github.com/losantmock/losantmock/contract/internal/ordered"
	"github.com/losantmock/losantmock/contract/internal/validate"
)

// API is Losant's webhooks API as it stood at one version.
type API struct {
	Version Version
	// Resources are in the order in which GET / prints them.
	Resources []*Resource
	// Params are the parameters that every operation has.
	Params []Param

	schemas     []*Schema
	byName      map[string]*Schema
	operations  map[string]*Operation
	granted     map[string]Grants // what each scope grants
	groups      ordered.Object    // of scopes, with the scopes that they stand for
	knownScopes []string          // sorted
	partial     []Partial         // of a definition from outside
	// definedVersion is that of a definition which is newer than Version.
	definedVersion string
	definition     func() []byte
	endpoints      *endpoints
}

// Resource is a kind of thing that the API has, with its path and its
// operations.
type Resource struct {
	Name    string // "webhooks"
	Path    string // "/applications/{applicationId}/webhooks"
	Params  []Param
	Links   []Link
	Actions []*Operation
	// Wildcard is the scope that grants all of the resource: "webhooks.*". It is blank
	// for a resource that is used without a token.
	Wildcard string

	auth []string // the scopes that show its links
	bit  int
	raw  ordered.Object // as GET / has it, but for its actions
}

// Link is a relation that responses carry in _links.
type Link struct{ Rel, Path string }

// Operation is one thing that a client can do.
type Operation struct {
	Name    string // "webhooks.post": resource and action
	Action  string // "post"
	Method  string
	Path    string // the whole path, from the root
	Summary string
	// Params are the operation's own parameters, beside those of its
	// resource and of the API.
	Params    []Param
	Responses []Response
	Resource  *Resource
	// Public operations are used without a token.
	Public bool
	// FromDefinition says that the operation is none of this package's own table: a
	// definition from outside has it.
	FromDefinition bool

	allParams []Param  // in the order in which the API looks at them
	auth      []string // its own scopes, each of which grants it
	groups    []string // the groups of scopes that its documentation names
	bit       int
	raw       ordered.Object // as GET / has it
}

// Response is a response that is documented for an operation.
type Response struct {
	Status      int
	Description string
	Schema      string // the name of a definition
	// Missing is what a 404 says was not found, such as "webhook", or "instance or
	// organization".
	Missing string
	// Events are what a response that is a stream sends, in place of a body.
	Events []Event
}

// Event is a kind of event in a stream of events, with the name of its schema.
type Event struct{ Name, Schema string }

// MissingMessage returns the message of a 404, such as "Webhook was not found".
func (r *Response) MissingMessage() string {
	return strings.ToUpper(r.Missing[:1]) + r.Missing[1:] + " was not found"
}

// MissingNames returns the things of which a 404 says that one was not found.
func (r *Response) MissingNames() []string { return document.MissingNames(r.Missing) }

// Operation returns the operation with a name such as "webhooks.post", or nil.
func (a *API) Operation(name string) *Operation { return a.operations[name] }

// Resource returns the resource with a name such as "webhook", or nil.
func (a *API) Resource(name string) *Resource {
	if i := slices.IndexFunc(a.Resources, func(r *Resource) bool { return r.Name == name }); i >= 0 {
		return a.Resources[i]
	}
	return nil
}

// Schema returns the definition with a name such as "webhookPost", or nil.
func (a *API) Schema(name string) *Schema { return a.byName[name] }

// Definition returns the response to GET /: the API's own description of
// itself, as JSON. The caller must not change it.
func (a *API) Definition() []byte { return a.definition() }

// compiled keeps the API of each version that was used: compiling the schemas
// takes milliseconds, and the result never changes.
var compiled sync.Map // Version -> *API

// At returns the API as it stood at a version, which is one of [Oldest] to
// [Newest]. The result is shared and must not be changed.
func At(v Version) (*API, error) {
	if known, ok := compiled.Load(v); ok {
		return known.(*API), nil
	}
	api, err := build(v)
	if err != nil {
		return nil, fmt.Errorf("contract: API %s: %w", v, err)
	}
	first, _ := compiled.LoadOrStore(v, api)
	return first.(*API), nil
}

// AtNewest returns the API at [Newest]. It can't fail: a test compiles every
// version.
func AtNewest() *API {
	api, err := At(Newest)
	if err != nil {
		panic(err)
	}
	return api
}

func build(v Version) (*API, error) {
	api, err := own(v)
	if err != nil {
		return nil, err
	}
	return api, api.finish(groupsOf(api, nil))
}

// own returns this package's own table at a version, which is to be finished.
func own(v Version) (*API, error) {
	sources, err := history.Read(files, "schemas")
	if err != nil {
		return nil, err
	}
	at := history.Files{Schemas: sources, Has: v.has}
	schemas, err := loadSchemas(at)
	if err != nil {
		return nil, err
	}
	table, err := readTable(at)
	if err != nil {
		return nil, err
	}
	a := &API{Version: v, Params: paramsOf(table.Params), schemas: schemas}
	for i := range table.Resources {
		resource := resourceOf(&table.Resources[i])
		for j := range table.Resources[i].Actions {
			resource.Actions = append(resource.Actions, operationOf(resource, &table.Resources[i], &table.Resources[i].Actions[j]))
		}
		a.Resources = append(a.Resources, resource)
	}
	// The scopes that can be requested are those that a token can have, also where
	// requesting them was not possible yet.
	a.knownScopes = validate.Enums(at.Resolve(at.LookUp("userCredentials.json#/properties/requestedScopes")))
	return a, nil
}

// finish prepares what follows from resources, schemas and groups of scopes.
func (a *API) finish(groups ordered.Object) error {
	a.operations, a.byName = map[string]*Operation{}, map[string]*Schema{}
	for _, s := range a.schemas {
		a.byName[s.Name] = s
	}
	for _, resource := range a.Resources {
		for _, op := range resource.Actions {
			op.Resource = resource
			a.operations[op.Name] = op
			op.allParams = slices.Concat([]Param{tokenParam}, a.Params, resource.Params, op.Params)
			for i := range op.allParams {
				if err := op.allParams[i].compile(a); err != nil {
					return fmt.Errorf("%s: %w", op.Name, err)
				}
			}
		}
	}
	a.prepareScopes(groups)
	a.endpoints = newEndpoints(a.Resources)
	a.definition = sync.OnceValue(a.print)
	return nil
}
