package scenarios

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/secret"
	"gopkg.in/yaml.v3"
)

// Recording learns a world from the traffic of a live API. It is safe for
// concurrent use.
type Recording struct {
	api *contract.API

	mu           sync.Mutex
	applications map[string]*Application // by id in lower case
	webhooks     map[string]*Webhook
}

// NewRecording begins a recording of an API.
func NewRecording(api *contract.API) *Recording {
	return &Recording{api: api, applications: map[string]*Application{}, webhooks: map[string]*Webhook{}}
}

// Observe learns from an exchange: what was read, created and changed is as
// the answer says, and what was deleted is gone. Refusals teach nothing.
func (r *Recording) Observe(e *contract.Exchange) {
	endpoint, path := r.api.Find(e.URL)
	if endpoint == nil || endpoint.Operations[e.Method] == nil || e.Status < 200 || e.Status > 299 {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	op := endpoint.Operations[e.Method]
	if op.Action == "delete" {
		delete(r.webhooks, strings.ToLower(path["webhookId"]))
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

// learn reads one thing as a scenario has it. JSON is YAML too, and a
// scenario's keys are the API's own.
func (r *Recording) learn(resource string, path map[string]string, body []byte) {
	switch resource {
	case "webhook":
		var w Webhook
		if yaml.Unmarshal(body, &w) != nil || w.ID == "" {
			return // not what the contract has: told by the check
		}
		w.ApplicationID = path["applicationId"]
		r.webhooks[strings.ToLower(w.ID)] = &w
	case "application":
		var a fields // without the list of webhooks
		if yaml.Unmarshal(body, &a) == nil && a.ID != "" {
			learnt := Application(a)
			r.applications[strings.ToLower(a.ID)] = &learnt
		}
	}
}

// Scenario is the world as it was learnt, in the order of ids. It holds what
// the real one holds, secrets too: see [Scenario.WithoutSecrets].
func (r *Recording) Scenario() *Scenario {
	r.mu.Lock()
	defer r.mu.Unlock()
	known := map[string]*Application{}
	for id, a := range r.applications {
		learnt := *a
		known[id] = &learnt
	}
	for _, w := range r.webhooks {
		id := strings.ToLower(w.ApplicationID)
		if known[id] == nil {
			known[id] = &Application{ID: w.ApplicationID, Name: "Application " + w.ApplicationID}
		}
		webhook := *w
		webhook.ApplicationID = "" // it stands in it
		known[id].Webhooks = append(known[id].Webhooks, webhook)
	}
	s := &Scenario{API: API{Version: r.api.Version.String()}}
	for _, a := range known {
		slices.SortFunc(a.Webhooks, func(v, w Webhook) int { return strings.Compare(v.ID, w.ID) })
		s.Applications = append(s.Applications, *a)
	}
	slices.SortFunc(s.Applications, func(a, b Application) int { return strings.Compare(a.ID, b.ID) })
	return s
}

// WithoutSecrets is a copy of the scenario in which placeholders stand for the
// tokens, passwords and codes of webhooks: the same ones each time, made of
// the webhook's id, wherever else they stand too. The given secrets, such as
// access tokens, are taken out of all texts, in every encoding and in parts.
func (s *Scenario) WithoutSecrets(secrets ...secret.Secret) *Scenario {
	clean := *s
	clean.Applications = slices.Clone(s.Applications)
	var known []string // secrets and their placeholders
	for i := range clean.Applications {
		a := &clean.Applications[i]
		a.Webhooks = slices.Clone(a.Webhooks)
		for j := range a.Webhooks {
			w := &a.Webhooks[j]
			for _, secret := range []struct {
				kind string
				text *string
			}{
				{"token", &w.Token}, {"user", &w.BasicAuthUsername}, {"password", &w.BasicAuthPassword}, {"code", &w.VerificationCode},
			} {
				if *secret.text == "" {
					continue
				}
				placeholder := secret.kind + "-" + w.ID
				if len(*secret.text) >= minReplaced {
					known = append(known, *secret.text, placeholder)
				}
				*secret.text = placeholder
			}
		}
	}
	replacer := strings.NewReplacer(known...)
	clean.rewrite(func(text string) string {
		text = replacer.Replace(text)
		for _, secret := range secrets {
			text = secret.Scrub(text)
		}
		return text
	})
	return &clean
}

// minReplaced is how long a secret must be, in bytes, to be replaced outside
// its own place too: a shorter one may be an everyday word.
const minReplaced = 8

// rewrite changes every text that people write.
func (s *Scenario) rewrite(change func(string) string) {
	for i := range s.Applications {
		a := &s.Applications[i]
		a.Name, a.Description = change(a.Name), change(a.Description)
		for j := range a.Webhooks {
			w := &a.Webhooks[j]
			w.Name, w.Description = change(w.Name), change(w.Description)
		}
	}
}

// Marshal writes the scenario as a file, and makes sure that it can be loaded.
func (s *Scenario) Marshal() ([]byte, error) {
	text, err := yaml.Marshal(s)
	if err != nil {
		return nil, err
	}
	if _, err := Parse("scenario", text); err != nil {
		return nil, fmt.Errorf("this world is no scenario: %w", err)
	}
	return text, nil
}
