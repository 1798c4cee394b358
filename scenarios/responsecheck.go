package scenarios

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/pairs"
	"github.com/losantmock/losantmock/scenarios/internal/document"
	"github.com/losantmock/losantmock/scenarios/internal/templatecheck"
	"gopkg.in/yaml.v3"
)

// checkResponses checks what no schema can say of the section responses.
func (top cursor) checkResponses(api *contract.API) {
	for _, response := range top.items("responses") {
		if response.Text("operation") == contract.OperationTrigger {
			operation, _ := response.get("operation")
			operation.Wrong("trigger is not an operation of the API: a webhook has a reply of its own")
			continue
		}
		response.checkOperation(api)
		response.checkToken()
		response.checkPath(api)
		response.checkMatching()
		response.checkCounts()
		op := api.Operation(response.Text("operation"))
		if op == nil {
			continue // it was reported
		}
		response.Needs("repeat", "steps")
		steps := response.items("steps")
		switch {
		case len(steps) > 0:
			for _, key := range contentKeys {
				response.Excludes(key, "steps")
			}
		case !slices.ContainsFunc(contentKeys, response.Has):
			response.Wrong("does nothing: give it status, headers, body or steps")
		default:
			steps = []cursor{response}
		}
		for _, content := range steps {
			if len(content.Node.Content) > 0 { // {} lets the operation do its work
				content.checkContent(api, op)
			}
		}
	}
}

// contentKeys are the keys of a content.
var contentKeys = []string{"status", "headers", "body", "unchecked"}

// checkContent checks that a content can be sent, and is what the operation documents.
func (c cursor) checkContent(api *contract.API, op *contract.Operation) {
	c.checkHeaders()
	status := c.Number("status")
	if status == 0 {
		status = pairs.ResponseOf(op).Status
	}
	if slices.Contains(bodiless, status) {
		c.checkNoBody("status " + strconv.Itoa(status))
	}
	body, hasBody := c.get("body")
	unchecked := c.Text("unchecked") == "true"
	if hasBody && !body.checkTemplates(api, op, unchecked) || unchecked {
		return
	}
	documented := slices.IndexFunc(op.Responses, func(r contract.Response) bool { return r.Status == status })
	if documented < 0 {
		at, _ := c.get("status")
		at.Wrong(fmt.Sprintf("%d is not a documented status of %s, which has %s%s", status, op.Name, statusesOf(op), orUnchecked))
		return
	}
	schema := api.Schema(op.Responses[documented].Schema)
	switch {
	case hasBody && schema == nil && !slices.Contains(bodiless, status):
		c.WrongKey("body", fmt.Sprintf("can't be here: %s documents no body for status %d%s", op.Name, status, orUnchecked))
	case hasBody && schema != nil:
		body.checkBody(schema)
	case schema != nil && status < http.StatusBadRequest:
		c.Wrong(fmt.Sprintf("has no body: %s documents one for status %d, of the schema %s%s", op.Name, status, schema.Name, orUnchecked))
	}
}

const orUnchecked = templatecheck.OrUnchecked

func statusesOf(op *contract.Operation) string {
	var list []string
	for _, r := range op.Responses {
		list = append(list, strconv.Itoa(r.Status))
	}
	slices.Sort(list)
	return strings.Join(list, ", ")
}

// checkBody holds a body against the documented schema. What a template makes is not
// known: it may be any text, and a body that is a template any JSON.
func (c cursor) checkBody(schema *contract.Schema) {
	if c.Node.ShortTag() == "!!str" {
		c.checkText(schema)
		return
	}
	for _, v := range schema.CheckAll("", document.Value(c.Node)) {
		if at := c.at(v.Path); !isTemplateText(at.Node) {
			c.violates(v, schema.Properties(), "")
		}
	}
}

func isTemplateText(node *yaml.Node) bool {
	return node.Kind == yaml.ScalarNode && strings.Contains(node.Value, "{{")
}

// checkText holds a text against the documented schema.
func (c cursor) checkText(schema *contract.Schema) {
	var value any
	switch {
	case isTemplateText(c.Node):
	case json.Unmarshal([]byte(c.Node.Value), &value) != nil:
		c.Wrong(c.Quoted() + " is not JSON: the documented body has the schema " + schema.Name + orUnchecked)
	default:
		if v := schema.Check("body", value); v != nil {
			c.Wrong("contradicts the schema " + schema.Name + ": " + v.Error() + orUnchecked)
		}
	}
}
