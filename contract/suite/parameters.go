package suite

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/internal/protocol"
	"github.com/losantmock/losantmock/contract/internal/sample"
)

const (
	nowhereID    = protocol.NowhereID
	unissued     = "losantmock-check-token-that-nobody-issued"
	unknownToken = "Bearer " + unissued
	longestRun   = 100 // items that are read to see a whole list: the default, since the largest page is not public
)

// reading returns the operations of the contract's own table that read, but for those on
// applications where the token may not read its own.
func (r *run) reading() []*contract.Operation {
	var ops []*contract.Operation
	for _, resource := range r.API.Resources {
		for _, op := range resource.Actions {
			if op.Method == http.MethodGet && !op.FromDefinition && (!r.noApplication || !isOfApplications(op)) {
				ops = append(ops, op)
			}
		}
	}
	return ops
}

// hookID returns the id of a webhook to read, where a path needs one.
func (r *run) hookID(op *contract.Operation) string {
	if !strings.Contains(op.Path, "{webhookId}") {
		return ""
	}
	id, _ := r.webhook()["id"].(string)
	return id
}

func (r *run) validParameters() {
	for _, op := range r.reading() {
		path := r.path(op, r.hookID(op))
		r.get(path)
		r.get(path + "?noSuchParameter=1")
		r.get(path + "/")
		for i := range op.Params {
			for _, value := range sample.AcceptedTexts(&op.Params[i]) {
				query := op.Params[i].Name + "=" + url.QueryEscape(value)
				if op.Params[i].Name == "filter" {
					query += "&filterField=name"
				}
				r.get(path + "?" + query)
			}
		}
	}
}

func (r *run) invalidParameters() {
	for _, op := range r.reading() {
		path := r.path(op, r.hookID(op))
		for i := range op.Params {
			r.get(strings.Replace(path, r.ApplicationID, "x", 1) + "?" + sample.Refused(&op.Params[i]))
			for _, value := range sample.RefusedTexts(&op.Params[i]) {
				r.get(path + "?" + op.Params[i].Name + "=" + url.QueryEscape(value))
			}
			for _, query := range protocol.Lists(&op.Params[i], url.QueryEscape(op.Params[i].ExampleText())) {
				r.get(path + "?" + query)
			}
		}
		for i := 1; i < len(op.Params); i++ { // the first in the order of the contract is reported
			r.get(path + "?" + sample.Refused(&op.Params[i]) + "&" + sample.Refused(&op.Params[i-1]))
		}
		for _, param := range op.Resource.Params {
			own := map[string]string{"applicationId": r.ApplicationID, "webhookId": r.hookID(op)}[param.Name]
			if own == "" {
				continue // of a server that left it out
			}
			for _, id := range []string{own[1:], own + "0", "x" + own[1:], "my-webhook"} {
				r.get(strings.Replace(path, own, id, 1))
			}
		}
	}
}

func (r *run) unknownIDs() {
	for _, op := range r.reading() {
		if len(op.Resource.Params) == 0 {
			continue
		}
		// The last id of the path leads nowhere.
		path := r.path(op, nowhereID)
		if !strings.Contains(op.Path, "{webhookId}") {
			path = strings.Replace(op.Path, "{applicationId}", nowhereID, 1)
		}
		a := r.get(path)
		r.wantStatus(a, http.StatusNotFound, "what is not there")
	}
	r.judgeEach(protocol.NotText(), protocol.Missing)
}
