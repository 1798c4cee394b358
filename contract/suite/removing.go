package suite

import (
	"fmt"
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
		r.want(a.Status == http.StatusNotFound, "", a.Method+" what is not there: want 404, got "+contract.StatusText(a.Status))
	}
}

func (r *run) useAfterFree() {
	a := r.send(http.MethodPost, r.hooks(), map[string]any{"name": r.prefix + "deleted"})
	if a.text("id") == "" {
		r.couldNot("no webhook could be created")
	}
	path := r.hook(a.fields)
	r.wantStatus(r.call(live.Call{Method: http.MethodDelete, Target: path}), http.StatusOK, "deleting")
	r.wantStatus(r.get(path), http.StatusNotFound, "reading what was deleted")
	r.wantStatus(r.send(http.MethodPatch, path, map[string]any{"name": r.prefix + "revived"}), http.StatusNotFound, "changing what was deleted")
	r.wantStatus(r.call(live.Call{Method: http.MethodDelete, Target: path}), http.StatusNotFound, "deleting it again")
	list := r.get(r.hooks() + "?perPage=1000&" + r.mine())
	r.want(!slices.Contains(list.ids(), a.text("id")), "webhooks.items", "what was deleted is listed")
}

func (r *run) wantStatus(a response, status int, doing string) {
	r.want(a.Status == status, "", fmt.Sprintf("%s: want %s, got %s", doing, contract.StatusText(status), contract.StatusText(a.Status)))
}
