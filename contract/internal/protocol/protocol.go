// Package protocol has requests that are written in other ways than usual, each with
// what the framework of the API responds to it, and judges responses that belong to no
// operation.
package protocol

import (
	"net/http"
	"strings"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/live"
)

// Request is a request that is written in another way than usual.
type Request struct {
	Title string
	Call  live.Call
	// Status is that of the response, and Source is how it is known.
	Status int
	Source contract.Source
}

// observed returns a request whose response was seen.
func observed(status int, title string, call live.Call) Request {
	return Request{title, call, status, contract.Observed}
}

// get returns a request that reads, and whose response was seen.
func get(status int, target, title string) Request {
	return observed(status, title, live.Call{Method: http.MethodGet, Target: target})
}

// Malformed returns requests that are refused before the token and the resource are
// looked at, and do no harm where they are not: a path before its resource, a body
// before the parameters, and both before the token. The list is that of an application's
// webhooks, nowhere the path of one that is not there, and remove the operation that would
// delete it.
func Malformed(list, nowhere string, remove *contract.Operation) []Request {
	broken, invalid := []byte("{"), []byte(`{"responseCode":1}`)
	const elsewhere = "/applications/x/webhooks"
	encoded := http.Header{"Content-Encoding": {"identity"}}
	requests := []Request{
		observed(400, "a PATCH of what an unknown application has, with a body that is refused", live.Call{Method: http.MethodPatch, Target: ofNobody + "/" + NowhereID, Body: invalid}),
		observed(400, "a POST to an unknown application, with a body that is refused", live.Call{Method: http.MethodPost, Target: ofNobody, Body: invalid}),
		observed(400, "a DELETE whose body is no JSON", live.Call{Method: http.MethodDelete, Target: nowhere, Body: broken}),
		observed(415, "a DELETE whose body is encoded", live.Call{Method: http.MethodDelete, Target: nowhere, Body: []byte("{}"), Header: encoded}),
		observed(400, "a PATCH without a token whose body is no JSON", live.Call{Method: http.MethodPatch, Target: nowhere, Body: broken, Auth: new("")}),
		observed(400, "a POST to a malformed path whose body is no JSON", live.Call{Method: http.MethodPost, Target: elsewhere, Body: broken}),
		observed(400, "a POST to a malformed path without a body", live.Call{Method: http.MethodPost, Target: elsewhere}),
		observed(400, "OPTIONS whose body is no JSON", live.Call{Method: http.MethodOptions, Target: list, Body: broken, Auth: new("")}),
		observed(415, "OPTIONS whose body is encoded", live.Call{Method: http.MethodOptions, Target: list, Body: []byte("{}"), Header: encoded, Auth: new("")}),
	}
	for i := range remove.Params {
		for _, query := range Lists(&remove.Params[i], "true") {
			requests = append(requests, observed(400, "a DELETE with a parameter as a list", live.Call{Method: http.MethodDelete, Target: nowhere + "?" + query}))
		}
	}
	return requests
}

// WritesNowhere returns requests that would write with a token which may, if what they lead
// to were there: a webhook that is not, and one with a name in no application.
func WritesNowhere(nowhere, name string) []live.Call {
	body := []byte(`{"name":"` + name + `"}`)
	return []live.Call{
		{Method: http.MethodPatch, Target: nowhere, Body: body},
		{Method: http.MethodDelete, Target: nowhere},
		{Method: http.MethodPost, Target: ofNobody, Body: body},
	}
}

// NowhereID is an id that nothing has.
const NowhereID = "000000000000000000000000"

// ofNobody is the path of the webhooks of an application that is not there.
const ofNobody = "/applications/" + NowhereID + "/webhooks"

// Ignored returns requests that read, with something in them that the API does not look
// at.
func Ignored(list, hook string) []Request {
	reading := func(title string, header http.Header, body string) Request {
		call := live.Call{Method: http.MethodGet, Target: hook, Header: header}
		if body != "" {
			call.Body = []byte(body)
		}
		return observed(200, title, call)
	}
	return []Request{
		reading("a GET whose body is no JSON", nil, "{"),
		reading("a GET whose body is encoded", http.Header{"Content-Encoding": {"deflate"}}, "{}"),
		reading("a GET of another version", http.Header{"Accept-Version": {"^99.0.0"}}, ""),
		reading("a GET of a version that is none", http.Header{"Accept-Version": {"newest"}}, ""),
		get(200, list+"?perPage=1&noSuchParameter=%zz", "an escape in the query that is none"), // which some proxies take out
		get(200, hook+"?noSuchParameter=1&noSuchParameter=2", "an unknown parameter in a list"),
	}
}

// Lists returns queries that have a parameter as a list, which is refused.
func Lists(p *contract.Param, value string) []string {
	query := "=" + value
	return []string{
		p.Name + query + "&" + p.Name + query, p.Name + "[]" + query, p.Name + "[0]" + query, p.Name + "[a]" + query,
	}
}

// lastStep returns a path without its last step, and that step.
func lastStep(path string) (front, step string) {
	at := strings.LastIndexByte(path, '/') + 1
	return path[:at], path[at:]
}
