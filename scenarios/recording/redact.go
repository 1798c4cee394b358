package recording

import (
	"slices"

	"github.com/losantmock/losantmock/contract/secret"
	"github.com/losantmock/losantmock/scenarios"
)

// WithoutSecrets returns a copy of a scenario in which placeholders stand for
// the tokens, passwords and codes of webhooks. A placeholder is made of the
// webhook's id, so that it is the same each time, and stands wherever the secret
// stood. The given tokens, such as those that clients sent, are replaced in all
// texts, in every encoding and in parts, as [secret.Secret.Scrub] does.
func WithoutSecrets(s *scenarios.Scenario, tokens ...secret.Secret) *scenarios.Scenario {
	clean := *s
	clean.Applications = slices.Clone(s.Applications)
	redactor := secret.NewRedactor()
	for i := range clean.Applications {
		a := &clean.Applications[i]
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
		if *field.text != "" {
			placeholder := string(field.kind) + "-" + hook.ID
			redactor.Set(*field.text, placeholder)
			*field.text = placeholder
		}
	}
}

// rewrite changes every text that people write.
func rewrite(s *scenarios.Scenario, change func(string) string) {
	for i := range s.Applications {
		a := &s.Applications[i]
		a.Name, a.Description = change(a.Name), change(a.Description)
		for j := range a.Webhooks {
			hook := &a.Webhooks[j]
			hook.Name, hook.Description = change(hook.Name), change(hook.Description)
		}
	}
}
