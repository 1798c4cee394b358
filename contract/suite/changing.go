package suite

import (
	"fmt"
	"net/http"
	"slices"

	"github.com/losantmock/losantmock/contract"
)

// mineToChange returns a webhook that the run may change.
func (r *run) mineToChange() map[string]any {
	if len(r.own) == 0 {
		r.couldNot("no webhook could be created")
	}
	return r.own[0]
}

// mineUnchanged returns a webhook that no other case has changed, so that any
// change of it shows.
func (r *run) mineUnchanged() map[string]any {
	r.mineToChange()
	return r.own[len(r.own)-1]
}

func (r *run) patchInvalid() {
	mine := r.mineToChange()
	before := r.get(r.hook(mine))
	for _, made := range r.samples(r.API.Operation(contract.OperationWebhookPatch), map[string]any{"name": r.prefix + "sample"}, false) {
		r.send(http.MethodPatch, r.hook(mine), made.Body)
	}
	r.wantSame(before.fields, r.get(r.hook(mine)).fields, "though every change was refused")
}

func (r *run) patchValid() {
	mine := r.mineToChange()
	for _, made := range r.samples(r.API.Operation(contract.OperationWebhookPatch), map[string]any{"name": mine["name"]}, true) {
		if made.Property == "isWebsocket" {
			continue // it can't be changed
		}
		a := r.send(http.MethodPatch, r.hook(mine), made.Body)
		r.wantSame(a.fields, r.get(r.hook(mine)).fields, "after it was changed: "+made.Title)
	}
	r.send(http.MethodPatch, r.hook(mine), map[string]any{"name": mine["name"]})
}

func (r *run) patchOne() {
	mine := r.mineUnchanged()
	before := r.get(r.hook(mine))
	property := "description"
	if !slices.Contains(r.API.Schema("webhookPatch").Properties(), property) {
		property = "name" // of an older API
	}
	after := r.send(http.MethodPatch, r.hook(mine), map[string]any{property: r.prefix + "changed"})
	r.wantSame(before.fields, after.fields, "though only the "+property+" was changed", property, "lastUpdated")
	was, is := before.text("lastUpdated"), after.text("lastUpdated")
	r.want(is >= was, "webhook.lastUpdated", fmt.Sprintf("want it to go on from %q, got %q", was, is))
	same := r.send(http.MethodPatch, r.hook(mine), map[string]any{})
	r.wantSame(after.fields, same.fields, "though nothing was changed", "lastUpdated")
}

func (r *run) patchTwice() {
	mine := r.mineUnchanged()
	change := map[string]any{"name": r.prefix + "twice"}
	first := r.send(http.MethodPatch, r.hook(mine), change)
	second := r.send(http.MethodPatch, r.hook(mine), change)
	r.wantSame(first.fields, second.fields, "though it was the same change", "lastUpdated")
}
