package suite

import (
	"fmt"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/losantmock/losantmock/contract"
)

// creatingCases make the webhooks that the others read and change.
var creatingCases = []testCase{
	{contract.CheckAvailability, "creating webhooks", true, (*run).create},
}

// writingCases change webhooks of the run's own, and no other.
var writingCases = []testCase{
	{contract.CheckNegative, "creating webhooks that the schema refuses", true, (*run).createInvalid},
	{contract.CheckPositive, "creating webhooks that the schema allows", true, (*run).createValid},
	{contract.CheckNegative, "bodies that are not JSON, or blank", true, (*run).malformedBodies},
	{contract.CheckNegative, "changing a webhook to what the schema refuses", true, (*run).patchInvalid},
	{contract.CheckPositive, "changing a webhook to what the schema allows", true, (*run).patchValid},
	{contract.CheckEcho, "changing one property and no other", true, (*run).patchOne},
	{contract.CheckIdempotence, "changing twice", true, (*run).patchTwice},
	{contract.CheckIgnoredAuth, "writing without a token", true, (*run).writeWithoutToken},
	{contract.CheckIgnoredAuth, "logging in as an unknown user", true, (*run).logInAsUnknownUser},
	{contract.CheckNegative, "logging in with what the schema refuses", true, (*run).logInInvalid},
	{contract.CheckStatus, "changing what is not there", true, (*run).writeUnknown},
	{contract.CheckUseAfterFree, "using a webhook after it was deleted", true, (*run).useAfterFree},
	{contract.CheckPagination, "counting what was created and deleted", true, (*run).count},
}

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
			r.call(Call{Method: http.MethodDelete, Target: r.hook(a.fields)})
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
			r.call(Call{Method: http.MethodDelete, Target: r.hook(a.fields)})
		}
	}
}

func (r *run) malformedBodies() {
	path := r.hook(r.mineToChange())
	for _, target := range []Call{{Method: http.MethodPost, Target: r.hooks()}, {Method: http.MethodPatch, Target: path}} {
		for _, body := range []string{`{"name":`, `{"name":"` + r.prefix + `x"} x`, " ", ""} {
			call := target
			call.Body = []byte(body)
			a := r.call(call)
			r.want(a.Status == http.StatusBadRequest, "", fmt.Sprintf("the body %q: want 400, got %s", body, contract.StatusText(a.Status)))
		}
	}
}

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

func (r *run) writeWithoutToken() {
	mine := r.mineToChange()
	before := r.get(r.hook(mine))
	body := []byte(`{"name":"` + r.prefix + `stolen"}`)
	r.wantRefused(Call{Method: http.MethodPost, Target: r.hooks(), Body: body, Auth: new("")}, http.StatusForbidden)
	r.wantRefused(Call{Method: http.MethodPatch, Target: r.hook(mine), Body: body, Auth: new("")}, http.StatusForbidden)
	r.wantRefused(Call{Method: http.MethodDelete, Target: r.hook(mine), Auth: new("")}, http.StatusForbidden)
	after := r.get(r.hook(mine))
	r.want(after.Status == http.StatusOK, "", "the webhook is gone, though no request with a token deleted it")
	r.wantSame(before.fields, after.fields, "though no request with a token changed it")
}

func (r *run) logInAsUnknownUser() {
	a := r.call(Call{
		Method: http.MethodPost, Target: "/auth/user", Auth: new(""),
		Body: []byte(`{"email":"nobody@` + r.RunID + `.example.com","password":"no such password"}`),
	})
	r.want(a.Status == http.StatusUnauthorized, "", "want 401, got "+contract.StatusText(a.Status))
}

func (r *run) logInInvalid() {
	valid := map[string]any{"email": "nobody@" + r.RunID + ".example.com", "password": "no such password"}
	for _, made := range r.samples(r.API.Operation(contract.OperationAuthAuthenticateUser), valid, false) {
		r.send(http.MethodPost, "/auth/user", made.Body)
	}
}

func (r *run) writeUnknown() {
	nowhere := r.hooks() + "/" + nowhereID
	for _, a := range []response{
		r.send(http.MethodPatch, nowhere, map[string]any{"name": r.prefix + "nowhere"}),
		r.call(Call{Method: http.MethodDelete, Target: nowhere}),
		r.send(http.MethodPost, "/applications/"+nowhereID+"/webhooks", map[string]any{"name": r.prefix + "nowhere"}),
	} {
		r.want(a.Status == http.StatusNotFound, "", a.Method+" what is not there: want 404, got "+contract.StatusText(a.Status))
	}
}

func (r *run) useAfterFree() {
	a := r.send(http.MethodPost, r.hooks(), map[string]any{"name": r.prefix + "deleted"})
	if a.text("id") == "" {
		r.couldNot("no webhook could be created")
	}
	path := r.hook(a.fields)
	r.wantStatus(r.call(Call{Method: http.MethodDelete, Target: path}), http.StatusOK, "deleting")
	r.wantStatus(r.get(path), http.StatusNotFound, "reading what was deleted")
	r.wantStatus(r.send(http.MethodPatch, path, map[string]any{"name": r.prefix + "revived"}), http.StatusNotFound, "changing what was deleted")
	r.wantStatus(r.call(Call{Method: http.MethodDelete, Target: path}), http.StatusNotFound, "deleting it again")
	list := r.get(r.hooks() + "?perPage=1000&" + r.mine())
	r.want(!slices.Contains(list.ids(), a.text("id")), "webhooks.items", "what was deleted is listed")
}

func (r *run) wantStatus(a response, status int, doing string) {
	r.want(a.Status == status, "", fmt.Sprintf("%s: want %s, got %s", doing, contract.StatusText(status), contract.StatusText(a.Status)))
}

func (r *run) count() {
	total := func() int { return r.get(r.hooks() + "?perPage=1&" + r.mine()).total() }
	before := total()
	a := r.send(http.MethodPost, r.hooks(), map[string]any{"name": r.prefix + "counted"})
	r.want(total() == before+1, "webhooks.totalCount", "want one more after a webhook was created")
	r.call(Call{Method: http.MethodDelete, Target: r.hook(a.fields)})
	r.want(total() == before, "webhooks.totalCount", "want one less after a webhook was deleted")
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
