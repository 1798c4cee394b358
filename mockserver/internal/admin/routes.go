package admin

import (
	"bytes"
	"cmp"
	"context"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/gorilla/mux"
	"github.com/losantmock/losantmock/mockserver/internal/wire"
	"github.com/losantmock/losantmock/mockserver/internal/world"
)

// call is a call of the admin API, as its documentation lists it.
type call struct {
	Method string `json:"method"`
	Path   string `json:"path"`
	About  string `json:"about"`

	query  []string // the names of its parameters
	reads  bool     // whether it changes nothing though it is no GET
	long   bool     // whether it may last, and is refused on a reserved connection
	handle handler
}

// The parameters of the lists of requests and triggers.
var (
	filterQuery = []string{"operation", "method", "status", "since", "unmatched", "errors", "q"}
	partQuery   = []string{"upTo", "offset", "limit", "summary"}
	exportQuery = slices.Concat(filterQuery, []string{"format"})
	listQuery   = slices.Concat(filterQuery, []string{"sort", "direction"}, partQuery)

	triggersQuery = slices.Concat([]string{"webhook", "application", "type", "request", "sequence", "waiting"}, partQuery)
)

// calls returns all calls of the admin API. The router, the response to
// GET /__admin/docs and the list in README.md of mockserver are made of this table.
func (a *Admin) calls() []call {
	calls := []call{
		{Method: "GET", Path: "", handle: a.showPage, About: "the page, for a browser"},
		{Method: "GET", Path: "/", handle: a.showPage, About: "the same"},
		{Method: "GET", Path: "/page/{part}", handle: a.showPagePart, About: "its parts"},
		{Method: "GET", Path: "/docs", handle: a.docs, About: "this list"},
		{Method: "GET", Path: "/health", handle: a.health, About: "200 when the server serves. `rejectedBeforeHandler` counts requests that were no HTTP, `panics` bugs of the server itself; `memory` shows what is held of `--memory` and what was evicted; `journalFile` and `reload` tell of their troubles"},
		{Method: "POST", Path: "/reset", handle: a.reset, About: "puts the scenario back as it was loaded, and empties the journal"},
		{Method: "GET", Path: "/requests", query: listQuery, handle: a.listRequests, About: "the requests, newest first; `operation`, `method`, `status` (`404`, `4xx`, `4xx,503`), `since`, `unmatched`, `errors` and `q`, a text anywhere in them, narrow it; `sort` (`sequence`, `time`, `status`, `duration`, `operation`, `method`, `target`) with `direction` (`desc`, `asc`), `offset` and `limit` take a part of it, without what arrived after the sequence `upTo`; `summary` shortens it. `meta` counts what is kept, what matches and what is `newer` than `upTo`. `incomplete` says that older ones were evicted"},
		{Method: "POST", Path: "/requests", handle: a.sendRequest, About: "`{\"method\": \"POST\", \"url\": \"/webhooks/TOKEN/a?b=c\", \"headers\": {\"Accept\": [\"*/*\"]}, \"bodyAsBase64\": \"\"}`: sends a request to this world, and responds with its `id` when it has arrived, without waiting for its response"},
		{Method: "DELETE", Path: "/requests", handle: a.deleteRequests, About: "empties the journal"},
		{Method: "POST", Path: "/requests/reset", handle: a.deleteRequests, About: "the same"},
		{Method: "POST", Path: "/requests/count", reads: true, handle: a.countRequests, About: "how many requests match a pattern, with the `newest` ten"},
		{Method: "POST", Path: "/requests/find", reads: true, handle: a.findRequests, About: "the requests that match, oldest first"},
		{Method: "POST", Path: "/requests/remove", handle: a.removeRequests, About: "takes out those that match"},
		{Method: "POST", Path: "/requests/wait", reads: true, long: true, handle: a.waitForRequests, About: "`{\"request\": PATTERN, \"count\": 1, \"timeout\": \"5s\"}`: responds with `met` as soon as so many match, or with `nearMisses` and a `message`, which ends with the `link` to the page. `request` has to be there; `{}` matches every request. With `exactly` for `count`, more are too many. `verdict` is `ok`, `failed` or `incomplete`"},
		{Method: "GET", Path: "/requests/unmatched", handle: a.unmatchedRequests, About: "the requests that led to no operation"},
		{Method: "GET", Path: "/requests/stream", query: []string{"summary"}, long: true, handle: a.streamRequests, About: "server-sent events: `request` at arrival (`pending`) and with its response, `trigger` for what a workflow receives and again for what is sent behind it on its WebSocket, both shortened by `summary`; `removed` with the `ids` of requests that are gone, `expectation` for a verification that failed, `incomplete` when older ones were evicted, `reset` when the journal begins again, `health` when there is new trouble, `changed` when faults, the clock, applications, webhooks, the scenario or the list of sandboxes differ from a second before, `closed` with the reason at the end; resumes behind `Last-Event-ID`"},
		{Method: "GET", Path: "/requests/export", query: exportQuery, handle: a.exportRequests, About: "the requests, narrowed as the list: `format=har`, `jsonl` or `curl`, without secrets"},
		{Method: "GET", Path: "/requests/{id}", handle: a.getRequest, About: "one request: also the `timeline` in microseconds, and the `neededScopes` if the token lacked all of them"},
		{Method: "GET", Path: "/requests/{id}/export", query: []string{"format"}, handle: a.exportRequest, About: "one request as text, with its secrets: `format=curl` is a command that sends the same bytes again, `go` an assertion that finds it once, and `wiremock` a request pattern that does; where it arrived several times, or others have all of it and more fields, these find all of them"},
		{Method: "POST", Path: "/requests/{id}/replay", long: true, query: []string{"background"}, handle: a.replayRequest, About: "sends the same bytes to this world again, and responds with the `id` and the `status` of the new request when it has its response, or with `background` as soon as it has arrived; 409 with the reason where it can't be sent again"},
		{Method: "POST", Path: "/requests/{id}/cancel", handle: a.cancelRequest, About: "disconnects the client of a request that `POST /__admin/requests` or a replay has sent; 404 when it has its response"},
		{Method: "DELETE", Path: "/requests/{id}", handle: a.deleteRequest, About: "takes it out"},
		{Method: "POST", Path: "/near-misses/request-pattern", reads: true, handle: a.nearMisses, About: "what comes nearest to a pattern"},
		{Method: "GET", Path: "/expectations", handle: a.listExpectations, About: "the verifications that failed since the last reset, newest first, at most 100: what was wanted, and the `nearMisses` with their `differences`. They are those of `requests/wait` and of tests in Go, and near misses that a client of WireMock asked for"},
		{Method: "GET", Path: "/expectations/{id}", handle: a.getExpectation, About: "one of them"},
		{Method: "GET", Path: "/triggers", query: triggersQuery, handle: a.listTriggers, About: "what workflows received, newest first; `webhook`, `application`, `type`, the id of a `request`, its own `sequence`, and `waiting` for those whose calls wait for a reply now narrow it; `upTo`, `offset`, `limit`, `summary` and `meta` are as those of the requests"},
		{Method: "POST", Path: "/replies/{replyId}", handle: a.reply, About: "`{\"status\": 200, \"headers\": {}, \"body\": ANY}`: responds to a held call, or sends a message to a WebSocket; 404 when nobody waits"},
		{Method: "GET", Path: "/webhooks", query: []string{"webhook", "q"}, handle: a.listWebhooks, About: "the webhooks with what a caller needs, at most 1,000 of them; `webhook` finds one by name, id or token, and `q` those with a text in one of these"},
		{Method: "GET", Path: "/faults", handle: a.listFaults, About: "the faults, and how often each has counted"},
		{Method: "POST", Path: "/faults", handle: a.addFault, About: "adds one"},
		{Method: "PUT", Path: "/faults", handle: a.setFaults, About: "replaces all"},
		{Method: "DELETE", Path: "/faults", handle: a.clearFaults, About: "removes all"},
		{Method: "PUT", Path: "/faults/{name}", handle: a.exchangeFault, About: "puts another in its place: it is tried when the old one was, and its counts begin again"},
		{Method: "PATCH", Path: "/faults/{name}", handle: a.switchFault, About: "`{\"disabled\": true}` switches one off"},
		{Method: "DELETE", Path: "/faults/{name}", handle: a.removeFault, About: "removes it"},
		{Method: "GET", Path: "/definition", handle: a.showDefinition, About: "the version of the API, the `source` of its definition and its `definitionVersion`, which may be `unknown`, how many resources and operations it has, the `names` of the operations, the `webhookProperties` that a client can set, and what is not done in full: `limits` has the operations with the reasons"},
		{Method: "POST", Path: "/resources/{path}", handle: a.addItem, About: "adds the item in the body to a collection of the definition, such as `orgs`, `devices` or `applications/ID/devices/ID/deviceAttributes`, and responds with what is kept of it. A path without an application is in the first one"},
		{Method: "POST", Path: "/streams/{operation}", handle: a.sendEvent, About: "`{\"event\": \"deviceState\", \"data\": {}, \"path\": {\"deviceId\": \"ID\"}}`: sends an event to the open streams of an operation whose paths have these parameters. `reached` is how many these are"},
		{Method: "GET", Path: "/clock", handle: a.showClock, About: "the world's time"},
		{Method: "POST", Path: "/clock", handle: a.setClock, About: "`{\"now\": TIME}` or `{\"advance\": \"10s\"}`"},
		{Method: "GET", Path: "/scenario", handle: a.showScenario, About: "the present state as a scenario"},
		{Method: "PUT", Path: "/scenario", handle: a.replaceScenario, About: "replaces it, as YAML or JSON; `{\"scenario\": \"paging\"}`, or a list of names, by one that is built in or was named at the start"},
		{Method: "GET", Path: "/sandboxes", handle: a.listSandboxes, About: "the sandboxes"},
		{Method: "POST", Path: "/sandboxes", handle: a.createSandbox, About: "`{\"name\": \"a\"}`, with `scenario` for the name of one, as `PUT /__admin/scenario` has it, or `yaml` for the text of one. A client whose base URL can't change reaches it by the `host` in the response, or by the access token `token`, which has every scope of a user"},
		{Method: "DELETE", Path: "/sandboxes/{name}", handle: a.dropSandbox, About: "drops one"},
		{Method: "POST", Path: "/tokens", handle: a.createToken, About: "`{\"scopes\": [\"webhooks.get\"]}`: makes an access token; without scopes, of `all.User`. It keeps its scopes over a reset"},
		{Method: "POST", Path: "/check", long: true, handle: a.check, About: "runs the contract's suite on a copy of the world"},
	}
	calls = append(calls, a.wireMockCalls()...)
	for i := range calls {
		calls[i].Path = root + calls[i].Path
	}
	return calls
}

// docs lists the calls of the admin API.
func (a *Admin) docs(*request) (any, error) {
	return map[string]any{"calls": a.calls()}, nil
}

func unknownCall(r *http.Request) error {
	if strings.HasSuffix(r.URL.Path, "/") {
		return failure(http.StatusNotFound, "", r.Method+" "+r.URL.Path+" is no call of the admin API: leave out the slash at its end. GET "+root+"/docs lists the calls")
	}
	return failure(http.StatusNotFound, "", r.Method+" "+r.URL.Path+" is no call of the admin API: GET "+root+"/docs lists them")
}

// handler responds to a call with a value or an error. The value is written as
// JSON, unless it is an [http.Handler], which writes itself.
type handler func(*request) (any, error)

// ServeHTTP writes what the handler returns.
func (c call) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	value, err := c.respond(w, r)
	switch own, ok := value.(http.Handler); {
	case err != nil:
		WriteError(w, err)
	case ok:
		own.ServeHTTP(w, r)
	default:
		writeJSON(w, http.StatusOK, value)
	}
}

var errReserved = failure(http.StatusServiceUnavailable, "", "the connections are all in use, and those that are reserved for the admin API serve no call that may last: close others, or raise --max-connections")

func (c call) respond(w http.ResponseWriter, r *http.Request) (any, error) {
	if c.long && wire.Reserved(r) {
		return nil, errReserved
	}
	query, err := readQuery(r.URL.RawQuery, c.query)
	if err != nil {
		return nil, err
	}
	about := r.Context().Value(worldKey{}).(*world.World)
	value, err := c.handle(&request{r, about, query, http.NewResponseController(w)})
	if dropped := about.Closed(); dropped != nil && value != any(done{}) {
		return nil, dropped // the value is of a world that is gone
	}
	return value, err
}

// worldKey is the key of a call's world in the context of its request.
type worldKey struct{}

// request is a call of the admin API, with the world that it is about.
type request struct {
	*http.Request
	world      *world.World
	query      map[string]string
	connection *http.ResponseController
}

// param returns a part of the path that the table of calls names.
func (r *request) param(name string) string { return mux.Vars(r.Request)[name] }

// keepOpen lets a call last longer than the time to read a request. It reads the body
// before: a client that sends it slowly has no more time for that.
func (r *request) keepOpen() {
	body, err := io.ReadAll(r.Body)
	r.Body = io.NopCloser(io.MultiReader(bytes.NewReader(body), failingReader{err}))
	_ = r.connection.SetReadDeadline(time.Time{})
}

// failingReader is the end of a body that was read up to an error; nil for its end.
type failingReader struct{ err error }

// Read returns the error.
func (f failingReader) Read([]byte) (int, error) { return 0, cmp.Or(f.err, io.EOF) }

// question returns the context of a question to the journal: until the client leaves
// or the world is closed, however long that takes. The caller calls cancel at the end.
func (r *request) question() (ctx context.Context, cancel context.CancelFunc) {
	r.keepOpen()
	return r.world.Within(r.Context())
}
