package sample

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/losantmock/losantmock/contract"
)

// ownNames are in no order, differ in how they may be sorted and filtered, and two
// are the same. None has a glob in it.
var ownNames = []string{"b", "A", "c", "b 2", "Ä", "d.e", "dxe", "f+(g)", "b 2", "end ", "fg", "p/a\u0301n", "é$"}

// bare are the places of webhooks that are made with a name and nothing else, so
// that they have the defaults, and websocket is that of one for WebSockets.
const (
	bare      = 11
	websocket = 7
)

// OwnWebhooks is how many webhooks a run makes to try things with.
var OwnWebhooks = len(ownNames)

// OwnWebhook returns the body that creates one of a run's own webhooks, whose names begin
// with a prefix: its values differ from the defaults, and from those of the others.
func OwnWebhook(post *contract.Schema, prefix string, place int) map[string]any {
	body := map[string]any{"name": prefix + ownNames[place]}
	switch place {
	case bare:
		return body
	case websocket:
		body["isWebsocket"] = true
	}
	maps.Copy(body, WebhookValues(post, place))
	return Known(post.Properties(), body)
}

// Known returns a body without the properties that an API does not know.
func Known(properties []string, body map[string]any) map[string]any {
	maps.DeleteFunc(body, func(name string, _ any) bool { return !slices.Contains(properties, name) })
	return body
}

// WebhookValues returns a value for each property that can be written at any time, but
// for the name. They differ by the number.
func WebhookValues(post *contract.Schema, n int) map[string]any {
	usual := n%3 == 2 // a switch has its default here
	markup := ""      // in some alone, which a proxy may refuse
	if n%4 == 1 {
		markup = "<b>&amp;</b> "
	}
	return map[string]any{
		"description":       fmt.Sprintf("  number  %d, %s'and' \"more\"\r\n\tof it 😀 %s ", n, markup, strings.Repeat("and on ", 15)),
		"responseCode":      201 + n,
		"verificationType":  another(post, "verificationType", contract.DefaultVerificationType, n),
		"verificationCode":  fmt.Sprintf(" Cöde-%d%%20 ", n),
		"waitForReply":      !usual,
		"basicAuthUsername": fmt.Sprintf(" Üser %d ", n),
		"basicAuthPassword": fmt.Sprintf(" Pässword:%d ", n),
		"castBuffersAs":     another(post, "castBuffersAs", contract.DefaultCastBuffersAs, n),
		"annotateMultipart": !usual,
		"enabled":           usual,
	}
}

// another returns a value of an enum that is not the default.
func another(post *contract.Schema, property, usual string, n int) any {
	values := slices.DeleteFunc(Enum(post, property), func(v any) bool { return v == usual })
	if len(values) == 0 {
		return usual // of an API that has no such property
	}
	return values[n%len(values)]
}
