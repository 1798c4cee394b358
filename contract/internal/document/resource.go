package document

import (
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/losantmock/losantmock/contract/internal/jsregexp"
	"github.com/losantmock/losantmock/contract/internal/ordered"
	"github.com/losantmock/losantmock/contract/internal/validate"
)

// methods are those that an action may have.
var methods = []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete}

// addResources reads the resources, in their order.
func (r *reader) addResources(resources node) {
	routes := map[string]place{}
	for _, m := range resources.members() {
		m.checkName("a resource")
		resource := Resource{
			Name: m.key, Path: m.get("path").needed(), Auth: m.get("auth").scopes(),
			Params: r.params(m.get("params"), m.key), Raw: m.object(), Place: m.String(),
		}
		sound := m.get("path").checkPath(resource.Path)
		if m.get("path").isText() && !strings.HasPrefix(resource.Path, "/") {
			m.get("path").fail("the path %q does not begin with a slash", resource.Path)
		}
		for _, link := range m.get("links").members() {
			link.checkName("a link")
			href := link.get("href").needed()
			link.get("href").checkPath(href)
			resource.Links = append(resource.Links, Link{link.key, href})
		}
		for _, action := range m.get("actions").members() {
			read := r.action(action, m.key)
			path := resource.Path + read.Path
			route := Route(read.Method, path)
			if other, twice := routes[route]; twice {
				action.fail("%s is an operation twice: %s has it too", route, other.pointer)
			}
			routes[route] = action.place
			if sound && (read.Path == "" || action.get("path").checkPath(path)) {
				action.checkReachable(path)
				action.checkParams(path, slices.Concat(resource.Params, read.Params))
			}
			resource.Actions = append(resource.Actions, read)
		}
		r.tree.Resources = append(r.tree.Resources, resource)
	}
}

var braces = regexp.MustCompile(`\{[^}]*\}`)

// Route returns a text that two operations share if no request can tell them apart: it
// has the method, and the path without the names of its parameters.
func Route(method, path string) string {
	return method + " " + braces.ReplaceAllString(path, "{}")
}

func (r *reader) action(n member, resource string) Action {
	n.checkName("an action")
	name := resource + "." + n.key
	action := Action{
		Name: n.key, Method: n.get("method").needed(), Path: n.get("path").text(), Summary: n.get("summary").text(),
		Auth: n.get("auth").scopes(), Params: r.params(n.get("params"), name), Raw: n.object(), Place: n.String(),
	}
	if n.get("method").isText() && !slices.Contains(methods, action.Method) {
		n.get("method").fail("the method %q is none of %s", action.Method, strings.Join(methods, ", "))
	}
	for _, response := range n.get("responses").members() {
		action.Responses = append(action.Responses, r.response(response, name))
	}
	return action
}

func (r *reader) response(n member, operation string) Response {
	status, err := strconv.Atoi(n.key)
	if err != nil || status < 100 || status > 599 || len(n.key) != len("200") {
		n.fail("%q is not a status such as 200", n.key)
	}
	n.object() // which it has to be
	response := Response{
		Status: status, Description: n.get("description").text(),
		Schema: r.schemaOf(n.get("schema"), operation+"."+n.key),
	}
	for _, event := range n.get("sseEvents").members() {
		event.checkName("an event")
		response.Events = append(response.Events, Event{event.key, r.schemaOf(event.get("schema"), operation+"."+n.key+"."+event.key)})
	}
	return response
}

// schemaOf returns the name of the schema that is used at a place; blank for none. One
// that is there itself is added under a name of its own.
func (r *reader) schemaOf(n node, name string) string {
	schema := n.object()
	if schema == nil {
		return ""
	}
	if schema.Get("$ref") == nil {
		raw, err := schema.MarshalJSON()
		if err != nil {
			panic(err) // it was read from JSON
		}
		r.addSchema(n.place, Schema{Name: name, Raw: raw, Inline: true})
		return name
	}
	ref := n.get("$ref")
	name, ok := strings.CutPrefix(ref.text(), references)
	if !ok || strings.Contains(name, "/") {
		ref.fail("the reference %q can't be followed: want one such as %q", ref.text(), references+"device")
		return ""
	}
	r.references = append(r.references, reference{ref.place, name})
	return name
}

// rules are the keywords that the framework reads of a parameter without a schema.
var rules = []string{
	"type", "format", "maximum", "exclusiveMaximum", "minimum", "exclusiveMinimum", "maxLength", "minLength", "pattern",
	"enum", "items", "maxItems", "minItems", "uniqueItems", "multipleOf",
}

// Rules returns the keywords of a parameter that make a schema of its own.
func Rules(param ordered.Object) ordered.Object {
	return slices.DeleteFunc(slices.Clone(param), func(m ordered.Member) bool { return !slices.Contains(rules, m.Key) })
}

// scanRules finds what is wrong with the rules of a parameter, and which are not checked.
// Its type, enum and pattern were read already.
func (r *reader) scanRules(n node, p *Param) {
	rules := Rules(n.object())
	for _, read := range []string{"type", "enum", "pattern"} {
		rules = rules.Set(read, nil)
	}
	if list, isList := n.get("enum").value.([]any); isList && len(list) == 0 {
		n.get("enum").fail(noValue)
	}
	if p.Type != "" && p.Type != "file" && !slices.Contains(validate.Types, p.Type) {
		p.Notes = append(p.Notes, unknownType(p.Type))
	}
	if len(rules) == 0 {
		return
	}
	raw, err := rules.MarshalJSON()
	if err != nil {
		panic(err) // it was read from JSON
	}
	scanned := Schema{Raw: raw}
	r.scanSchema(n.place, &scanned)
	p.Notes = append(p.Notes, scanned.Notes...)
	if len(scanned.refs) > 0 {
		p.Notes = append(p.Notes, "the reference in items is not followed")
	}
}

// separators are what cuts a text that is a list.
var separators = map[string]string{"": ",", "csv": ",", "ssv": " ", "tsv": "\t", "pipes": "|"}

func (r *reader) params(list node, owner string) []Param {
	var params []Param
	for _, n := range list.items() {
		n.get("name").checkParamName()
		p := Param{
			Name: n.get("name").needed(), In: n.get("in").needed(), Type: n.get("type").text(),
			Description: n.get("description").text(), Required: n.get("required").flag(),
			Default: n.get("default").scalar(), Example: n.get("example").value,
			Enum: n.get("enum").texts(), Pattern: n.get("pattern").text(), Raw: n.object(),
		}
		p.Schema = r.schemaOf(n.get("schema"), owner+"."+p.Name)
		r.scanRules(n, &p)
		if p.Type == "array" {
			p.Separator = separators[n.get("collectionFormat").text()]
		}
		if _, err := jsregexp.Compile(p.Pattern); err != nil {
			n.get("pattern").fail(badPattern, p.Pattern, err.Error())
		}
		params = append(params, p)
	}
	return params
}
