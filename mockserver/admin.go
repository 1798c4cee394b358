package mockserver

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/gorilla/mux"
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
		{"GET", "/health", a.health},
		{"GET", "/requests", a.listRequests},
		{"DELETE", "/requests", a.deleteRequests},
		{"GET", "/requests/{id}", a.getRequest},
		{"DELETE", "/requests/{id}", a.deleteRequest},
		{"POST", "/reset", a.reset},
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

func (a *admin) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if refusal := a.guard.refuse(r); refusal != nil {
		writeAdminError(w, refusal.status, "", refusal.reason)
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, a.server.world().limits.body)
	a.router.ServeHTTP(w, r)
}

type health struct {
	Status                string    `json:"status"`
	Message               string    `json:"message"`
	Version               string    `json:"version"`
	UptimeInSeconds       int64     `json:"uptimeInSeconds"`
	Timestamp             time.Time `json:"timestamp"`
	Scenario              string    `json:"scenario"`
	RejectedBeforeHandler uint64    `json:"rejectedBeforeHandler"`
}

func (a *admin) health(w http.ResponseWriter, _ *http.Request) {
	writeAdmin(w, health{
		Status:                "healthy",
		Message:               "losantmock is ok",
		Version:               Version(),
		UptimeInSeconds:       int64(time.Since(a.server.started).Seconds()),
		Timestamp:             time.Now().UTC(),
		Scenario:              a.server.scenario.Name,
		RejectedBeforeHandler: a.server.rejected.Load(),
	})
}

type requestList struct {
	Requests               []serveEvent `json:"requests"`
	Meta                   listMeta     `json:"meta"`
	RequestJournalDisabled bool         `json:"requestJournalDisabled"`
	// Incomplete says that entries were evicted that might have been listed.
	Incomplete bool   `json:"incomplete,omitempty"`
	Evicted    uint64 `json:"evicted,omitempty"`
	// RejectedBeforeHandler counts requests that were no HTTP.
	RejectedBeforeHandler uint64 `json:"rejectedBeforeHandler"`
}

type listMeta struct {
	Total int `json:"total"`
}

// listRequests answers with the newest first, as WireMock does.
func (a *admin) listRequests(w http.ResponseWriter, r *http.Request) {
	f, limit, ok := readFilter(w, r)
	if !ok {
		return
	}
	world := a.server.world()
	entries, evicted := world.journal.snapshot()
	list := requestList{
		Requests:              []serveEvent{},
		Meta:                  listMeta{Total: len(entries)},
		Incomplete:            evicted > 0,
		Evicted:               evicted,
		RejectedBeforeHandler: a.server.rejected.Load(),
	}
	for i := len(entries) - 1; i >= 0 && len(list.Requests) < limit; i-- {
		if e := entries[i]; f.matches(e) {
			list.Requests = append(list.Requests, newServeEvent(world.journal.request(e, world.routes), e.matched()))
		}
	}
	writeAdmin(w, list)
}

// readFilter reads the query of a list of requests.
func readFilter(w http.ResponseWriter, r *http.Request) (f filter, limit int, ok bool) {
	query := r.URL.Query()
	f = filter{
		operation: query.Get("operation"),
		method:    strings.ToUpper(query.Get("method")),
		unmatched: query.Get("unmatched") == "true",
	}
	limit = int(^uint(0) >> 1)
	for name, number := range map[string]*int{"status": &f.status, "limit": &limit} {
		text := query.Get(name)
		if text == "" {
			continue
		}
		n, err := strconv.ParseUint(text, 10, 31)
		if err != nil {
			writeAdminError(w, http.StatusBadRequest, name, text+" is not a whole number")
			return f, 0, false
		}
		*number = int(n)
	}
	if text := query.Get("since"); text != "" {
		since, err := time.Parse(time.RFC3339, text)
		if err != nil {
			writeAdminError(w, http.StatusBadRequest, "since", text+" is not a valid ISO8601 date")
			return f, 0, false
		}
		f.since = since
	}
	return f, limit, true
}

func (a *admin) deleteRequests(w http.ResponseWriter, _ *http.Request) {
	a.server.world().journal.clear()
	writeAdmin(w, struct{}{})
}

func (a *admin) getRequest(w http.ResponseWriter, r *http.Request) {
	world := a.server.world()
	id, ok := requestID(w, r)
	if !ok {
		return
	}
	e := world.journal.find(id)
	if e == nil {
		writeAdminError(w, http.StatusNotFound, "", "no request has the id "+id)
		return
	}
	writeAdmin(w, newServeEvent(world.journal.request(e, world.routes), e.matched()))
}

func (a *admin) deleteRequest(w http.ResponseWriter, r *http.Request) {
	if id, ok := requestID(w, r); ok {
		a.server.world().journal.remove(id)
		writeAdmin(w, struct{}{})
	}
}

func requestID(w http.ResponseWriter, r *http.Request) (string, bool) {
	id := strings.ToLower(mux.Vars(r)["id"])
	if _, ok := parseUUID(id); !ok {
		writeAdminError(w, http.StatusBadRequest, "", mux.Vars(r)["id"]+" is not a valid UUID")
		return "", false
	}
	return id, true
}

func (a *admin) reset(w http.ResponseWriter, _ *http.Request) {
	if err := a.server.Reset(); err != nil {
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
