// Package document reads an API's definition of itself into one plain tree: from
// the package of a client that was generated from it, or from the response of
// GET /. It checks the form of everything, and reports all that is wrong at once.
package document

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/losantmock/losantmock/contract/internal/ordered"
)

// Document is a definition that was read.
type Document struct {
	Version   string // such as "1.30.0"; blank where it is not given
	Params    []Param
	Resources []Resource
	// Groups of scopes have the scopes that they stand for. They are nil where the
	// definition has none: then actions may have Groups of their own.
	Groups   []Group
	Schemas  []Schema
	Examples map[string]json.RawMessage
	// Resolved reports whether the references that are left in schemas are those that
	// lead back to themselves, because what made the document followed the others.
	Resolved bool

	byName map[string]*Schema
}

// Group is a group of scopes.
type Group struct {
	Name   string
	Scopes []string
}

// Resource is a resource of the API.
type Resource struct {
	Name    string
	Path    string
	Params  []Param
	Auth    []string // the scopes that grant all of its actions
	Links   []Link
	Actions []Action
	Raw     ordered.Object // as it was written
	Place   string         // as problems have it
}

// Link is a relation that responses carry.
type Link struct{ Rel, Path string }

// Action is an operation of a resource.
type Action struct {
	Name      string
	Method    string
	Path      string // behind the resource's path
	Summary   string
	Auth      []string
	Groups    []string // the groups of scopes that its documentation names
	Params    []Param
	Responses []Response
	Raw       ordered.Object
	Place     string
}

// Param is a parameter of an action, of a resource or of all of them.
type Param struct {
	Name, In, Type, Description string
	Required                    bool
	Default, Example            any
	Enum                        []string
	Pattern                     string
	Separator                   string   // of a text that is a list; blank for another
	Schema                      string   // the name of its schema; blank for none
	Notes                       []string // the rules that are not checked, each with its reason
	Raw                         ordered.Object
}

// Response is a response of an action.
type Response struct {
	Status      int
	Description string
	Schema      string
	Events      []Event
}

// Event is an event in a stream of events.
type Event struct{ Name, Schema string }

// Schema is a JSON Schema as it was written.
type Schema struct {
	Name string
	Raw  json.RawMessage
	// Inline schemas are written where they are used, and have no name in the document.
	Inline bool
	// Notes are the parts of it that are not checked, each with its reason.
	Notes []string

	refs []string
}

// Text returns a default or an example as a query has it; blank where there is none.
func Text(value any) string {
	switch value := value.(type) {
	case nil:
		return ""
	case string:
		return value
	case json.Number:
		return value.String()
	case []any:
		texts := make([]string, len(value))
		for i := range value {
			texts[i] = Text(value[i])
		}
		return strings.Join(texts, ",")
	default:
		return fmt.Sprint(value)
	}
}
