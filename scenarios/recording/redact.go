package recording

import (
	"encoding/json"
	"slices"

	"github.com/losantmock/losantmock/contract/secret"
	"github.com/losantmock/losantmock/scenarios"
)

// WithoutSecrets returns a copy of a scenario in which placeholders stand for
// the tokens, passwords and codes of webhooks, and for the keys with which
// applications archive. A placeholder is made of the id, so that it is the same
// each time, and stands wherever the secret stood. The given tokens, such as those that clients sent, are replaced in all
// texts, in every encoding and in parts, as [secret.Secret.Scrub] does.
func WithoutSecrets(s *scenarios.Scenario, tokens ...secret.Secret) *scenarios.Scenario {
	clean := *s
	clean.Applications = slices.Clone(s.Applications)
	redactor := secret.NewRedactor()
	for i := range clean.Applications {
		a := &clean.Applications[i]
		a.Properties = changeTexts(a.Properties, func(name, text string) string {
			kind, ok := secret.KindOf(name)
			if !ok {
				return text
			}
			return hidden(redactor, kind, text, a.ID)
		})
		a.Webhooks = slices.Clone(a.Webhooks)
		for j := range a.Webhooks {
			hideSecrets(redactor, &a.Webhooks[j])
		}
	}
	everywhere := redactor.Replacer()
	rewrite(&clean, func(text string) string {
		text = everywhere.Replace(text)
		for _, token := range tokens {
			text = token.Scrub(text)
		}
		return text
	})
	return &clean
}

// hideSecrets puts placeholders in place of a webhook's secrets.
func hideSecrets(redactor *secret.Redactor, hook *scenarios.Webhook) {
	for _, field := range []struct {
		kind secret.Kind
		text *string
	}{
		{secret.Token, &hook.Token}, {secret.User, &hook.BasicAuthUsername},
		{secret.Password, &hook.BasicAuthPassword}, {secret.Code, &hook.VerificationCode},
	} {
		*field.text = hidden(redactor, field.kind, *field.text, hook.ID)
	}
}

// hidden returns the placeholder of a secret of the thing with an id; blank for
// none.
func hidden(redactor *secret.Redactor, kind secret.Kind, text, id string) string {
	if text == "" {
		return ""
	}
	placeholder := string(kind) + "-" + id
	redactor.Set(text, placeholder)
	return placeholder
}

// changeTexts returns a copy of properties in which each text is changed, by the
// name of the property that it belongs to; nil for none.
func changeTexts(properties map[string]any, change func(name, text string) string) map[string]any {
	if properties == nil {
		return nil
	}
	changed := make(map[string]any, len(properties))
	for name, value := range properties {
		changed[name] = changeTextsIn(name, value, change)
	}
	return changed
}

func changeTextsIn(name string, value any, change func(name, text string) string) any {
	switch value := value.(type) {
	case string:
		return change(name, value)
	case map[string]any:
		return changeTexts(value, change)
	case json.RawMessage:
		var decoded any
		if json.Unmarshal(value, &decoded) != nil {
			return nil // it can't be read, so it is not shown
		}
		return changeTextsIn(name, decoded, change)
	case []any:
		changed := make([]any, len(value))
		for i := range value {
			changed[i] = changeTextsIn(name, value[i], change)
		}
		return changed
	default:
		return value
	}
}

// rewrite changes every text that people write.
func rewrite(s *scenarios.Scenario, change func(string) string) {
	for i := range s.Applications {
		a := &s.Applications[i]
		a.Name, a.Description = change(a.Name), change(a.Description)
		a.Properties = changeTexts(a.Properties, func(_, text string) string { return change(text) })
		for j := range a.Webhooks {
			hook := &a.Webhooks[j]
			hook.Name, hook.Description = change(hook.Name), change(hook.Description)
		}
	}
}
