package admin

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/gorilla/mux"
	"github.com/losantmock/losantmock/mockserver/internal/life"
	"github.com/losantmock/losantmock/mockserver/internal/recorder"
	"github.com/losantmock/losantmock/mockserver/internal/wire"
	"github.com/losantmock/losantmock/mockserver/internal/world"
	"github.com/losantmock/losantmock/scenarios"
)

// adminPath is where the admin API stands. Nothing below it is recorded.
const root = "/__admin"

// IsAdmin tells by the decoded path, which is also what the admin router
// looks at: the two can't disagree.
func IsAdmin(r *http.Request) bool {
	return r.URL.Path == root || strings.HasPrefix(r.URL.Path, root+"/")
}

// Admin is the API that tests and people use to look into the server.
type Admin struct {
	worlds  *world.Worlds
	guard   Guard
	program Health // what does not change in it
	router  *mux.Router
}

func New(all *world.Worlds, g Guard, program Health) *Admin {
	a := &Admin{worlds: all, guard: g, program: program, router: mux.NewRouter().SkipClean(true)}
	for _, c := range a.calls() {
		a.router.Path(root + c.path).Methods(c.Method).Handler(c.handle)
	}
	unknown := func(w http.ResponseWriter, r *http.Request) {
		WriteError(w, http.StatusNotFound, "", r.Method+" "+r.URL.Path+" is no call of the admin API: GET "+root+"/docs lists them")
	}
	a.router.NotFoundHandler = http.HandlerFunc(unknown)
	a.router.MethodNotAllowedHandler = http.HandlerFunc(unknown)
	return a
}

// adminCall is a call of the admin API.
type call struct {
	Method string `json:"method"`
	Path   string `json:"path"`
	About  string `json:"about"`

	path   string // below /__admin
	handle http.HandlerFunc
}

// calls are all of the admin API. What stands here is in the router, in the
// answer of GET /__admin/docs and in the README.
func (a *Admin) calls() []call {
	calls := []call{
		{Method: "GET", path: "", handle: a.showPage, About: "the page, for a browser"},
		{Method: "GET", path: "/", handle: a.showPage, About: "the same"},
		{Method: "GET", path: "/page/{part}", handle: a.showPagePart, About: "its parts"},
		{Method: "GET", path: "/docs", handle: a.docs, About: "this list"},
		{Method: "GET", path: "/health", handle: a.health, About: "200 when the server serves. `rejectedBeforeHandler` counts requests that were no HTTP, `panics` bugs of the server itself; `journalFile` and `reload` tell of their troubles"},
		{Method: "POST", path: "/reset", handle: a.reset, About: "puts the scenario back as it was loaded, and empties the journal"},
		{Method: "GET", path: "/requests", handle: a.listRequests, About: "the requests, newest first; `operation`, `method`, `status`, `since`, `limit`, `unmatched` narrow it, `summary` shortens it. `incomplete` says that older ones were let go"},
		{Method: "DELETE", path: "/requests", handle: a.deleteRequests, About: "empties the journal"},
		{Method: "POST", path: "/requests/reset", handle: a.deleteRequests, About: "the same"},
		{Method: "POST", path: "/requests/count", handle: a.countRequests, About: "how many requests match a pattern"},
		{Method: "POST", path: "/requests/find", handle: a.findRequests, About: "the requests that match, oldest first"},
		{Method: "POST", path: "/requests/remove", handle: a.removeRequests, About: "takes out those that match"},
		{Method: "POST", path: "/requests/wait", handle: a.waitForRequests, About: "`{\"request\": PATTERN, \"count\": 1, \"timeout\": \"5s\"}`: answers with `met` as soon as so many match, or with `nearMisses`"},
		{Method: "GET", path: "/requests/unmatched", handle: a.unmatchedRequests, About: "the requests that led to no operation"},
		{Method: "GET", path: "/requests/stream", handle: a.streamRequests, About: "server-sent events: `request` at arrival (`pending`) and when answered, `trigger` for what a workflow receives; resumes behind `Last-Event-ID`"},
		{Method: "GET", path: "/requests/export", handle: a.exportRequests, About: "`format=har`, `jsonl` or `curl`, without secrets"},
		{Method: "GET", path: "/requests/{id}", handle: a.getRequest, About: "one request"},
		{Method: "DELETE", path: "/requests/{id}", handle: a.deleteRequest, About: "takes it out"},
		{Method: "POST", path: "/near-misses/request-pattern", handle: a.nearMisses, About: "what comes nearest to a pattern"},
		{Method: "GET", path: "/triggers", handle: a.listTriggers, About: "what workflows received, newest first; `webhook`, `application`, `type`, `limit` narrow it"},
		{Method: "POST", path: "/replies/{replyId}", handle: a.reply, About: "`{\"status\": 200, \"headers\": {}, \"body\": ANY}`: answers a held call, or sends a message to a WebSocket; 404 when nobody waits"},
		{Method: "GET", path: "/webhooks", handle: a.listWebhooks, About: "the webhooks with what a caller needs; `webhook` finds one by name, id or token"},
		{Method: "GET", path: "/faults", handle: a.listFaults, About: "the faults, and how often each has counted"},
		{Method: "POST", path: "/faults", handle: a.addFault, About: "adds one"},
		{Method: "PUT", path: "/faults", handle: a.setFaults, About: "replaces all"},
		{Method: "DELETE", path: "/faults", handle: a.clearFaults, About: "removes all"},
		{Method: "PATCH", path: "/faults/{name}", handle: a.switchFault, About: "`{\"disabled\": true}` switches one off"},
		{Method: "DELETE", path: "/faults/{name}", handle: a.removeFault, About: "removes it"},
		{Method: "GET", path: "/clock", handle: a.showClock, About: "the world's time"},
		{Method: "POST", path: "/clock", handle: a.setClock, About: "`{\"now\": TIME}` or `{\"advance\": \"10s\"}`"},
		{Method: "GET", path: "/scenario", handle: a.showScenario, About: "the present state as a scenario"},
		{Method: "PUT", path: "/scenario", handle: a.replaceScenario, About: "replaces it, as YAML or JSON"},
		{Method: "GET", path: "/sandboxes", handle: a.listSandboxes, About: "the sandboxes"},
		{Method: "POST", path: "/sandboxes", handle: a.createSandbox, About: "`{\"name\": \"a\"}`, with `scenario` for a built-in one or `yaml` for the text of one"},
		{Method: "DELETE", path: "/sandboxes/{name}", handle: a.dropSandbox, About: "drops one"},
		{Method: "POST", path: "/tokens", handle: a.createToken, About: "`{\"scopes\": [\"webhooks.get\"]}`: makes an access token; without scopes, of `all.User`"},
		{Method: "POST", path: "/check", handle: a.check, About: "runs the contract's suite on a copy of the world"},
	}
	for i := range calls {
		calls[i].Path = root + calls[i].path
	}
	return calls
}

// docs answers with what the admin API can do.
func (a *Admin) docs(w http.ResponseWriter, _ *http.Request) {
	write(w, map[string]any{"calls": a.calls()})
}

// worldKey is where the context of a call has the world that it is about.
type worldKey struct{}

// world is the world that a call is about.
func (a *Admin) world(r *http.Request) *world.World {
	return r.Context().Value(worldKey{}).(*world.World)
}

// Serve answers a call about a world.
func (a *Admin) Serve(w http.ResponseWriter, r *http.Request, about *world.World) {
	if refusal := a.guard.refuse(r); refusal != nil {
		WriteError(w, refusal.status, "", refusal.reason)
		return
	}
	r.Body = wire.LimitBody(w, r, max(a.worlds.Settings.MaxBody, scenarios.MaxFileSize))
	a.router.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), worldKey{}, about)))
}

// Health is what a probe asks for.
type Health struct {
	Version  string
	Started  time.Time
	Rejected *atomic.Uint64
}

type healthJSON struct {
	Status                string    `json:"status"`
	Message               string    `json:"message"`
	Version               string    `json:"version"`
	UptimeInSeconds       int64     `json:"uptimeInSeconds"`
	Timestamp             time.Time `json:"timestamp"`
	Scenario              string    `json:"scenario"`
	RejectedBeforeHandler uint64    `json:"rejectedBeforeHandler"`
	Panics                uint64    `json:"panics"`

	JournalFile *recorder.FileState `json:"journalFile,omitempty"`
	Reload      *world.ReloadState  `json:"reload,omitempty"`
}

func (a *Admin) health(w http.ResponseWriter, r *http.Request) {
	write(w, healthJSON{
		Status:                "healthy",
		Message:               "losantmock is ok",
		Version:               a.program.Version,
		UptimeInSeconds:       int64(time.Since(a.program.Started).Seconds()),
		Timestamp:             time.Now().UTC(),
		Scenario:              a.world(r).ScenarioName(),
		RejectedBeforeHandler: a.program.Rejected.Load(),
		Panics:                a.worlds.Panics.Count.Load(),
		JournalFile:           a.worlds.File.State(),
		Reload:                a.worlds.Reloads.State(),
	})
}

func (a *Admin) reset(w http.ResponseWriter, r *http.Request) {
	if err := a.world(r).Reset(); err != nil {
		WriteError(w, http.StatusInternalServerError, "", err.Error())
		return
	}
	write(w, struct{}{})
}

func write(w http.ResponseWriter, answer any) { writeStatus(w, http.StatusOK, answer) }

// WriteError answers as WireMock does to a call that it can't take.
func WriteError(w http.ResponseWriter, status int, pointer, title string) {
	one := problem{Code: 10, Title: title}
	if pointer != "" {
		one.Source = &errorSource{Pointer: pointer}
	}
	writeStatus(w, status, problems{Errors: []problem{one}})
}

func writeStatus(w http.ResponseWriter, status int, answer any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	_ = e.Encode(answer) // a client that has gone away is no error of ours
}

// WriteSandboxError says why a sandbox that a request is for is not there.
func WriteSandboxError(w http.ResponseWriter, err error) {
	status := http.StatusInternalServerError
	switch {
	case errors.Is(err, world.ErrSandboxName):
		status = http.StatusNotFound
	case errors.Is(err, world.ErrManySandboxes):
		status = http.StatusTooManyRequests
	case errors.As(err, new(life.DroppedError)):
		status = http.StatusServiceUnavailable
	}
	WriteError(w, status, "", err.Error())
}

// adminErrors is what WireMock answers to a call that it can't take.
type problems struct {
	Errors []problem `json:"errors"`
}

type problem struct {
	Code   int          `json:"code"`
	Source *errorSource `json:"source,omitempty"`
	Title  string       `json:"title"`
	Detail string       `json:"detail,omitempty"`
}

type errorSource struct {
	Pointer string `json:"pointer,omitempty"`
}
