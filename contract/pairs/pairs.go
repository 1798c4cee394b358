// Package pairs finds out which resources of an API are collections and which are the
// items of them, and what kind each operation is of. Nearly all of it follows from
// paths, parameters and schemas; exceptions.go has the rest.
package pairs

import (
	"cmp"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/derived"
)

// Table has what there is to know of an API beyond its operations.
type Table struct {
	// Pairs are in the order of the API's resources.
	Pairs []*Pair

	roles map[string]Role // by the names of operations
}

// Pair is a collection and its items.
type Pair struct {
	Name       string // of the collection, such as "devices"
	Collection *contract.Resource
	Item       *contract.Resource
	// Parents are what the path leads through, from the root: of
	// /applications/{applicationId}/devices it is the application.
	Parents []Step
	// Title is what the message of a 404 calls an item, such as "Device".
	Title string

	// List, Create, Read, Change and Delete are the operations of the pair; nil for
	// one that it lacks. There are always List and Read.
	List, Create, Read, Change, Delete *contract.Operation

	// Param is the parameter in the path that has the id of an item.
	Param string
	// Key is the property that has the same value: "id", or the parameter's own name.
	Key string
	// Twins are further properties that repeat it, such as "deviceId".
	Twins []string
	// Alias is a property that no two items of a collection share either, and by which an
	// item is found too where the path allows; blank for none.
	Alias string
	// Within is the property of the items above that lists the items of the collection;
	// blank for none.
	Within string
	// Schema is what an item looks like. It may be nil: the API then says nothing.
	Schema *contract.Schema

	filters map[string]string // what Filters returns
	lists   []string          // the properties that list items
}

// Step is one of the things that a path leads through.
type Step struct {
	Param string // the parameter that has its id
	Pair  *Pair  // that it is an item of
}

// Role is what an operation does, and to what.
type Role struct {
	Kind Kind
	// Pair is the one that the operation belongs to: to the collection, or to the item
	// that is the last of Steps. It is nil for an operation of neither.
	Pair *Pair
	// Steps are the things that must be there, from the root.
	Steps []Step
	// Shown is what the response shows, and Of the thing that it shows: an item, or as the
	// pair of it a collection.
	Shown Shown
	Of    Step
	// First is how the response shows the first item of the collection; nil for any other.
	First *Foremost
}

// tables has the table of each API: every world, every check of a scenario and every item
// that is added needs one, and making it reads many schemas.
var tables = derived.By(newTable)

// Of returns the table of an API. It is shared and must not be changed.
func Of(api *contract.API) *Table { return tables.Of(api) }

func newTable(api *contract.API) *Table {
	t := &Table{roles: map[string]Role{}}
	for _, item := range api.Resources {
		if collection := collectionOf(api, item); collection != nil {
			if p := newPair(api, collection, item); p.List != nil && p.Read != nil {
				t.Pairs = append(t.Pairs, p)
			}
		}
	}
	for _, p := range t.Pairs {
		p.Parents = t.steps(p.Collection.Path)
	}
	for _, p := range t.Pairs {
		p.Title = p.title()
	}
	for _, resource := range api.Resources {
		for _, op := range resource.Actions {
			t.roles[op.Name] = t.role(api, op)
		}
	}
	return t
}

// Role returns the role of an operation.
func (t *Table) Role(op *contract.Operation) Role { return t.roles[op.Name] }

// UserExample returns the id and the email that examples of an API have for the user whose
// token it is; blank where no operation returns the user.
func UserExample(api *contract.API) (id, email string) {
	for _, e := range exceptions {
		if e.about != caller || api.Operation(e.name) == nil {
			continue
		}
		var user struct{ ID, Email string }
		if schema := api.Schema(ResponseOf(api.Operation(e.name)).Schema); schema != nil {
			_ = json.Unmarshal(schema.Example(), &user) // one that is no object has none
		}
		return user.ID, user.Email
	}
	return "", ""
}

// Pair returns the pair of a collection's name; nil if there is none.
func (t *Table) Pair(name string) *Pair {
	for _, p := range t.Pairs {
		if p.Name == name {
			return p
		}
	}
	return nil
}

// Counted returns the collection below an item that a count in a summary is about, such as
// devices for the deviceCount of an application; the one below nothing for nil, and nil if
// there is none. The kind of what has the items may begin their name.
func (t *Table) Counted(above *Pair, count, kind string) *Pair {
	item := cmp.Or(Is(counted, count), strings.TrimSuffix(count, "Count"))
	for _, p := range t.Pairs {
		name := p.Item.Name
		if p.Parent() == above && (strings.EqualFold(name, item) || strings.EqualFold(name, kind+item)) {
			return p
		}
	}
	return nil
}

// Counts reports whether the summary of an item counts what the item owns. That of an item
// which nobody creates, such as a template, is what was published of it.
func (p *Pair) Counts() bool {
	return p.Create != nil && p.Schema != nil && len(p.Schema.Counts(Summary)) > 0
}

// Grants reports whether the items are access tokens.
func (p *Pair) Grants() bool {
	properties := p.Properties()
	has := func(m Meaning) bool {
		return slices.ContainsFunc(Named(m), func(name string) bool { return slices.Contains(properties, name) })
	}
	return has(Scopes) && has(Token)
}

// Parent returns the pair whose items have the collection; nil for a collection at the
// root.
func (p *Pair) Parent() *Pair {
	if len(p.Parents) == 0 {
		return nil
	}
	return p.Parents[len(p.Parents)-1].Pair
}

// collectionOf returns the resource that has the items of another one; nil for a
// resource that is no item.
func collectionOf(api *contract.API, item *contract.Resource) *contract.Resource {
	path := item.Path[:strings.LastIndexByte(item.Path, '/')]
	if !strings.HasSuffix(item.Path, "}") {
		return nil
	}
	for _, r := range api.Resources {
		if r.Path == path || r.Name == Is(collection, item.Name) {
			return r
		}
	}
	return nil
}

func newPair(api *contract.API, collection, item *contract.Resource) *Pair {
	p := &Pair{Name: collection.Name, Collection: collection, Item: item}
	p.List, p.Create = p.operation(collection, http.MethodGet), p.operation(collection, http.MethodPost)
	p.Read, p.Change, p.Delete = p.operation(item, http.MethodGet), p.operation(item, http.MethodPatch), p.operation(item, http.MethodDelete)
	p.Param = strings.Trim(item.Path[strings.LastIndexByte(item.Path, '/'):], "/{}")
	p.Key, p.Alias, p.Within = "id", Is(alias, item.Name), Is(within, collection.Name)
	for _, op := range []*contract.Operation{p.Read, p.Create, p.Change} { // the first that has one
		if op != nil && p.Schema == nil {
			p.Schema = api.Schema(ResponseOf(op).Schema)
		}
	}
	if p.List != nil {
		p.prepareFilters()
	}
	properties := p.Properties()
	if !slices.Contains(properties, p.Key) && slices.Contains(properties, p.Param) {
		p.Key = p.Param
	}
	for _, twin := range p.twins() {
		if twin != p.Key && slices.Contains(properties, twin) && !slices.Contains(p.Twins, twin) {
			p.Twins = append(p.Twins, twin)
		}
	}
	return p
}

// twins returns what a property may be called that repeats an item's id.
func (p *Pair) twins() []string { return []string{p.Param, p.Item.Name + "Id"} }

// Identifies reports whether a member of a response has the id of an item.
func (p *Pair) Identifies(name string) bool {
	return name == p.Key || name == "id" || slices.Contains(p.twins(), name)
}

// HasIDs reports whether items are called by ids, which other items may have as the property
// that is the parameter's name. A name, such as that of a device's attribute, says nothing
// outside its collection.
func (p *Pair) HasIDs() bool { return NamesID(p.Param) }

// NamesID reports whether a parameter in a path has an id, by its name.
func NamesID(param string) bool { return strings.HasSuffix(param, "Id") }

// operation returns the operation of a method at the path of a resource itself.
func (p *Pair) operation(r *contract.Resource, method string) *contract.Operation {
	for _, op := range r.Actions {
		if op.Method == method && op.Path == r.Path {
			return op
		}
	}
	return nil
}

// Properties returns the names of an item's properties, in the order of its schema; of a
// schema with several forms, those of the published example.
func (p *Pair) Properties() []string {
	if p.Schema == nil {
		return nil
	}
	if names := p.Schema.Properties(); len(names) > 0 {
		return names
	}
	var example map[string]json.RawMessage
	_ = json.Unmarshal(p.Schema.Example(), &example) // one that is no object has none
	return slices.Sorted(maps.Keys(example))
}

// steps returns the things that a path leads through. A parameter whose path up to it
// is no item's is that of the item which has the parameter elsewhere, if the path has
// the item's parents too.
func (t *Table) steps(path string) []Step {
	var steps []Step
	for end, segment := range segments(path) {
		param, ok := strings.CutPrefix(segment, "{")
		if !ok {
			continue
		}
		param = strings.TrimSuffix(param, "}")
		if p := t.pairAt(path[:end], param); p != nil {
			steps = append(steps, Step{param, p})
		}
	}
	return steps
}

// segments calls yield for each segment of a path, with the place of its end.
func segments(path string) func(yield func(end int, segment string) bool) {
	return func(yield func(int, string) bool) {
		end := 0
		for segment := range strings.SplitSeq(path, "/") {
			end += len(segment)
			if segment != "" && !yield(end, segment) {
				return
			}
			end++ // the slash
		}
	}
}

// pairAt returns the pair whose items have a path, or else a parameter; nil for none.
func (t *Table) pairAt(path, param string) *Pair {
	var byParam *Pair
	for _, p := range t.Pairs {
		if p.Item.Path == path {
			return p
		}
		if p.Param == param && p.isBelow(path) && (byParam == nil || len(p.Item.Path) < len(byParam.Item.Path)) {
			byParam = p
		}
	}
	return byParam
}

// isBelow reports whether a path has all parameters that lead to the items.
func (p *Pair) isBelow(path string) bool {
	for _, segment := range segments(p.Item.Path) {
		if strings.HasPrefix(segment, "{") && !strings.Contains(path, segment) {
			return false
		}
	}
	return true
}
