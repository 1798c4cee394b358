package trigger

import "net/http"

const origin = "https://losantmock.example"

// originCases are about calls from pages of other origins.
func originCases() []Case {
	return []Case{
		{Title: "calls from a page of another origin", Webhook: map[string]any{"responseCode": 201, "basicAuthPassword": password}, Calls: []Call{
			{Title: "a preflight", request: preflight(http.MethodPost), rules: preflighted(http.MethodPost)},
			{Title: "a preflight for PUT", request: preflight(http.MethodPut), rules: preflighted(http.MethodPut)},
			{Title: "a preflight for DELETE", request: preflight(http.MethodDelete), rules: preflighted(http.MethodDelete)},
			{Title: "a call", request: request{auth: basic("", password), body: event, header: map[string]string{"Origin": origin}}, rules: []Rule{status(documented, 201), allowsOrigin()}},
			{Title: "a call of a further path", request: request{path: "/a/b", auth: basic("", password), body: event, header: map[string]string{"Origin": origin}}, rules: []Rule{allowsOrigin()}},
			{Title: "a call that is refused", request: request{body: event, header: map[string]string{"Origin": origin}}, rules: []Rule{status(documented, 401), allowsOrigin()}},
			{Title: "a call of no webhook", request: request{to: byUnknown, body: event, header: map[string]string{"Origin": origin}}, rules: []Rule{refused(documented), allowsOrigin()}},
		}},
	}
}

func allowsOrigin() Rule { return header(ours, "Access-Control-Allow-Origin", origin, "*") }

// preflight returns what a browser sends before a call, to know whether the page may
// send it.
func preflight(method string) request {
	return request{method: http.MethodOptions, header: map[string]string{
		"Origin": origin, "Access-Control-Request-Method": method, "Access-Control-Request-Headers": "content-type,x-custom",
	}}
}

func preflighted(method string) []Rule {
	return []Rule{
		status(ours, 204), blank(ours), allowsOrigin(),
		includes(ours, "Access-Control-Allow-Methods", method), includes(ours, "Access-Control-Allow-Headers", "content-type", "x-custom"),
	}
}
