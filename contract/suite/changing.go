package suite

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/internal/reply"
	"github.com/losantmock/losantmock/contract/internal/sample"
)

// mineToChange returns a webhook that the run may change.
func (r *run) mineToChange() map[string]any {
	if len(r.own) == 0 {
		r.couldNot("no webhook could be created")
	}
	return r.own[0]
}

// change changes one of the run's own webhooks. It checks that what was sent is
// changed and nothing else, and keeps what the webhook is then.
func (r *run) change(place int, body map[string]any) {
	r.tick()
	was := r.own[place]
	a := r.send(http.MethodPatch, r.hook(was), body)
	if a.Status != http.StatusOK {
		r.wantOf(contract.CheckPositive, contract.Documented, a.Lost(), "", "a valid change: want 200 OK, got "+contract.StatusText(a.Status))
		if read := r.get(r.hook(was)); read.Status == http.StatusOK {
			r.own[place] = read.Fields // whatever the refusal has changed
		}
		return
	}
	is := maps.Clone(was)
	maps.Copy(is, sample.Normal(body).(map[string]any))
	when := "though nothing was changed"
	if len(body) > 0 {
		when = "after a change of " + strings.Join(slices.Sorted(maps.Keys(body)), ", ") + " alone"
	}
	r.wantSame(is, a.Fields, when, "lastUpdated")
	before, _ := was["lastUpdated"].(string)
	after := a.Text("lastUpdated")
	r.want(before == "" || after == "" || after > before || after == before && !r.finely(), "webhook.lastUpdated", fmt.Sprintf("want it to go on from %q, got %q", before, after))
	r.wantNow(a)
	if is["lastUpdated"] = a.Fields["lastUpdated"]; after == "" {
		delete(is, "lastUpdated")
	}
	r.own[place] = is
	r.wantReadBack(is, when)
}

// patchEach changes each property alone, of one webhook after the other in another
// order than that of their creation, so that lists by lastUpdated have an order of
// their own.
func (r *run) patchEach() {
	r.mineToChange()
	place := 0
	next := func() int { place = (place + 5) % len(r.own); return place }
	values := sample.WebhookValues(r.API.Schema("webhookPost"), 3*sample.OwnWebhooks)
	values["name"] = r.prefix + "B 3"
	for _, name := range r.changeable() {
		r.change(next(), map[string]any{name: values[name]})
	}
	defaults := map[string]any{"description": "", "waitForReply": false, "enabled": true} // which are nothing in some languages
	r.change(next(), sample.Known(r.changeable(), defaults))
	r.change(next(), map[string]any{})
	place = next()
	for n := range 2 { // which differ in each switch
		r.change(place, sample.Known(r.changeable(), sample.WebhookValues(r.API.Schema("webhookPost"), 4*sample.OwnWebhooks+n)))
	}
	for range r.own {
		r.change(next(), map[string]any{"name": r.own[place]["name"]})
	}
	r.patchWebsocket(next())
}

// patchTexts changes texts to those that programs take for something else.
func (r *run) patchTexts() {
	r.mineToChange()
	for _, body := range sample.OddTexts() {
		r.change(0, sample.Known(r.changeable(), body))
	}
}

// patchWebsocket tries to change what is fixed at creation. Whether the API refuses
// that, or ignores it, is not public.
func (r *run) patchWebsocket(place int) {
	const name = "isWebsocket"
	hook := r.own[place]
	was, there := hook[name].(bool)
	if !there {
		return
	}
	a := r.send(http.MethodPatch, r.hook(hook), map[string]any{name: !was})
	read := r.get(r.hook(hook))
	r.wantBy(contract.Ours, a.Lost() || a.Status == http.StatusBadRequest, "webhook."+name, "a change: want 400 Bad Request, got "+contract.StatusText(a.Status))
	for _, seen := range []reply.Reply{a, read} {
		r.want(seen.Status != http.StatusOK || seen.Fields[name] == nil || seen.Fields[name] == was, "webhook."+name, "is another, though it is fixed at creation")
	}
	if read.Status == http.StatusOK {
		r.own[place] = read.Fields
	}
}

// changeable returns the properties that a change may have. That isWebsocket can't
// be changed is documented.
func (r *run) changeable() []string {
	return slices.DeleteFunc(r.API.Schema("webhookPatch").Properties(), func(name string) bool { return name == "isWebsocket" })
}

func (r *run) patchInvalid() {
	mine := r.mineToChange()
	r.refresh(0)
	valid := map[string]any{"name": r.prefix + "sample"}
	bodies := r.samples(r.API.Operation(contract.OperationWebhookPatch), valid, false)
	for _, made := range slices.Concat(bodies, r.ofServer("webhookPatch", valid), sample.ManyFaults(r.API.Schema("webhookPatch"), r.prefix+"sample")[1:]) {
		r.send(http.MethodPatch, r.hook(mine), made.Body)
	}
	// What is wrong is reported before what is not there, and a path before a body.
	r.send(http.MethodPatch, r.hooks()+"/"+nowhereID, map[string]any{"responseCode": 1})
	r.send(http.MethodPatch, r.hooks()+"/x", map[string]any{"responseCode": 1})
	r.send(http.MethodPatch, "/applications/x/webhooks/y", map[string]any{"responseCode": 1})
	r.wantNoEffect(0, "though every change was refused")
}

func (r *run) patchValid() {
	mine := r.mineToChange()
	for _, made := range r.samples(r.API.Operation(contract.OperationWebhookPatch), map[string]any{"name": mine["name"]}, true) {
		if made.Property != "isWebsocket" {
			r.change(0, r.withStatus(made))
		}
	}
	r.change(0, map[string]any{"name": mine["name"]})
}

// withStatus returns a body with a status of HTTP as its responseCode, the next one with
// each body that has none: a run tries them all.
func (r *run) withStatus(made Sample) map[string]any {
	body := made.Body.(map[string]any)
	if _, given := body["responseCode"]; given || !slices.Contains(r.changeable(), "responseCode") {
		return body
	}
	statuses := sample.Statuses()
	r.statuses++
	return sample.With(body, "responseCode", statuses[r.statuses%len(statuses)])
}

func (r *run) patchTwice() {
	r.mineToChange()
	change := map[string]any{"name": r.prefix + "twice"}
	last := len(r.own) - 1
	for range 2 {
		r.change(last, change)
	}
}
