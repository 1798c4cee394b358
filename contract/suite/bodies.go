package suite

import (
	"bytes"
	"fmt"
	"maps"
	"net/http"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/decode"
	"github.com/losantmock/losantmock/contract/internal/protocol"
	"github.com/losantmock/losantmock/contract/internal/sample"
	"github.com/losantmock/losantmock/contract/live"
)

// malformedBodies sends bodies that are no JSON, or no object.
func (r *run) malformedBodies() {
	path := r.hook(r.mineToChange())
	r.refresh(0)
	name := `{"name":"` + r.prefix + `x"}`
	for _, target := range []live.Call{{Method: http.MethodPost, Target: r.hooks()}, {Method: http.MethodPatch, Target: path}} {
		for _, body := range []string{`{"name":`, name + " x", name + name, "\ufeff" + name, " ", ""} {
			call := target
			call.Body = []byte(body)
			a := r.call(call)
			doing := fmt.Sprintf("the body %q", body)
			r.wantStatus(a, http.StatusBadRequest, doing)
			if message := a.Text("message"); a.Status == http.StatusBadRequest && body != "" {
				r.wantBy(contract.Observed, bytes.HasPrefix([]byte(message), []byte("Invalid JSON: ")), "error.message", fmt.Sprintf("%s: want it to begin with \"Invalid JSON: \", got %q", doing, message))
			}
		}
	}
	r.wantNoEffect(0, "though every body was refused")
	r.sendEach(protocol.Malformed(r.hooks(), r.nowhere(), r.API.Operation(contract.OperationWebhookDelete)))
}

// otherBodies writes bodies in other forms, which have the effect of plain JSON.
func (r *run) otherBodies() {
	mine := r.mineToChange()
	for _, form := range sample.ReadForms() {
		header, body := form.Write(r.prefix + form.Title)
		sent, _ := decode.Body(header, body, decode.MaxResponseSize) // of a form that is read
		if r.API.Operation(contract.OperationWebhooksPost).CheckBody(sent.Body) != nil {
			continue // of an older API
		}
		a := r.call(live.Call{Method: http.MethodPost, Target: r.hooks(), Header: header, Body: body})
		r.wantStatusBy(contract.Observed, a, http.StatusCreated, form.Title)
		if a.Text("id") != "" {
			r.delete(r.hook(a.Fields))
		}
		a = r.call(live.Call{Method: http.MethodPatch, Target: r.hook(mine), Header: header, Body: body})
		r.wantStatusBy(contract.Observed, a, http.StatusOK, form.Title)
		if a.Status == http.StatusOK {
			is := maps.Clone(r.own[0])
			maps.Copy(is, sent.Body.(map[string]any))
			r.wantSame(is, a.Fields, "after a change by "+form.Title, "lastUpdated")
			r.own[0] = a.Fields
		}
	}
}

// bodiesOfOtherKinds sends JSON in forms that are not read, and have no effect.
func (r *run) bodiesOfOtherKinds() {
	path := r.hook(r.mineToChange())
	r.refresh(0)
	for _, form := range sample.OtherForms() {
		header, body := form.Write(r.prefix + form.Title)
		r.call(live.Call{Method: http.MethodPost, Target: r.hooks(), Header: header, Body: body})
		r.call(live.Call{Method: http.MethodPatch, Target: path, Header: header, Body: body})
	}
	for _, form := range sample.BrokenForms() { // of a POST whose response is a 500 the outcome is unknown
		header, body := form.Write(r.prefix + form.Title)
		r.call(live.Call{Method: http.MethodPatch, Target: path, Header: header, Body: body})
	}
	r.wantNoEffect(0, "though every body was refused")
}
