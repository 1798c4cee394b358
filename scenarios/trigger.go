package scenarios

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/template"
	"time"
)

// Triggers is how the URLs of webhooks behave.
type Triggers struct {
	// ReplyTimeout is how long a call waits for a reply; 0 is
	// [DefaultReplyTimeout].
	ReplyTimeout time.Duration `yaml:"replyTimeout,omitempty"`
	RateLimit    RateLimit     `yaml:"rateLimit,omitempty"`
	// MaxBody is the largest body of a call, and the largest message of a
	// WebSocket, in bytes; 0 is [DefaultTriggerBody].
	MaxBody int64 `yaml:"maxBody,omitempty"`
	// MaxHeld is how many calls and WebSockets an application may hold open; 0
	// is [DefaultMaxHeld].
	MaxHeld int `yaml:"maxHeld,omitempty"`
}

// RateLimit is how often something may be called within any such time. Of a
// webhook, the defaults are [DefaultTriggerCalls] and [DefaultTriggerPer]. Of
// more than [MaxRemembered] callers, those that called last are counted.
type RateLimit struct {
	Calls int           `yaml:"calls,omitempty"`
	Per   time.Duration `yaml:"per,omitempty"`
}

// The defaults of [Triggers], which are what the real service does.
//
// Source: Losant's documentation of webhooks.
const (
	DefaultReplyTimeout = 60 * time.Second
	DefaultTriggerBody  = 256 << 10
	DefaultMaxHeld      = 100
	DefaultTriggerCalls = 100
	DefaultTriggerPer   = 10 * time.Second
)

// WithDefaults returns a copy in which every zero value is its default.
func (t Triggers) WithDefaults() Triggers {
	t.ReplyTimeout = cmp.Or(t.ReplyTimeout, DefaultReplyTimeout)
	t.MaxBody = cmp.Or(t.MaxBody, DefaultTriggerBody)
	t.MaxHeld = cmp.Or(t.MaxHeld, DefaultMaxHeld)
	t.RateLimit.Calls = cmp.Or(t.RateLimit.Calls, DefaultTriggerCalls)
	t.RateLimit.Per = cmp.Or(t.RateLimit.Per, DefaultTriggerPer)
	return t
}

// Reply is the response of a workflow to a call of its webhook.
type Reply struct {
	Status  int               `yaml:"status,omitempty" json:"status,omitempty"` // 0 is 200
	Headers map[string]string `yaml:"headers,omitempty,flow" json:"headers,omitempty"`
	// Body is at most 256 KB. In a scenario it is a text/template over the
	// payload, with the functions of [Reply.Render].
	Body string `yaml:"body,omitempty,flow" json:"body,omitempty"`
	// Delay is how long the workflow takes.
	Delay time.Duration `yaml:"delay,omitempty" json:"-"`
}

// MaxReplyBody is the largest body of a reply, in bytes.
//
// Source: Losant's documentation of the Webhook Reply.
const MaxReplyBody = 256 << 10

// replyFunctions are those of a body's template: json writes a value as JSON,
// upper and lower change a text, default takes the place of what is not there.
var replyFunctions = template.FuncMap{
	"json": func(value any) (string, error) {
		text, err := json.Marshal(value)
		return string(text), err
	},
	"upper": strings.ToUpper,
	"lower": strings.ToLower,
	"default": func(fallback, value any) any {
		if value == nil || value == "" {
			return fallback
		}
		return value
	},
}

// IsTemplate reports whether the body depends on a payload.
func (r Reply) IsTemplate() bool { return strings.Contains(r.Body, "{{") }

// Render returns the body for a payload, as JSON decodes it. It fails where the
// template does, and for a body of more than [MaxReplyBody].
func (r Reply) Render(payload any) (string, error) {
	if !r.IsTemplate() {
		return r.Body, nil
	}
	parsed, err := bodyTemplate(r.Body)
	if err != nil {
		return "", err
	}
	body := limitedText{left: MaxReplyBody}
	if err := parsed.Execute(&body, payload); err != nil {
		return "", err
	}
	return body.String(), nil
}

// limitedText is a text that fails when a template writes too much.
type limitedText struct {
	strings.Builder
	left int
}

func (t *limitedText) Write(b []byte) (int, error) {
	if t.left -= len(b); t.left < 0 {
		return 0, fmt.Errorf("the body has more than %d bytes: %w", MaxReplyBody, io.ErrShortWrite)
	}
	return t.Builder.Write(b)
}
