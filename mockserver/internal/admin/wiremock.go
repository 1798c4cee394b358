package admin

import (
	"encoding/json"
	"net/http"
)

// wireMockCalls returns the calls of WireMock's admin API that are about what there
// is not: stubs, WireMock's scenarios, settings and recordings. Its clients make
// some of them after each test. Calls that would clear or list these things respond
// as a WireMock without stubs does. Calls that would create one are refused: to
// accept them would be to say that they had an effect.
func (a *Admin) wireMockCalls() []call {
	const (
		empty   = "as a WireMock without stubs responds"
		refused = "refused: the error names what to use instead"
	)
	return []call{
		{Method: "GET", Path: "/version", handle: a.version, About: "the version of this program"},
		{Method: "POST", Path: "/requests/remove-by-metadata", handle: withObject(removeByMetadata), About: "removes nothing: requests have no metadata"},
		{Method: "GET", Path: "/requests/unmatched/near-misses", handle: noNearMisses, About: empty},
		{Method: "POST", Path: "/near-misses/request", handle: withObject(noNearMisses), About: empty + ": `near-misses/request-pattern` compares requests"},
		{Method: "GET", Path: "/mappings", query: []string{"limit", "offset"}, handle: noStubs, About: empty},
		{Method: "POST", Path: "/mappings", handle: withObject(refuseStub), About: refused},
		{Method: "DELETE", Path: "/mappings", handle: nothingToDo, About: empty},
		{Method: "POST", Path: "/mappings/reset", handle: a.deleteRequests, About: "empties the journal, as in WireMock"},
		{Method: "POST", Path: "/mappings/save", handle: nothingToDo, About: empty},
		{Method: "POST", Path: "/mappings/import", handle: withObject(refuseStub), About: refused},
		{Method: "POST", Path: "/mappings/remove", handle: withObject(nothingToDo), About: empty},
		{Method: "POST", Path: "/mappings/find-by-metadata", handle: withObject(noStubs), About: empty},
		{Method: "POST", Path: "/mappings/remove-by-metadata", handle: withObject(nothingToDo), About: empty},
		{Method: "GET", Path: "/mappings/unmatched", handle: noStubs, About: empty},
		{Method: "DELETE", Path: "/mappings/unmatched", handle: nothingToDo, About: empty},
		{Method: "GET", Path: "/mappings/{id}", handle: unknownStub, About: "404"},
		{Method: "PUT", Path: "/mappings/{id}", handle: withObject(refuseStub), About: refused},
		{Method: "DELETE", Path: "/mappings/{id}", handle: unknownStub, About: "404"},
		{Method: "GET", Path: "/scenarios", handle: noScenarios, About: empty},
		{Method: "POST", Path: "/scenarios/reset", handle: nothingToDo, About: empty + ": `reset` puts the scenario back"},
		{Method: "PUT", Path: "/scenarios/{name}/state", handle: withObject(refuseScenario), About: refused},
		{Method: "GET", Path: "/settings", handle: settings, About: empty},
		{Method: "POST", Path: "/settings", handle: setSettings, About: "accepts settings without a delay"},
		{Method: "PUT", Path: "/settings", handle: setSettings, About: "the same"},
		{Method: "PATCH", Path: "/settings/extended", handle: setSettings, About: "the same"},
		{Method: "GET", Path: "/files", handle: noFiles, About: empty},
		{Method: "GET", Path: "/recordings/status", handle: recordingStatus, About: empty},
		{Method: "POST", Path: "/recordings/start", handle: withObject(refuseRecording), About: refused},
		{Method: "POST", Path: "/recordings/stop", handle: refuseRecording, About: refused},
		{Method: "POST", Path: "/recordings/snapshot", handle: withObject(refuseRecording), About: refused},
		{Method: "POST", Path: "/shutdown", handle: refuseShutdown, About: refused},
	}
}

func (a *Admin) version(*request) (any, error) {
	return map[string]string{"version": a.program.Version}, nil
}

// nothingToDo responds to a call that would remove or reset what there is not.
func nothingToDo(*request) (any, error) { return done{}, nil }

func noStubs(*request) (any, error) {
	return struct {
		Mappings []any    `json:"mappings"`
		Meta     listMeta `json:"meta"`
	}{Mappings: []any{}}, nil
}

func unknownStub(r *request) (any, error) {
	return nil, failure(http.StatusNotFound, "", "there are no stubs, and none has the id "+r.param("id"))
}

func noScenarios(*request) (any, error) { return map[string]any{"scenarios": []any{}}, nil }

func noFiles(*request) (any, error) { return []string{}, nil }

func noNearMisses(*request) (any, error) { return map[string]any{"nearMisses": []any{}}, nil }

// withObject returns a handler of a call that needs a JSON object. The object changes
// nothing, but a call without one is wrong here as it is in WireMock.
func withObject(respond handler) handler {
	return func(r *request) (any, error) {
		if _, err := readObject(r); err != nil {
			return nil, err
		}
		return respond(r)
	}
}

// removeByMetadata removes the requests whose stub has metadata that matches: none.
func removeByMetadata(*request) (any, error) {
	return map[string]any{"serveEvents": []any{}}, nil
}

func settings(*request) (any, error) {
	return map[string]any{"settings": map[string]bool{"proxyPassThrough": true}}, nil
}

// setSettings accepts the settings with which a client goes back to the defaults. A
// delay would have no effect, and is refused.
func setSettings(r *request) (any, error) {
	settings, err := readObject(r, "fixedDelay", "delayDistribution", "proxyPassThrough", "extended")
	if err != nil {
		return nil, err
	}
	for _, delay := range []string{"fixedDelay", "delayDistribution"} {
		if !isZero(settings[delay]) {
			return nil, failure(http.StatusUnprocessableEntity, "/"+delay,
				"responses are not delayed by settings: POST "+root+`/faults with {"latency": {"fixed": "50ms"}} delays them`)
		}
	}
	return done{}, nil
}

// isZero reports whether a setting is absent, null or the number 0.
func isZero(setting json.RawMessage) bool {
	if setting == nil {
		return true
	}
	var number float64 // which stays 0 for null
	return json.Unmarshal(setting, &number) == nil && number == 0
}

func recordingStatus(*request) (any, error) {
	return map[string]string{"status": "NeverStarted"}, nil
}

// The calls that are refused. Each error names what to use instead.

func refuseStub(*request) (any, error) {
	return nil, failure(http.StatusUnprocessableEntity, "", "there are no stubs: the server responds as the API does. PUT "+root+
		"/scenario sets what there is, POST "+root+"/faults makes requests fail, and POST "+root+"/replies/{replyId} responds to a held call")
}

func refuseScenario(*request) (any, error) {
	return nil, failure(http.StatusUnprocessableEntity, "", "there are no scenarios of stubs: PUT "+root+
		"/scenario sets the state of the world, and a fault with \"steps\" responds differently from call to call")
}

func refuseRecording(*request) (any, error) {
	return nil, failure(http.StatusUnprocessableEntity, "", "stubs are not recorded: losantmock record learns a scenario from the real API, and GET "+
		root+"/requests/export has the requests of this server")
}

func refuseShutdown(*request) (any, error) {
	return nil, failure(http.StatusUnprocessableEntity, "", "the server is not shut down over HTTP: end losantmock serve with SIGTERM or Ctrl-C; DELETE "+
		root+"/sandboxes/{name} drops a sandbox, and POST "+root+"/reset begins again")
}
