package suite

import (
	"net/http"
	"slices"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/live"
)

func (r *run) writeUnknown() {
	nowhere := r.hooks() + "/" + nowhereID
	for _, a := range []response{
		r.send(http.MethodPatch, nowhere, map[string]any{"name": r.prefix + "nowhere"}),
		r.call(live.Call{Method: http.MethodDelete, Target: nowhere}),
		r.send(http.MethodPost, "/applications/"+nowhereID+"/webhooks", map[string]any{"name": r.prefix + "nowhere"}),
	} {
		r.wantStatus(a, http.StatusNotFound, a.Method+" what is not there")
	}
}

func (r *run) useAfterFree() {
	a := r.send(http.MethodPost, r.hooks(), map[string]any{"name": r.prefix + "deleted"})
	if a.text("id") == "" {
		r.couldNot("no webhook could be created")
	}
	path := r.hook(a.fields)
	r.get(path)
	query := ""
	if len(r.API.Operation(contract.OperationWebhookDelete).Params) > 0 {
		query = "?includeWorkflows=true" // a new webhook has none
	}
	r.wantStatus(r.call(live.Call{Method: http.MethodDelete, Target: path + query}), http.StatusOK, "deleting")
	r.wantStatus(r.get(path), http.StatusNotFound, "reading what was deleted")
	r.wantStatus(r.send(http.MethodPatch, path, map[string]any{"name": r.prefix + "revived"}), http.StatusNotFound, "changing what was deleted")
	r.wantStatus(r.call(live.Call{Method: http.MethodDelete, Target: path}), http.StatusNotFound, "deleting it again")
	list := r.whole(r.mine())
	if list.Status != http.StatusOK {
		return
	}
	r.want(!slices.Contains(list.ids(), idOf(a.fields)), "webhooks.items", "what was deleted is listed")
	for _, hook := range r.own {
		r.want(slices.Contains(list.ids(), idOf(hook)), "webhooks.items", "a webhook is gone that was not deleted")
	}
}
