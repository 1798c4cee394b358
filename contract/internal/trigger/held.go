package trigger

import "time"

// heldCases are about webhooks that wait for the reply of a workflow. There is none: the
// run makes no workflows.
func heldCases() []Case {
	return []Case{
		{Title: "a call that waits for a reply", Webhook: map[string]any{"waitForReply": true, "responseCode": 201}, Calls: []Call{
			{Title: "the first half second", request: request{body: event, held: true}, rules: []Rule{held(documented)}},
		}},
		{Title: "how long a call waits for a reply", Slow: true, Webhook: map[string]any{"waitForReply": true, "responseCode": 201}, Calls: []Call{
			{Title: "the end", request: request{body: event, long: true}, rules: []Rule{
				status(documented, 504), asJSON(documented, map[string]any{"error": "Time out waiting for workflow reply"}), after(documented, 55*time.Second, 75*time.Second),
			}},
		}},
	}
}
