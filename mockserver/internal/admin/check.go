package admin

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"github.com/losantmock/losantmock/contract/report"
	"github.com/losantmock/losantmock/contract/secret"
	"github.com/losantmock/losantmock/contract/suite"
	"github.com/losantmock/losantmock/mockserver/internal/life"
	"github.com/losantmock/losantmock/mockserver/internal/match"
	"github.com/losantmock/losantmock/mockserver/internal/recorder"
	"github.com/losantmock/losantmock/mockserver/internal/wire"
	"github.com/losantmock/losantmock/mockserver/journal"
	"github.com/losantmock/losantmock/scenarios"
)

// requestSummary is a request for a table of many.
type requestSummary struct {
	ID        string `json:"id"`
	Sequence  uint64 `json:"sequence"`
	Time      int64  `json:"time"` // in milliseconds since 1970
	Method    string `json:"method"`
	Target    string `json:"target"`
	Operation string `json:"operation,omitempty"`
	Status    int    `json:"status"`
	Duration  int64  `json:"durationMicros"`
	Pending   bool   `json:"pending,omitempty"`
	Aborted   bool   `json:"aborted,omitempty"`
	Token     string `json:"token,omitempty"`
	Violation string `json:"violation,omitempty"`
	Fault     string `json:"fault,omitempty"`
	Hint      string `json:"hint,omitempty"`
}

func summaryOf(j *recorder.Recorder, e *recorder.Entry) requestSummary {
	o, s := e.Outcome(), match.NewSubject(e)
	return requestSummary{
		ID: j.ID(e.Sequence), Sequence: e.Sequence, Time: e.At.UnixMilli(), Method: e.Method, Target: e.Target,
		Operation: s.Operation(), Status: o.Response.Status, Duration: o.Took.Microseconds(), Pending: e.Pending(),
		Aborted: o.Aborted, Token: o.Token, Violation: s.Violation(), Fault: o.Fault, Hint: o.Hint,
	}
}

// exportRequests answers with requests in one of [ExportFormats], without
// their secrets.
func (a *Admin) exportRequests(w http.ResponseWriter, r *http.Request) {
	filter, err := readListFilter(r)
	if err != nil {
		writePatternError(w, http.StatusBadRequest, err)
		return
	}
	format := r.URL.Query().Get("format")
	if format == "" {
		format = journal.Formats()[0]
	}
	rec := a.world(r).Era().Journal
	entries, _ := rec.Snapshot()
	var requests []journal.Request
	for _, e := range entries {
		if filter.takes(e) {
			requests = append(requests, rec.Request(e))
		}
	}
	var text strings.Builder
	if err := journal.Export(&text, format, requests, false); err != nil {
		WriteError(w, http.StatusBadRequest, "", err.Error())
		return
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Content-Disposition", `attachment; filename="requests.`+format+`"`)
	_, _ = w.Write([]byte(text.String())) // a client that has gone away is no error of ours
}

// createToken makes an access token with scopes, {"scopes": [...]}, without any
// of scope all.User.
func (a *Admin) createToken(w http.ResponseWriter, r *http.Request) {
	var order struct{ Scopes []string }
	d := json.NewDecoder(r.Body)
	d.DisallowUnknownFields()
	if err := d.Decode(&order); err != nil {
		WriteError(w, http.StatusUnprocessableEntity, "", `want {} or {"scopes": ["webhooks.get"]}`)
		return
	}
	world := a.world(r)
	for _, scope := range order.Scopes {
		if !world.Era().State.API.KnowsScope(scope) {
			WriteError(w, http.StatusUnprocessableEntity, "/scopes", wire.Quoted(scope)+" is no scope of the API")
			return
		}
	}
	write(w, struct {
		Token string `json:"token"`
	}{world.Era().State.Issue(order.Scopes...)})
}

var errNothingToCheck = errors.New("there is no application to check with")

// check runs the contract's suite on a copy of the world, and answers with its
// report.
func (a *Admin) check(w http.ResponseWriter, r *http.Request) {
	result, err := a.runSuite(r)
	switch {
	case errors.Is(err, errNothingToCheck):
		WriteError(w, http.StatusConflict, "", err.Error())
	case err != nil:
		WriteError(w, http.StatusInternalServerError, "", err.Error())
	default:
		write(w, result)
	}
}

// runSuite leaves the world and its journal as they are.
func (a *Admin) runSuite(r *http.Request) (*report.Report, error) {
	applications := a.world(r).Applications()
	if len(applications) == 0 {
		return nil, errNothingToCheck
	}
	scenario := a.world(r).Scenario()
	scenario.API.RateLimit = scenarios.RateLimit{} // or the suite would run into it
	copied, err := a.worlds.Open("", scenario)
	if err != nil {
		return nil, err
	}
	defer copied.Life.Close(life.ErrChecked)
	state := copied.Era().State
	run := suite.Suite{
		Client:        suite.NewLocalClient(http.HandlerFunc(copied.Era().Serve), secret.New(state.Issue())),
		ApplicationID: applications[0].ID, API: state.API, Write: true, AnyToken: scenario.Auth.Mode != scenarios.AuthStrict,
	}
	return run.Run(r.Context()), nil
}
