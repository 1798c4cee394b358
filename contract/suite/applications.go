package suite

import (
	"fmt"
	"net/http"
	"slices"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/internal/sample"
	"github.com/losantmock/losantmock/contract/live"
)

// readApplication reads the application by its list, which a token of an
// application may not see.
func (r *run) readApplication() {
	single := r.get("/applications/" + r.ApplicationID)
	list := r.get(fmt.Sprintf("/applications?perPage=%d", longestRun))
	if single.Status != http.StatusOK || list.Status != http.StatusOK || list.total() > longestRun {
		return
	}
	place := slices.Index(list.ids(), idOf(single.fields))
	r.want(place >= 0, "applications.items", "want the application that the token may read")
	if place < 0 {
		return
	}
	for _, name := range []string{"name", "description", "ownerId", "ownerType", "creationDate", "endpointSlug"} {
		listed, there := list.items()[place][name]
		value, received := single.fields[name]
		r.wantOf(contract.CheckEcho, contract.Documented, !there || !received || same(name, listed, value), "application."+name, "is not as the list has it")
	}
	r.narrowApplications()
}

// applicationPages reads the list of applications in pages of one.
func (r *run) applicationPages() {
	first, second := r.get("/applications?perPage=1"), r.get("/applications?perPage=1&page=1")
	if first.total() > 1 && second.Status == http.StatusOK {
		r.want(len(second.ids()) == 1 && !slices.Equal(first.ids(), second.ids()), "applications.items", "want one application on the second page, and not that of the first")
	}
}

// narrowApplications narrows the list of applications to those of an owner.
func (r *run) narrowApplications() {
	params := r.API.Operation(contract.OperationApplicationsGet).Params
	if !slices.ContainsFunc(params, func(p contract.Param) bool { return p.Name == "orgId" }) {
		return // of an older API
	}
	ofNobody := r.ask(live.Call{Method: http.MethodGet, Target: "/applications?orgId=" + nowhereID})
	r.wantOf(contract.CheckFiltering, contract.Documented, len(ofNobody.items()) == 0, "applications.items", "want none of an organization that is not there")
	for _, application := range r.get("/applications?orgId=").items() {
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
		r.wantOf(contract.CheckPositive, contract.Observed, a.lost() || a.Status == status || a.Status == http.StatusForbidden, "",
			fmt.Sprintf("%s: want %s, got %s", made.Title, contract.StatusText(status), contract.StatusText(a.Status)))
	}
}
