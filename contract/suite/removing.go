package suite

import (
	"net/http"
	"slices"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/internal/protocol"
	"github.com/losantmock/losantmock/contract/internal/reply"
	"github.com/losantmock/losantmock/contract/live"
)

func (r *run) writeUnknown() {
	for _, call := range protocol.WritesNowhere(r.nowhere(), r.prefix+"nowhere") {
		r.wantStatus(r.call(call), http.StatusNotFound, call.Method+" what is not there")
	}
	r.judgeEach(protocol.NotTextWrites(), protocol.Missing)
	// What is malformed is reported before what is not there.
	r.send(http.MethodDelete, r.hooks()+"/x", map[string]any{})
	r.send(http.MethodPost, "/applications/x/webhooks", map[string]any{"name": r.prefix + "nowhere"})
}

// delete deletes a webhook of the run's own.
func (r *run) delete(path string) {
	a := r.call(live.Call{Method: http.MethodDelete, Target: path})
	r.wantOf(contract.CheckPositive, contract.Documented, a.Lost() || a.Status == http.StatusOK, "",
		"deleting a webhook: want 200 OK, got "+contract.StatusText(a.Status))
}

func (r *run) useAfterFree() {
	a := r.send(http.MethodPost, r.hooks(), map[string]any{"name": r.prefix + "deleted"})
	if a.Text("id") == "" {
		r.couldNot("no webhook could be created")
	}
	path := r.hook(a.Fields)
	r.get(path)
	query, again := "", ""
	if len(r.API.Operation(contract.OperationWebhookDelete).Params) > 0 {
		query, again = "?includeWorkflows=true", "?includeWorkflows=false" // a new webhook has none
	}
	before := r.whole(r.mine())
	r.wantStatus(r.call(live.Call{Method: http.MethodDelete, Target: path + query}), http.StatusOK, "deleting")
	r.wantStatus(r.get(path), http.StatusNotFound, "reading what was deleted")
	r.wantStatus(r.send(http.MethodPatch, path, map[string]any{"name": r.prefix + "revived"}), http.StatusNotFound, "changing what was deleted")
	r.wantStatus(r.call(live.Call{Method: http.MethodDelete, Target: path + again}), http.StatusNotFound, "deleting it again")
	list := r.whole(r.mine())
	if list.Status != http.StatusOK {
		return
	}
	r.want(!slices.Contains(list.IDs(), reply.IDOf(a.Fields)), "webhooks.items", "what was deleted is listed")
	for _, hook := range r.own {
		r.want(slices.Contains(list.IDs(), reply.IDOf(hook)), "webhooks.items", "a webhook is gone that was not deleted")
	}
	r.wantSameItems(before.Items(), list, "after another webhook was deleted")
	all := r.whole("sortField=creationDate&sortDirection=desc") // which others change, too
	r.want(!slices.Contains(all.IDs(), reply.IDOf(a.Fields)), "webhooks.items", "what was deleted is in the list of all")
}
