package state

import (
	"slices"
	"strings"

	"github.com/losantmock/losantmock/scenarios"
)

// ApplicationsCalled returns the applications that have a text as their name or
// id.
func (s *store) ApplicationsCalled(text string) []*Application {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var found []*Application
	named := &Application{Holdings: new(Holdings)} // sorts before those of the name
	named.Name = text
	s.list.From("name", named, func(a *Application) bool {
		if a.Name == text {
			found = append(found, a)
		}
		return a.Name == text
	})
	if a := s.applications[ParseID(text)]; a != nil && strings.EqualFold(a.ID, text) && !slices.Contains(found, a) {
		found = append(found, a)
	}
	return found
}

// WebhooksCalled returns the webhooks of all applications that have a text as
// their name, id or token, by the names of their applications. It looks the text
// up in each application, however many webhooks that has.
func (s *store) WebhooksCalled(text string) []*Webhook {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var found []*Webhook
	named := new(Webhook) // sorts before those of the name
	named.Name = text
	s.list.Scan("name", func(a *Application) bool {
		a.webhooks.From("name", named, func(hook *Webhook) bool {
			if hook.Name == text {
				found = append(found, hook)
			}
			return hook.Name == text
		})
		return true
	})
	byID := s.webhooks[ParseID(text)]
	if byID != nil && !strings.EqualFold(byID.ID, text) {
		byID = nil // the text is no id
	}
	for _, hook := range []*Webhook{byID, s.tokens[text]} {
		if hook != nil && !slices.Contains(found, hook) {
			found = append(found, hook)
		}
	}
	return found
}

// Have reports whether one of the tokens has a scope.
func (t *tokens) Have(scope string) bool {
	return slices.ContainsFunc(t.known(), func(token scenarios.Token) bool { return slices.Contains(token.Scopes, scope) })
}
