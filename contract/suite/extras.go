package suite

import (
	"net/http"
	"strconv"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/internal/reply"
)

func (r *run) switchExtras() {
	for _, path := range []string{r.hooks() + "?perPage=2" + r.scope(), r.hook(r.webhook()) + "?", "/applications/" + r.ApplicationID + "?"} {
		with := r.get(path)
		r.wantExtras(with)
		for _, query := range []string{
			"_actions=false", "_links=false", "_actions=false&_links=false", "_actions=&_links=",
			"_actions=yes&_links=1", "_actions=on&_links=no", "_actions=1&_links=0", "_actions=0&_links=True",
		} {
			if a := r.get(path + "&" + query); with.Fields["_type"] == "webhook" {
				r.wantSame(with.Fields, a.Fields, "with "+query)
			}
		}
	}
}

// wantExtras checks that a response has the links and actions that it must have.
// Those that it has are checked with the response.
func (r *run) wantExtras(a reply.Reply) {
	endpoint, _ := r.API.Find(http.MethodGet, a.URL)
	if a.Status != http.StatusOK || endpoint == nil {
		return
	}
	resource := endpoint.Operations[http.MethodGet].Resource
	r.wantExtrasOf(resource, resource.Name, a.Fields)
	for i, item := range a.Items() {
		name := r.API.Schema(resource.Name).ItemsOf()
		r.wantExtrasOf(r.API.Resource(name), resource.Name+".items."+strconv.Itoa(i), item)
	}
}

func (r *run) wantExtrasOf(resource *contract.Resource, place string, fields map[string]any) {
	links, _ := fields["_links"].(map[string]any)
	actions, _ := fields["_actions"].(map[string]any)
	all := true // that there are
	for _, op := range resource.Actions {
		_, there := actions[op.Action].(map[string]any)
		webhooks := resource.Name == "webhook" || resource.Name == "webhooks"
		granted := op.Method == http.MethodGet || r.Write && webhooks // since the run has done it
		r.wantBy(contract.Observed, there || !granted, place+"._actions."+op.Action, "is missing")
		all = all && there
	}
	r.wantBy(contract.Observed, links["self"] != nil, place+"._links.self", "is missing")
	for _, link := range resource.Links {
		// One wildcard of the token decides about all. Which tokens hold it is not
		// public, but for those that may not do everything.
		source := contract.Ours
		if len(links) > 1 {
			source = contract.Observed
		}
		r.wantBy(source, links[link.Rel] != nil || len(links) <= 1 && !all, place+"._links."+link.Rel, "is missing")
	}
}
