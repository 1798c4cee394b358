package suite

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/internal/reply"
	"github.com/losantmock/losantmock/contract/internal/sample"
)

func (r *run) create() {
	for place := range sample.OwnWebhooks {
		r.tick()
		body := sample.OwnWebhook(r.API.Schema("webhookPost"), r.prefix, place)
		a := r.send(http.MethodPost, r.hooks(), body)
		if a.Status != http.StatusCreated || a.Text("id") == "" {
			r.want(a.Lost(), "", "want 201 and a webhook, got "+contract.StatusText(a.Status))
			continue
		}
		for _, other := range r.own {
			for _, name := range []string{"id", "token"} {
				r.wantOf(contract.CheckIdentity, contract.Documented, a.Text(name) == "" || a.Text(name) != other[name], "webhook."+name, "two webhooks have the same")
			}
		}
		hook := sample.Normal(body).(map[string]any) // of which the response may leave out some
		maps.Copy(hook, a.Fields)
		r.own = append(r.own, hook)
		r.wantNew(a)
		r.wantReadBack(hook, "after it was created")
	}
	list := r.whole(r.mine())
	for _, webhook := range r.own {
		r.want(list.Status != http.StatusOK || slices.Contains(list.IDs(), reply.IDOf(webhook)), "webhooks.items", "want every webhook that was created")
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
	for _, name := range append(r.API.Schema("webhook").Properties(), "_type", "_links", "_actions") { // as a client has them that sends back what it got
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
	for _, made := range slices.Concat(bodies, r.ofServer("webhookPost", valid), sample.ManyFaults(r.API.Schema("webhookPost"), r.prefix+"sample")) {
		a := r.send(http.MethodPost, r.hooks(), made.Body)
		if a.Status < 300 && a.Text("id") != "" {
			r.delete(r.hook(a.Fields))
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
		a := r.send(http.MethodPost, r.hooks(), r.withStatus(made))
		if a.Text("id") != "" {
			r.wantReadBack(a.Fields, "after it was created: "+made.Title)
			r.delete(r.hook(a.Fields))
		}
	}
}
