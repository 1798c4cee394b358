package protocol

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/live"
)

// longestStep is how long an id in a path can be. With a longer one the path is unknown.
const longestStep = 100

// Paths returns requests that read a webhook, or the list of an application's, by other
// ways to write the path.
func Paths(list, hook string) []Request {
	const front = "/applications/"
	return []Request{
		get(200, hook+"/", "a slash behind the path"),
		get(200, strings.Replace(hook, "/webhooks", "/%77ebhooks", 1), "an escaped letter of the path"),
		get(200, strings.Replace(hook, "/applications", "/%61pplications", 1), "an escaped letter at the beginning"),
		get(200, fmt.Sprintf(front+"%%%x%s", list[len(front)], list[len(front)+1:]), "an escaped letter of an id"),
		{"another case of the application's id", live.Call{Method: http.MethodGet, Target: InCapitals(list, 2)}, 200, contract.Inferred},
		{"another case of the webhook's id", live.Call{Method: http.MethodGet, Target: InCapitals(hook, 4)}, 200, contract.Inferred},
	}
}

// InCapitals returns a path with a step of it in capitals.
func InCapitals(path string, place int) string {
	steps := strings.Split(path, "/")
	steps[place] = strings.ToUpper(steps[place])
	return strings.Join(steps, "/")
}

// MalformedPaths returns requests that read by a path with an id that is none.
func MalformedPaths(list, hook string) []Request {
	front, id := lastStep(hook)
	return []Request{
		get(400, list+"//", "a blank id of a webhook"),
		get(400, "/applications//", "a blank id of an application"),
		get(400, front+id[:8]+"%2F"+id[8:], "a slash within an id"),
		get(400, front+strings.Repeat("0", longestStep), "an id that is too long"),
	}
}

// NotText returns requests that read by paths with an escape that is no UTF-8. [Missing]
// judges the responses.
func NotText() []live.Call {
	return []live.Call{
		{Method: http.MethodGet, Target: notText},
		{Method: http.MethodGet, Target: "/applications/%e2%82/webhooks"},
		{Method: http.MethodGet, Target: "/applications/%c3%28/webhooks"},
		{Method: http.MethodOptions, Target: notText},
	}
}

// NotTextWrites returns requests that write by such a path.
func NotTextWrites() []live.Call {
	return []live.Call{{Method: http.MethodPost, Target: notText, Body: []byte("{}")}, {Method: http.MethodDelete, Target: notText}}
}

const notText = "/applications/%ff/webhooks"
