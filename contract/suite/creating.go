package suite

import (
	"fmt"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/live"
)

// ownNames differ in how they may be sorted and filtered. None has a glob in it.
var ownNames = []string{"b", "A", "c", "b 2", "Ä"}

func (r *run) create() {
	for _, name := range ownNames {
		a := r.send(http.MethodPost, r.hooks(), map[string]any{"name": r.prefix + name})
		if a.Status != http.StatusCreated || a.text("id") == "" {
			r.want(false, "", "want 201 and a webhook, got "+contract.StatusText(a.Status))
			continue
		}
		r.own = append(r.own, a.fields)
		read := r.get(r.hook(a.fields))
		r.want(read.Status == http.StatusOK, "", "want what was created, got "+contract.StatusText(read.Status))
		r.wantSame(a.fields, read.fields, "after it was created")
	}
	list := r.get(r.hooks() + "?perPage=1000&" + r.mine())
	for _, webhook := range r.own {
		r.want(slices.Contains(list.ids(), webhook["id"].(string)), "webhooks.items", "want every webhook that was created")
	}
}

// wantSame checks that the properties are the same as before, but for some.
func (r *run) wantSame(before, after map[string]any, when string, but ...string) {
	for _, name := range r.API.Schema("webhook").Properties() {
		if !slices.Contains(but, name) && after != nil {
			r.want(reflect.DeepEqual(before[name], after[name]), "webhook."+name, "is not as before, "+when)
		}
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
			if (op.CheckBody(normal(made.Body)) == nil) == allowed {
				found = append(found, made)
			}
		}
	}
	return found
}

func (r *run) createInvalid() {
	for _, made := range r.samples(r.API.Operation(contract.OperationWebhooksPost), map[string]any{"name": r.prefix + "sample"}, false) {
		a := r.send(http.MethodPost, r.hooks(), made.Body)
		if a.Status < 300 && a.text("id") != "" {
			r.call(live.Call{Method: http.MethodDelete, Target: r.hook(a.fields)})
		}
	}
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
			read := r.get(r.hook(a.fields))
			r.wantSame(a.fields, read.fields, "after it was created: "+made.Title)
			r.call(live.Call{Method: http.MethodDelete, Target: r.hook(a.fields)})
		}
	}
}

func (r *run) malformedBodies() {
	path := r.hook(r.mineToChange())
	for _, target := range []live.Call{{Method: http.MethodPost, Target: r.hooks()}, {Method: http.MethodPatch, Target: path}} {
		for _, body := range []string{`{"name":`, `{"name":"` + r.prefix + `x"} x`, " ", ""} {
			call := target
			call.Body = []byte(body)
			a := r.call(call)
			r.want(a.Status == http.StatusBadRequest, "", fmt.Sprintf("the body %q: want 400, got %s", body, contract.StatusText(a.Status)))
		}
	}
}

// normal returns a body as JSON decodes it.
func normal(body any) any {
	switch body := body.(type) {
	case map[string]any:
		fields := maps.Clone(body)
		for name, value := range fields {
			fields[name] = normal(value)
		}
		return fields
	case int:
		return float64(body)
	default:
		return body
	}
}
