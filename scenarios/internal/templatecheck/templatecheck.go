// Package templatecheck finds what in the template of a response can match no request.
package templatecheck

import (
	"fmt"
	"slices"
	"strings"
	"text/template"
	"text/template/parse"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/nearest"
	"github.com/losantmock/losantmock/contract/pairs"
)

// OrUnchecked is the remedy for what contradicts the documentation of the API.
const OrUnchecked = ": write another one, or unchecked: true"

// requestFields are the fields of the requests that templates are over.
var requestFields = []string{"path", "query", "body", "now", "id"}

// Problems returns what of a template can match no request of an operation; of a template
// without one, whose fields are not known, the use of templates that are not defined. An
// unchecked one may contradict what the API documents.
func Problems(parsed *template.Template, api *contract.API, op *contract.Operation, unchecked bool) []string {
	t := check{api: api, op: op, unchecked: unchecked}
	for _, defined := range parsed.Templates() {
		t.names = append(t.names, defined.Name())
	}
	for _, defined := range parsed.Templates() {
		t.atRoot = defined == parsed
		t.visit(defined.Root)
	}
	return slices.Compact(t.problems)
}

// check finds what of a template can match no request.
type check struct {
	api *contract.API
	// op is the operation whose requests the template is over; nil for a template over
	// something else, whose fields are not known.
	op *contract.Operation
	// unchecked is true for a response that may contradict what the API documents.
	unchecked bool

	names    []string // of the templates that are defined
	atRoot   bool     // whether the dot is the request
	problems []string
}

func (t *check) fail(format string, args ...any) {
	t.problems = append(t.problems, fmt.Sprintf(format, args...))
}

// visit checks a part of a template.
func (t *check) visit(node parse.Node) {
	switch node := node.(type) {
	case *parse.ListNode:
		for _, inner := range listOf(node) {
			t.visit(inner)
		}
	case *parse.ActionNode:
		t.visit(node.Pipe)
	case *parse.PipeNode:
		for _, command := range node.Cmds {
			for _, arg := range command.Args {
				t.visit(arg)
			}
		}
	case *parse.ChainNode:
		t.visit(node.Node)
	case *parse.FieldNode:
		if t.atRoot {
			t.checkField(node.Ident)
		}
	case *parse.VariableNode:
		if node.Ident[0] == "$" && len(node.Ident) > 1 && t.atRoot {
			t.checkField(node.Ident[1:])
		}
	case *parse.TemplateNode:
		t.visitCall(node)
	case *parse.IfNode:
		t.visitBranch(&node.BranchNode, t.atRoot)
	case *parse.WithNode:
		t.visitBranch(&node.BranchNode, false)
	case *parse.RangeNode:
		t.visitBranch(&node.BranchNode, false)
	}
}

func listOf(node *parse.ListNode) []parse.Node {
	if node == nil { // an else that is not there
		return nil
	}
	return node.Nodes
}

// visitBranch checks what has two lists, of which the first may have another dot.
func (t *check) visitBranch(node *parse.BranchNode, sameDot bool) {
	t.visit(node.Pipe)
	before := t.atRoot
	t.atRoot = sameDot
	t.visit(node.List)
	t.atRoot = before
	t.visit(node.ElseList)
}

// visitCall checks the use of another template.
func (t *check) visitCall(node *parse.TemplateNode) {
	if !slices.Contains(t.names, node.Name) {
		t.fail("the template %q is not defined", node.Name)
	}
	if node.Pipe != nil {
		t.visit(node.Pipe)
	}
}

// checkField checks that a request can have a field.
func (t *check) checkField(path []string) {
	if t.op == nil {
		return
	}
	field, name := "."+strings.Join(path, "."), ""
	if len(path) > 1 {
		name = path[1]
	}
	switch first := path[0]; {
	case !slices.Contains(requestFields, first):
		t.fail("it has %s: want one of .%s", field, strings.Join(requestFields, ", ."))
	case first == "body":
		t.checkBodyField(field, path[1:])
	case (first == "now" || first == "id") && name != "", len(path) > 2:
		t.fail("it has %s, and a text has no fields", field)
	case name == "":
	case first == "path":
		if known := namesIn(t.op, t.api, "path"); !slices.Contains(known, name) {
			t.fail("it has %s, which the path %s does not have%s", field, t.op.Path, nearest.DidYouMean(name, known))
		}
	case !t.unchecked:
		if known := namesIn(t.op, t.api, "query"); !slices.Contains(known, name) {
			t.fail("it has %s, which is not a parameter of %s%s%s", field, t.op.Name, nearest.DidYouMean(name, known), OrUnchecked)
		}
	}
}

// namesIn returns the names of the parameters that an operation has in a place.
func namesIn(op *contract.Operation, api *contract.API, place string) []string {
	var names []string
	for _, p := range slices.Concat(api.Params, op.Resource.Params, op.Params) {
		if p.In == place {
			names = append(names, p.Name)
		}
	}
	return names
}

// checkBodyField checks that a body which the API accepts can have a field.
func (t *check) checkBodyField(field string, path []string) {
	if t.unchecked {
		return
	}
	if len(slices.Concat(namesIn(t.op, t.api, "body"), namesIn(t.op, t.api, "multipart"))) == 0 {
		t.fail("it has %s, and requests of %s have no body%s", field, t.op.Name, OrUnchecked)
		return
	}
	schema := pairs.BodySchema(t.api, t.op)
	if schema == nil || len(path) == 0 {
		return
	}
	var value any
	for _, name := range slices.Backward(path) {
		value = map[string]any{name: value}
	}
	for _, v := range schema.CheckAll("", value) {
		inside := len(v.Path) < len(path) && slices.Equal(v.Path, path[:len(v.Path)])
		switch {
		case inside && v.What == contract.AdditionalProperties && v.Detail == path[len(v.Path)]:
			suggestion := ""
			if len(v.Path) == 0 {
				suggestion = nearest.DidYouMean(v.Detail, schema.Properties())
			}
			t.fail("it has %s, and %s is not a property of the body of %s%s%s", field, v.Detail, t.op.Name, suggestion, OrUnchecked)
			return
		case inside && v.What == contract.WrongType:
			t.fail("it has %s, and %s has no fields: the API wants %s there%s", field, strings.Join(v.Path, "."), v.Detail, OrUnchecked)
			return
		}
	}
}
