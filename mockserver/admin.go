package mockserver

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"github.com/gorilla/mux"
	"github.com/losantmock/losantmock/scenarios"
)

// adminPath is where the admin API stands. Nothing below it is recorded.
const adminPath = "/__admin"

// isAdmin tells by the decoded path, which is also what the admin router
// looks at: the two can't disagree.
func isAdmin(r *http.Request) bool {
	return r.URL.Path == adminPath || strings.HasPrefix(r.URL.Path, adminPath+"/")
}

// admin is the API that tests and people use to look into the server.
type admin struct {
	server *Server
	guard  guard
	router *mux.Router
}

func newAdmin(s *Server, g guard) *admin {
	a := &admin{server: s, guard: g, router: mux.NewRouter().SkipClean(true)}
	for _, route := range []struct {
		method, path string
		handle       http.HandlerFunc
	}{
		{"GET", "", a.showPage},
		{"GET", "/", a.showPage},
		{"GET", "/page/{part}", a.showPagePart},
		{"GET", "/health", a.health},
		{"POST", "/reset", a.reset},
		{"GET", "/requests", a.listRequests},
		{"DELETE", "/requests", a.deleteRequests},
		{"POST", "/requests/reset", a.deleteRequests},
		{"POST", "/requests/count", a.countRequests},
		{"POST", "/requests/find", a.findRequests},
		{"POST", "/requests/remove", a.removeRequests},
		{"POST", "/requests/wait", a.waitForRequests},
		{"GET", "/requests/unmatched", a.unmatchedRequests},
		{"GET", "/requests/stream", a.streamRequests},
		{"GET", "/triggers", a.listTriggers},
		{"POST", "/replies/{replyId}", a.reply},
		{"GET", "/webhooks", a.listWebhooks},
		{"GET", "/faults", a.listFaults},
		{"POST", "/faults", a.addFault},
		{"PUT", "/faults", a.setFaults},
		{"DELETE", "/faults", a.clearFaults},
		{"PATCH", "/faults/{name}", a.switchFault},
		{"DELETE", "/faults/{name}", a.removeFault},
		{"POST", "/tokens", a.createToken},
		{"POST", "/check", a.check},
		{"GET", "/clock", a.showClock},
		{"POST", "/clock", a.setClock},
		{"GET", "/scenario", a.showScenario},
		{"PUT", "/scenario", a.replaceScenario},
		{"GET", "/sandboxes", a.listSandboxes},
		{"POST", "/sandboxes", a.createSandbox},
		{"DELETE", "/sandboxes/{name}", a.dropSandbox},
		{"POST", "/near-misses/request-pattern", a.nearMisses},
		{"GET", "/requests/export", a.exportRequests},
		{"GET", "/requests/{id}", a.getRequest},
		{"DELETE", "/requests/{id}", a.deleteRequest},
	} {
		a.router.Path(adminPath + route.path).Methods(route.method).Handler(route.handle)
	}
	unknown := func(w http.ResponseWriter, r *http.Request) {
		writeAdminError(w, http.StatusNotFound, "", r.Method+" "+r.URL.Path+" is no call of the admin API")
	}
	a.router.NotFoundHandler = http.HandlerFunc(unknown)
	a.router.MethodNotAllowedHandler = http.HandlerFunc(unknown)
	return a
}

// worldKey is where the context of a call has the world that it is about.
type worldKey struct{}

// world is the world that a call is about.
func (a *admin) world(r *http.Request) *World { return r.Context().Value(worldKey{}).(*World) }

// serve answers a call about a world.
func (a *admin) serve(w http.ResponseWriter, r *http.Request, about *World) {
	if refusal := a.guard.refuse(r); refusal != nil {
		writeAdminError(w, refusal.status, "", refusal.reason)
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, max(a.server.limits.body, scenarios.MaxFileSize))
	a.router.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), worldKey{}, about)))
}

type health struct {
	Status                string    `json:"status"`
	Message               string    `json:"message"`
	Version               string    `json:"version"`
	UptimeInSeconds       int64     `json:"uptimeInSeconds"`
	Timestamp             time.Time `json:"timestamp"`
	Scenario              string    `json:"scenario"`
	RejectedBeforeHandler uint64    `json:"rejectedBeforeHandler"`

	JournalFile *journalFileState `json:"journalFile,omitempty"`
	Reload      *reloadState      `json:"reload,omitempty"`
}

func (a *admin) health(w http.ResponseWriter, r *http.Request) {
	writeAdmin(w, health{
		Status:                "healthy",
		Message:               "losantmock is ok",
		Version:               Version(),
		UptimeInSeconds:       int64(time.Since(a.server.started).Seconds()),
		Timestamp:             time.Now().UTC(),
		Scenario:              a.world(r).ScenarioName(),
		RejectedBeforeHandler: a.server.rejected.Load(),
		JournalFile:           a.server.file.state(),
		Reload:                a.server.reload.Load(),
	})
}

func (a *admin) reset(w http.ResponseWriter, r *http.Request) {
	if err := a.world(r).Reset(); err != nil {
		writeAdminError(w, http.StatusInternalServerError, "", err.Error())
		return
	}
	writeAdmin(w, struct{}{})
}

func writeAdmin(w http.ResponseWriter, answer any) { writeAdminStatus(w, http.StatusOK, answer) }

// writeAdminError answers as WireMock does to a call that it can't take.
func writeAdminError(w http.ResponseWriter, status int, pointer, title string) {
	problem := adminError{Code: 10, Title: title}
	if pointer != "" {
		problem.Source = &errorSource{Pointer: pointer}
	}
	writeAdminStatus(w, status, adminErrors{Errors: []adminError{problem}})
}

func writeAdminStatus(w http.ResponseWriter, status int, answer any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	_ = e.Encode(answer) // a client that has gone away is no error of ours
}
