package mockserver

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"github.com/losantmock/losantmock/contract/report"
	"github.com/losantmock/losantmock/contract/secret"
	"github.com/losantmock/losantmock/contract/suite"
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

func summaryOf(j *journal, e *entry) requestSummary {
	o, s := e.known(), newSubject(e)
	return requestSummary{
		ID: j.id(e.sequence), Sequence: e.sequence, Time: e.at.UnixMilli(), Method: e.method, Target: e.target,
		Operation: s.operation(), Status: o.answer.status, Duration: o.took.Microseconds(), Pending: !e.answered.Load(),
		Aborted: o.aborted, Token: o.token, Violation: s.violation(), Fault: o.fault, Hint: o.hint,
	}
}

// exportRequests answers with requests in one of [ExportFormats], without
// their secrets.
func (a *admin) exportRequests(w http.ResponseWriter, r *http.Request) {
	filter, err := readListFilter(r)
	if err != nil {
		writePatternError(w, http.StatusBadRequest, err)
		return
	}
	format := r.URL.Query().Get("format")
	if format == "" {
		format = ExportFormats[0]
	}
	journal := a.world(r).era().journal
	entries, _ := journal.snapshot()
	var requests []Request
	for _, e := range entries {
		if filter.takes(e) {
			requests = append(requests, journal.request(e))
		}
	}
	var text strings.Builder
	if err := Export(&text, format, requests, false); err != nil {
		writeAdminError(w, http.StatusBadRequest, "", err.Error())
		return
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Content-Disposition", `attachment; filename="requests.`+format+`"`)
	_, _ = w.Write([]byte(text.String())) // a client that has gone away is no error of ours
}

// createToken makes an access token with scopes, {"scopes": [...]}, without any
// of scope all.User.
func (a *admin) createToken(w http.ResponseWriter, r *http.Request) {
	var order struct{ Scopes []string }
	d := json.NewDecoder(r.Body)
	d.DisallowUnknownFields()
	if err := d.Decode(&order); err != nil {
		writeAdminError(w, http.StatusUnprocessableEntity, "", `want {} or {"scopes": ["webhooks.get"]}`)
		return
	}
	world := a.world(r)
	for _, scope := range order.Scopes {
		if !world.era().state.api.KnowsScope(scope) {
			writeAdminError(w, http.StatusUnprocessableEntity, "/scopes", quoted(scope)+" is no scope of the API")
			return
		}
	}
	writeAdmin(w, struct {
		Token string `json:"token"`
	}{world.era().state.issue(order.Scopes...)})
}

var errNothingToCheck = errors.New("there is no application to check with")

// check runs the contract's suite on a copy of the world, and answers with its
// report.
func (a *admin) check(w http.ResponseWriter, r *http.Request) {
	result, err := a.runSuite(r)
	switch {
	case errors.Is(err, errNothingToCheck):
		writeAdminError(w, http.StatusConflict, "", err.Error())
	case err != nil:
		writeAdminError(w, http.StatusInternalServerError, "", err.Error())
	default:
		writeAdmin(w, result)
	}
}

// runSuite leaves the world and its journal as they are.
func (a *admin) runSuite(r *http.Request) (*report.Report, error) {
	applications := a.world(r).applications()
	if len(applications) == 0 {
		return nil, errNothingToCheck
	}
	scenario := a.world(r).scenario()
	scenario.API.RateLimit = scenarios.RateLimit{} // or the suite would run into it
	copied, err := a.worlds.open("", scenario)
	if err != nil {
		return nil, err
	}
	defer copied.life.end(errChecked)
	state := copied.era().state
	run := suite.Suite{
		Client:        suite.NewLocalClient(http.HandlerFunc(copied.era().serve), secret.New(state.issue())),
		ApplicationID: applications[0].ID, API: state.api, Write: true, AnyToken: scenario.Auth.Mode != scenarios.AuthStrict,
	}
	return run.Run(r.Context()), nil
}
