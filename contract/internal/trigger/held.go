package trigger

import (
	"net/http"
	"time"
)

// The times in which a call that waits for a reply gets no response. One of them is
// longer, since a server may respond late and not wait at all.
const (
	heldBriefly = 300 * time.Millisecond
	heldTime    = time.Second

	promptTime = 5 * time.Second // in which a call that does not wait gets its response
)

// heldCases are about webhooks that wait for the reply of a workflow. There is none: the
// run makes no workflows.
func heldCases() []Case {
	return []Case{
		{Title: "a call that waits for a reply", Webhook: map[string]any{"waitForReply": true}, Calls: []Call{
			{Title: "a call that is held", request: request{body: event, held: heldBriefly}, rules: []Rule{held(documented)}},
			{Title: "a call after it no longer waits", Change: map[string]any{"waitForReply": false}, request: request{body: event, held: promptTime}, rules: []Rule{status(documented, 200), success(documented)}},
		}},
		{Title: "a webhook that begins to wait for replies", Webhook: map[string]any{"responseCode": 201}, Calls: []Call{
			{Title: "the first second of a call", Change: map[string]any{"waitForReply": true}, request: request{body: event, held: heldTime}, rules: []Rule{held(documented)}},
			{Title: "a GET that is held", request: request{method: http.MethodGet, held: heldBriefly}, rules: []Rule{held(documented)}},
			{Title: "a call without the password", Change: map[string]any{"basicAuthPassword": password}, request: request{body: event, held: promptTime}, rules: []Rule{status(documented, 401)}},
			{Title: "a call after it no longer waits", Change: map[string]any{"basicAuthPassword": "", "waitForReply": false}, request: request{body: event, held: promptTime}, rules: normal},
		}},
		{Title: "how long a call waits for a reply", Slow: true, Webhook: map[string]any{"waitForReply": true, "responseCode": 201}, Calls: []Call{
			{Title: "the end", request: request{body: event, long: true}, rules: []Rule{
				status(documented, 504), asJSON(documented, map[string]any{"error": "Time out waiting for workflow reply"}), after(documented, 55*time.Second, 75*time.Second),
			}},
		}},
	}
}
