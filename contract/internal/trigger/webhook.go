package trigger

import (
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode"
)

// Webhook is what calls need to know of a webhook.
type Webhook struct {
	Token, ID string

	made time.Time // by the clock of this machine
	now  time.Time // by that of the server
}

// NewWebhook returns the webhook that was just made, by the response to that. The clock
// of the server is that of creationDate, or else that of the header Date.
func NewWebhook(fields map[string]any, header http.Header) Webhook {
	hook := Webhook{made: time.Now(), now: time.Now()}
	hook.Token, _ = fields["token"].(string)
	hook.ID, _ = fields["id"].(string)
	created, _ := fields["creationDate"].(string)
	if at, err := time.Parse(time.RFC3339, created); err == nil {
		hook.now = at
	} else if at, err := http.ParseTime(header.Get("Date")); err == nil {
		hook.now = at
	}
	return hook
}

// place returns the path of a URL that is called, up to the webhook's further path.
type place func(Webhook) string

const noToken = "losantmock-check-token-of-no-webhook-0000"

func at(token string) string { return "/webhooks/" + url.PathEscape(token) }

// The webhook's own URL, and some that lead to no webhook.
func byToken(hook Webhook) string     { return at(hook.Token) }
func byID(hook Webhook) string        { return at(hook.ID) }
func byUnknown(Webhook) string        { return at(noToken) }
func byLonger(hook Webhook) string    { return at(hook.Token + "0") }
func byBeginning(hook Webhook) string { return at(hook.Token[:len(hook.Token)-1]) }
func byQuery(hook Webhook) string     { return at(noToken) + "?token=" + url.QueryEscape(hook.Token) }

// byOtherCase has the letters of the token in the other case.
func byOtherCase(hook Webhook) string {
	other := strings.Map(func(r rune) rune {
		if unicode.IsUpper(r) {
			return unicode.ToLower(r)
		}
		return unicode.ToUpper(r)
	}, hook.Token)
	if other == hook.Token {
		other = noToken // there is no letter
	}
	return at(other)
}
