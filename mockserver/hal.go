package mockserver

import (
	"strconv"
	"strings"
	"sync"

	"github.com/losantmock/losantmock/contract"
)

// hal writes what every answer carries beside its fields: _type, _actions and
// _links. For each resource and set of grants this is the same text but for
// two ids, so it is worked out once and then only filled in.
type hal struct {
	tails sync.Map // halKey -> tail
}

type halKey struct {
	resource *contract.Resource
	grants   contract.Grants
	switches halSwitches
}

// halSwitches is what the query wants of the extras.
type halSwitches struct{ actions, links bool }

// tail is text with gaps: what follows the fields of an answer, from the comma
// before _type to the closing brace.
type tail []piece

type piece struct {
	text string
	then gap // what follows the text
}

type gap byte

const (
	nothing gap = iota
	applicationGap
	webhookGap
)

// tail is the end of an answer of the resource for a caller with these grants.
func (h *hal) tail(resource *contract.Resource, grants contract.Grants, switches halSwitches) tail {
	key := halKey{resource, grants, switches}
	if known, ok := h.tails.Load(key); ok {
		return known.(tail)
	}
	made := cut(writeTail(resource, grants, switches))
	h.tails.Store(key, made)
	return made
}

func (t tail) appendTo(b []byte, applicationID, webhookID string) []byte {
	for _, p := range t {
		b = append(b, p.text...)
		switch p.then {
		case applicationGap:
			b = append(b, applicationID...)
		case webhookGap:
			b = append(b, webhookID...)
		}
	}
	return b
}

// size is how many bytes appendTo appends for ids of the usual length.
func (t tail) size() int {
	n := 0
	for _, p := range t {
		n += len(p.text)
		if p.then != nothing {
			n += idLength
		}
	}
	return n
}

// writeTail writes the text with the path parameters as the table has them.
func writeTail(resource *contract.Resource, grants contract.Grants, switches halSwitches) string {
	var b strings.Builder
	b.WriteString(`,"_type":"` + resource.Name + `"`)
	if switches.actions {
		b.WriteString(`,"_actions":{`)
		separator := ""
		for _, op := range resource.Actions {
			if grants.Allows(op) {
				b.WriteString(separator + `"` + op.Action + `":{"href":"` + op.Path + `","method":"` + op.Method + `"` + bareIndices(op) + `}`)
				separator = ","
			}
		}
		b.WriteString("}")
	}
	if switches.links {
		b.WriteString(`,"_links":{`)
		if grants.HoldsAll(resource) {
			for _, link := range resource.Links {
				b.WriteString(`"` + link.Rel + `":{"href":"` + link.Path + `"},`)
			}
		}
		b.WriteString(`"self":{"href":"` + resource.Path + `"}}`)
	}
	b.WriteString("}")
	return b.String()
}

// bareIndices writes an action's params as the real API's framework does: it
// means to list the parameters, and lists their indices in the table as text.
func bareIndices(op *contract.Operation) string {
	if len(op.Params) == 0 {
		return ""
	}
	indices := make([]string, len(op.Params))
	for i := range indices {
		indices[i] = `"` + strconv.Itoa(i) + `"`
	}
	return `,"params":[` + strings.Join(indices, ",") + "]"
}

// cut makes gaps of the path parameters.
func cut(text string) tail {
	gaps := map[string]gap{"{applicationId}": applicationGap, "{webhookId}": webhookGap}
	var t tail
	for text != "" {
		at, then, width := len(text), nothing, 0
		for parameter, g := range gaps {
			if i := strings.Index(text, parameter); i >= 0 && i < at {
				at, then, width = i, g, len(parameter)
			}
		}
		t = append(t, piece{text[:at], then})
		text = text[at+width:]
	}
	return t
}
