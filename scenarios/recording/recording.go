// Package recording learns scenarios from a live API.
//
// [Pull] reads an application and its webhooks:
//
//	world, err := recording.Pull(ctx, client, applicationID)
//
// A [Proxy] passes the traffic of others on and checks it, and a [Recording]
// learns from what passes:
//
//	learnt := recording.New(contract.AtNewest())
//	proxy, err := recording.NewProxy("https://api.losant.com", token, nil, nil, learnt.Observe)
//	// ... serve the proxy ...
//	world := learnt.Scenario()
//
// Both worlds hold the real secrets, which [WithoutSecrets] replaces before a
// world is written as a file.
package recording

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/scenarios"
	"gopkg.in/yaml.v3"
)

// Recording learns a world from the traffic of a live API. It is safe for
// concurrent use.
type Recording struct {
	api *contract.API

	mu           sync.Mutex
	applications map[string]*scenarios.Application // by id in lower case
	webhooks     map[string]*scenarios.Webhook
}

// New returns a recording of an API that has learnt nothing yet.
func New(api *contract.API) *Recording {
	return &Recording{api: api, applications: map[string]*scenarios.Application{}, webhooks: map[string]*scenarios.Webhook{}}
}

// Observe learns from an exchange: what was read, created and changed is as in
// the response, and what was deleted is gone. An exchange without success
// changes nothing.
func (r *Recording) Observe(e *contract.Exchange) {
	op, path := r.api.OperationAt(e.Method, e.URL)
	if op == nil || op.FromDefinition || e.Status < 200 || e.Status > 299 {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if op.Action == "delete" {
		r.forget(path)
		return
	}
	var list struct{ Items []json.RawMessage }
	switch op.Resource.Name {
	case "webhooks", "applications":
		if op.Action != "get" {
			r.learn(strings.TrimSuffix(op.Resource.Name, "s"), path, e.Body)
		} else if json.Unmarshal(e.Body, &list) == nil {
			for _, item := range list.Items {
				r.learn(strings.TrimSuffix(op.Resource.Name, "s"), path, item)
			}
		}
	case "webhook", "application":
		r.learn(op.Resource.Name, path, e.Body)
	}
}

// forget removes a webhook, or an application with its webhooks.
func (r *Recording) forget(path map[string]string) {
	if id, ok := path["webhookId"]; ok {
		delete(r.webhooks, strings.ToLower(id))
		return
	}
	delete(r.applications, strings.ToLower(path["applicationId"]))
	maps.DeleteFunc(r.webhooks, func(_ string, hook *scenarios.Webhook) bool {
		return strings.EqualFold(hook.ApplicationID, path["applicationId"])
	})
}

// learn reads one thing as a scenario has it. JSON is YAML too, and a
// scenario's keys are the API's own.
func (r *Recording) learn(resource string, path map[string]string, body []byte) {
	switch resource {
	case "webhook":
		var hook scenarios.Webhook
		if yaml.Unmarshal(body, &hook) != nil || hook.ID == "" {
			return // not what the contract has: the check reports it
		}
		hook.ApplicationID = path["applicationId"]
		r.webhooks[strings.ToLower(hook.ID)] = &hook
	case "application":
		var a scenarios.Application
		if yaml.Unmarshal(body, &a) == nil && a.ID != "" {
			r.applications[strings.ToLower(a.ID)] = &a
		}
	}
}

// Scenario returns the world as it was learnt so far, in the order of ids. It
// holds secrets where the real one does: see [WithoutSecrets].
func (r *Recording) Scenario() *scenarios.Scenario {
	r.mu.Lock()
	defer r.mu.Unlock()
	known := map[string]*scenarios.Application{}
	for id, a := range r.applications {
		learnt := *a
		known[id] = &learnt
	}
	for _, hook := range r.webhooks {
		id := strings.ToLower(hook.ApplicationID)
		if known[id] == nil {
			known[id] = &scenarios.Application{ID: hook.ApplicationID, Name: "Application " + hook.ApplicationID}
		}
		learnt := *hook
		learnt.ApplicationID = "" // it stands in its application
		known[id].Webhooks = append(known[id].Webhooks, learnt)
	}
	s := &scenarios.Scenario{API: scenarios.API{Version: r.api.Version.String()}}
	for _, a := range known {
		slices.SortFunc(a.Webhooks, func(a, b scenarios.Webhook) int { return strings.Compare(a.ID, b.ID) })
		s.Applications = append(s.Applications, *a)
	}
	slices.SortFunc(s.Applications, func(a, b scenarios.Application) int { return strings.Compare(a.ID, b.ID) })
	return s
}
