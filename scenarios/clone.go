package scenarios

import (
	"encoding/json"
	"maps"
	"slices"
)

// Clone returns a copy of the scenario that shares nothing with it which can
// be changed.
func (s *Scenario) Clone() *Scenario {
	c := *s
	c.IDs.Seed = cloneValue(s.IDs.Seed)
	c.Auth.Users = slices.Clone(s.Auth.Users)
	c.Auth.Tokens = cloneEach(s.Auth.Tokens, Token.Clone)
	c.Faults = cloneEach(s.Faults, Fault.Clone)
	c.Responses = cloneEach(s.Responses, Response.Clone)
	if s.Pedantic != nil {
		c.Pedantic = &Pedantic{Seed: cloneValue(s.Pedantic.Seed)}
	}
	c.Applications = cloneEach(s.Applications, Application.Clone)
	c.Resources = s.Resources.Clone()
	return &c
}

// Clone returns a copy of the token, as [Scenario.Clone] does.
func (t Token) Clone() Token {
	t.Scopes = slices.Clone(t.Scopes)
	return t
}

// Clone returns a copy of the application, as [Scenario.Clone] does.
func (a Application) Clone() Application {
	if a.Properties != nil {
		a.Properties = cloneJSON(a.Properties).(map[string]any)
	}
	a.Webhooks = cloneEach(a.Webhooks, Webhook.Clone)
	a.Resources = a.Resources.Clone()
	a.Generate = cloneEach(a.Generate, func(g Generate) Generate { return Generate{g.Count, g.Webhook.Clone()} })
	return a
}

// Clone returns a copy of the webhook, as [Scenario.Clone] does.
func (hook Webhook) Clone() Webhook {
	hook.Enabled = cloneValue(hook.Enabled)
	if hook.Reply != nil {
		hook.Reply = new(hook.Reply.Clone())
	}
	hook.Replies = cloneEach(hook.Replies, Reply.Clone)
	hook.Forward = cloneValue(hook.Forward)
	return hook
}

// Clone returns a copy of the reply, as [Scenario.Clone] does.
func (r Reply) Clone() Reply {
	r.Headers = maps.Clone(r.Headers)
	return r
}

// Clone returns a copy of the fault, as [Scenario.Clone] does.
func (f Fault) Clone() Fault {
	f.Effect = f.Effect.clone()
	f.Steps = cloneEach(f.Steps, Effect.clone)
	return f
}

func (e Effect) clone() Effect {
	e.Headers = maps.Clone(e.Headers)
	e.Latency = cloneValue(e.Latency)
	return e
}

// cloneValue returns a pointer to a copy of a value; nil for nil.
func cloneValue[T any](value *T) *T {
	if value == nil {
		return nil
	}
	return new(*value)
}

// cloneJSON returns a copy of a decoded JSON value.
func cloneJSON(value any) any {
	switch value := value.(type) {
	case map[string]any:
		copied := make(map[string]any, len(value))
		for name, inner := range value {
			copied[name] = cloneJSON(inner)
		}
		return copied
	case []any:
		return cloneEach(value, cloneJSON)
	case json.RawMessage:
		return slices.Clone(value)
	default:
		return value
	}
}

// cloneEach returns a list of copies; nil for nil.
func cloneEach[T any](list []T, clone func(T) T) []T {
	if list == nil {
		return nil
	}
	copies := make([]T, len(list))
	for i, value := range list {
		copies[i] = clone(value)
	}
	return copies
}
