package world

import (
	"slices"
	"strconv"
	"strings"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/scenarios"
)

// mostNames is how many names of a kind are returned to choose a suggestion from.
const mostNames = 1000

// FindName reports whether the present state or the scenario has something of a
// kind with a name, and returns the ids and tokens of what has that name. The
// kinds are named as the members of a request pattern: operation, scope, fault,
// application and webhook.
func (e *Era) FindName(kind, name string) (keys []string, known bool) {
	switch kind {
	case "scope":
		return nil, slices.Contains(e.State.API.Scopes(), name) || e.State.Tokens.Have(name)
	case "application":
		return e.findApplication(name)
	case "webhook":
		return e.findWebhook(name)
	default:
		return nil, slices.Contains(e.NamesOf(kind), name)
	}
}

// NamesOf returns the names of a kind; of applications and webhooks the first
// ones.
func (e *Era) NamesOf(kind string) (names []string) {
	switch kind {
	case "operation":
		names = append(names, contract.OperationTrigger)
		for _, resource := range e.State.API.Resources {
			for _, op := range resource.Actions {
				names = append(names, op.Name)
			}
		}
	case "scope":
		names = e.State.API.Scopes()
	case "fault":
		for _, f := range e.Faults.States() {
			names = append(names, f.Name)
		}
		for _, f := range e.Scenario.Faults {
			names = append(names, f.Name)
		}
	case "application":
		for _, a := range e.State.Store.AllApplications("name") {
			names = append(names, a.Name)
		}
	case "webhook":
		for hook := range e.State.Store.AllWebhooks() {
			if names = append(names, hook.Name); len(names) == mostNames {
				break
			}
		}
	}
	return names
}

func (e *Era) findApplication(name string) (keys []string, known bool) {
	for _, a := range e.State.Store.ApplicationsCalled(name) {
		keys, known = append(keys, a.ID), true
	}
	for _, a := range e.Scenario.Applications {
		if a.Name == name || strings.EqualFold(a.ID, name) {
			keys, known = append(keys, a.ID), true
		}
	}
	return keys, known
}

func (e *Era) findWebhook(name string) (keys []string, known bool) {
	for _, hook := range e.State.Store.WebhooksCalled(name) {
		keys, known = append(keys, hook.ID, hook.Token), true
	}
	for _, a := range e.Scenario.Applications {
		for _, hook := range a.Webhooks {
			if hook.Name == name || hook.ID != "" && strings.EqualFold(hook.ID, name) || hook.Token == name {
				keys, known = append(keys, hook.ID, hook.Token), true
			}
		}
		for _, g := range a.Generate {
			known = known || generates(g, g.Webhook.Name, name) || generates(g, g.Webhook.Token, name)
		}
	}
	return keys, known
}

// generates reports whether a text of generated webhooks, which has {{n}} for
// their number, becomes name for one of them. It tries the numbers that name can
// hold, and not those of every webhook.
func generates(g scenarios.Generate, text, name string) bool {
	const number = "{{n}}"
	before, _, numbered := strings.Cut(text, number)
	digits, ok := strings.CutPrefix(name, before)
	if !numbered || !ok {
		return text == name && name != ""
	}
	for length := 1; length <= len(digits); length++ {
		n, err := strconv.Atoi(digits[:length])
		if err != nil || n > g.Count {
			return false
		}
		if n > 0 && strings.ReplaceAll(text, number, digits[:length]) == name {
			return true
		}
	}
	return false
}
