package suite

import (
	"fmt"
	"net/http"
	"slices"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/internal/reply"
	"github.com/losantmock/losantmock/contract/internal/sample"
	"github.com/losantmock/losantmock/contract/live"
)

// readApplication reads the application by its list, which a token of an
// application may not see.
func (r *run) readApplication() {
	single := r.get("/applications/" + r.ApplicationID)
	list := r.get(fmt.Sprintf("/applications?perPage=%d", longestRun))
	if single.Status != http.StatusOK || list.Status != http.StatusOK || list.Total() > longestRun {
		return
	}
	place := slices.Index(list.IDs(), reply.IDOf(single.Fields))
	r.want(place >= 0, "applications.items", "want the application that the token may read")
	if place < 0 {
		return
	}
	for _, name := range []string{"name", "description", "ownerId", "ownerType", "creationDate", "endpointSlug"} {
		listed, there := list.Items()[place][name]
		value, received := single.Fields[name]
		r.wantOf(contract.CheckEcho, contract.Documented, !there || !received || same(name, listed, value), "application."+name, "is not as the list has it")
	}
	r.narrowApplications()
	r.countWebhooks(single)
}

// countWebhooks reads how many webhooks the summary of the application counts, and chooses
// its counts.
func (r *run) countWebhooks(single reply.Reply) {
	summary := func(a reply.Reply) map[string]any { counts, _ := a.Fields["summary"].(map[string]any); return counts }
	count, counted := summary(single)["webhookCount"].(float64)
	if !counted || !slices.ContainsFunc(r.API.Operation(contract.OperationApplicationGet).Params, func(p contract.Param) bool { return p.Name == "summaryExclude" }) {
		return // or of an older API
	}
	r.wantBy(contract.Ours, int(count) >= len(r.own), "application.summary", fmt.Sprintf("webhookCount: want %d at least, as the run has made, got %v", len(r.own), count))
	without, alone := r.get(r.application()+"?summaryExclude=webhookCount"), r.get(r.application()+"?summaryInclude=webhookCount")
	r.want(summary(without)["webhookCount"] == nil, "application.summary", "summaryExclude: has webhookCount, which is excluded")
	r.want(alone.Status != http.StatusOK || len(summary(alone)) == 1 && summary(alone)["webhookCount"] != nil, "application.summary", "summaryInclude: want webhookCount and no more")
}

// applicationPages reads the list of applications in pages of one.
func (r *run) applicationPages() {
	first, second := r.get("/applications?perPage=1"), r.get("/applications?perPage=1&page=1")
	if first.Total() > 1 && second.Status == http.StatusOK {
		r.want(len(second.IDs()) == 1 && !slices.Equal(first.IDs(), second.IDs()), "applications.items", "want one application on the second page, and not that of the first")
	}
}

// narrowApplications narrows the list of applications to those of an owner.
func (r *run) narrowApplications() {
	params := r.API.Operation(contract.OperationApplicationsGet).Params
	if !slices.ContainsFunc(params, func(p contract.Param) bool { return p.Name == "orgId" }) {
		return // of an older API
	}
	ofNobody := r.ask(live.Call{Method: http.MethodGet, Target: "/applications?orgId=" + nowhereID})
	r.wantOf(contract.CheckFiltering, contract.Documented, len(ofNobody.Items()) == 0, "applications.items", "want none of an organization that is not there")
	for _, application := range r.get("/applications?orgId=").Items() {
		r.wantOf(contract.CheckFiltering, contract.Documented, application["ownerType"] != "organization", "applications.items", "want none of an organization where orgId is blank")
	}
}

// applicationBodies sends bodies of applications where none can have an effect: a
// new application without a token, and a change of one that is not there. Whether
// the body is refused shows all the same, since that is decided before.
func (r *run) applicationBodies() {
	post, patch := r.API.Operation(contract.OperationApplicationsPost), r.API.Operation(contract.OperationApplicationPatch)
	valid := map[string]any{"name": r.prefix + "application"}
	nowhere := "/applications/" + nowhereID
	ofPost, ofPatch := r.API.Schema("applicationPost"), r.API.Schema("applicationPatch")
	for _, made := range sample.OfOthers(ofPost, ofPatch, valid) {
		r.sendAside(live.Call{Method: http.MethodPost, Target: "/applications", Auth: new("")}, made, false, 0)
	}
	for _, made := range sample.OfOthers(ofPatch, ofPost, valid) {
		r.sendAside(live.Call{Method: http.MethodPatch, Target: nowhere}, made, false, 0)
	}
	for _, allowed := range []bool{false, true} {
		for _, made := range sample.OneOfEachType(r.samples(post, valid, allowed)) {
			r.sendAside(live.Call{Method: http.MethodPost, Target: "/applications", Auth: new("")}, made, allowed, http.StatusForbidden)
		}
		for _, made := range sample.OneOfEachType(r.samples(patch, valid, allowed)) {
			r.sendAside(live.Call{Method: http.MethodPatch, Target: nowhere}, made, allowed, http.StatusNotFound)
		}
	}
}

// sendAside sends a body that has no effect: one that is allowed is refused for
// another reason, with a status of its own, or since the token may not change
// applications.
func (r *run) sendAside(call live.Call, made Sample, allowed bool, status int) {
	call.Body = encoded(made.Body)
	a := r.call(call)
	if allowed {
		r.wantOf(contract.CheckPositive, contract.Observed, a.Lost() || a.Status == status || a.Status == http.StatusForbidden, "",
			fmt.Sprintf("%s: want %s, got %s", made.Title, contract.StatusText(status), contract.StatusText(a.Status)))
	}
}
