package suite

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/internal/sample"
)

// ownNames are in no order, differ in how they may be sorted and filtered, and two
// are the same. None has a glob in it.
var ownNames = []string{"b", "A", "c", "b 2", "Ä", "d.e", "dxe", "f+(g)", "b 2", "end ", "fg", "plain", "é$"}

// bare are the places of webhooks that are made with a name and nothing else, so
// that they have the defaults, and websocket is that of one for WebSockets alone.
const (
	bare      = 11
	websocket = 7
)

// distinct returns the body of a webhook of the run's own: its values differ from
// the defaults, and from those of the others.
func (r *run) distinct(place int) map[string]any {
	body := map[string]any{"name": r.prefix + ownNames[place]}
	switch place {
	case bare:
		return body
	case websocket:
		body["isWebsocket"] = true
	default:
		maps.Copy(body, r.values(place))
	}
	known := r.API.Schema("webhookPost").Properties()
	maps.DeleteFunc(body, func(name string, _ any) bool { return !slices.Contains(known, name) })
	return body
}

// values returns a value for each property that can be written at any time, but
// for the name. They differ by the number.
func (r *run) values(n int) map[string]any {
	usual := n%3 == 2 // a switch has its default here
	markup := ""      // in some alone, which a proxy may refuse
	if n%4 == 1 {
		markup = "<b>&amp;</b> "
	}
	return map[string]any{
		"description":       fmt.Sprintf("  number  %d, %s'and' \"more\"\r\n\tof it 😀 %s ", n, markup, strings.Repeat("and on ", 15)),
		"responseCode":      201 + n,
		"verificationType":  r.another("verificationType", contract.DefaultVerificationType, n),
		"verificationCode":  fmt.Sprintf(" Cöde-%d%%20 ", n),
		"waitForReply":      !usual,
		"basicAuthUsername": fmt.Sprintf(" Üser %d ", n),
		"basicAuthPassword": fmt.Sprintf(" Pässword:%d ", n),
		"castBuffersAs":     r.another("castBuffersAs", contract.DefaultCastBuffersAs, n),
		"annotateMultipart": !usual,
		"enabled":           usual,
	}
}

// another returns a value of an enum that is not the default.
func (r *run) another(property, usual string, n int) any {
	values := slices.DeleteFunc(sample.Enum(r.API.Schema("webhookPost"), property), func(v any) bool { return v == usual })
	if len(values) == 0 {
		return usual // of an API that has no such property
	}
	return values[n%len(values)]
}

func (r *run) create() {
	for place := range ownNames {
		r.tick()
		a := r.send(http.MethodPost, r.hooks(), r.distinct(place))
		if a.Status != http.StatusCreated || a.text("id") == "" {
			r.want(a.lost(), "", "want 201 and a webhook, got "+contract.StatusText(a.Status))
			continue
		}
		for _, other := range r.own {
			for _, name := range []string{"id", "token"} {
				r.wantOf(contract.CheckIdentity, contract.Documented, a.text(name) == "" || a.text(name) != other[name], "webhook."+name, "two webhooks have the same")
			}
		}
		r.own = append(r.own, a.fields)
		r.wantNew(a)
		r.wantReadBack(a.fields, "after it was created")
	}
	list := r.whole(r.mine())
	for _, webhook := range r.own {
		r.want(list.Status != http.StatusOK || slices.Contains(list.ids(), idOf(webhook)), "webhooks.items", "want every webhook that was created")
	}
}

// samples returns bodies for an operation: those that the contract allows, or
// those that it refuses.
func (r *run) samples(op *contract.Operation, valid map[string]any, allowed bool) []Sample {
	var found []Sample
	for i := range op.Params {
		if op.Params[i].Schema == "" {
			continue
		}
		for _, made := range Samples(r.API.Schema(op.Params[i].Schema), valid) {
			if (op.CheckBody(sample.Normal(made.Body)) == nil) == allowed {
				found = append(found, made)
			}
		}
	}
	return found
}

// ofServer returns bodies with a property that the server alone decides, such as
// the id.
func (r *run) ofServer(written string, valid map[string]any) []Sample {
	var made []Sample
	known := r.API.Schema(written).Properties()
	for _, name := range r.API.Schema("webhook").Properties() {
		if value := r.mineToChange()[name]; value != nil && !slices.Contains(known, name) {
			made = append(made, Sample{Title: "with " + name, Body: sample.With(valid, name, value)})
		}
	}
	return made
}

func (r *run) createInvalid() {
	r.mineToChange()
	r.refresh(0)
	valid := map[string]any{"name": r.prefix + "sample"}
	bodies := r.samples(r.API.Operation(contract.OperationWebhooksPost), valid, false)
	for _, made := range slices.Concat(bodies, r.ofServer("webhookPost", valid), sample.ManyFaults(r.prefix+"sample")) {
		a := r.send(http.MethodPost, r.hooks(), made.Body)
		if a.Status < 300 && a.text("id") != "" {
			r.delete(r.hook(a.fields))
		}
	}
	r.wantNoEffect(0, "though every webhook was refused")
}

func (r *run) createValid() {
	for _, made := range r.samples(r.API.Operation(contract.OperationWebhooksPost), map[string]any{"name": r.prefix + "sample"}, true) {
		// A webhook whose name is not the run's could not be found again if
		// the response were lost.
		if name, _ := made.Body.(map[string]any)["name"].(string); !strings.HasPrefix(name, r.prefix) {
			continue
		}
		a := r.send(http.MethodPost, r.hooks(), made.Body)
		if a.text("id") != "" {
			r.wantReadBack(a.fields, "after it was created: "+made.Title)
			r.delete(r.hook(a.fields))
		}
	}
}
