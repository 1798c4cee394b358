package admin

import (
	"log/slog"
	"net/http"
	"time"

	"github.com/losantmock/losantmock/contract/live"
	"github.com/losantmock/losantmock/contract/secret"
	"github.com/losantmock/losantmock/contract/suite"
	"github.com/losantmock/losantmock/mockserver/internal/match"
	"github.com/losantmock/losantmock/mockserver/internal/recorder"
	"github.com/losantmock/losantmock/mockserver/internal/wire"
	"github.com/losantmock/losantmock/mockserver/internal/world"
	"github.com/losantmock/losantmock/scenarios"
)

func (a *Admin) reset(r *request) (any, error) {
	return done{}, withStatus(http.StatusInternalServerError, r.world.Reset())
}

type clockState struct {
	Mode string    `json:"mode"`
	Now  time.Time `json:"now"`
}

func (a *Admin) showClock(r *request) (any, error) {
	c := r.world.Era().State.Clock
	return clockState{c.Mode, c.Now()}, nil
}

// setClock sets the clock to a time, {"now": ...}, or advances it,
// {"advance": "10s"}. A real clock runs on from there, to the last instant that can
// be written: there it stands still, and no rate limit ends.
func (a *Admin) setClock(r *request) (any, error) {
	order, err := readJSON[struct {
		Now     string `json:"now"`
		Advance string `json:"advance"`
	}](r)
	if err != nil {
		return nil, err
	}
	if (order.Now == "") == (order.Advance == "") {
		return nil, failure(http.StatusUnprocessableEntity, "", `want {"now": "2016-06-13T04:00:00Z"} or {"advance": "10s"}`)
	}
	clock := r.world.Era().State.Clock
	if order.Now != "" {
		now, err := time.Parse(time.RFC3339, order.Now)
		if err != nil {
			return nil, failure(http.StatusUnprocessableEntity, "/now", wire.Quoted(order.Now)+" is no time such as 2016-06-13T04:00:00Z")
		}
		clock.Set(now)
		return a.showClock(r)
	}
	by, err := time.ParseDuration(order.Advance)
	if err != nil {
		return nil, failure(http.StatusUnprocessableEntity, "/advance", wire.Quoted(order.Advance)+" is no duration such as 10s or -1h")
	}
	clock.Advance(by)
	return a.showClock(r)
}

// createToken makes an access token with the scopes in the body, by default of
// the scope all.User.
func (a *Admin) createToken(r *request) (any, error) {
	order, err := readJSON[struct {
		Scopes []string `json:"scopes"`
	}](r)
	if err != nil {
		return nil, err
	}
	era := r.world.Era()
	if err := match.CheckScopes(era.State.API, order.Scopes); err != nil {
		return nil, failure(http.StatusUnprocessableEntity, "/scopes", err.Error())
	}
	return map[string]string{"token": era.State.Issue(order.Scopes...)}, nil
}

// check runs the contract's suite on a copy of the world, and returns its
// report. The world and its journal stay as they are. One check runs at a time: the
// copy can be as large as the world, and counts in a budget of its own.
func (a *Admin) check(r *request) (any, error) {
	r.keepOpen()
	select {
	case a.checks <- struct{}{}:
		defer func() { <-a.checks }()
	case <-r.Context().Done():
		return nil, r.Context().Err()
	}
	applications := r.world.Applications()
	if len(applications) == 0 {
		return nil, failure(http.StatusConflict, "", "there is no application to check with")
	}
	scenario := r.world.Scenario()
	scenario.API.RateLimit = scenarios.RateLimit{} // which the suite would exceed
	settings := a.worlds.Settings
	settings.Scenario, settings.JournalFile, settings.Logger = scenario, recorder.FileSettings{}, slog.New(slog.DiscardHandler)
	copied, err := world.New(settings)
	if err != nil {
		return nil, err
	}
	defer copied.Shutdown()
	era := copied.Main.Era()
	run := suite.Suite{
		Client:        live.NewLocalClient(http.HandlerFunc(era.Serve), secret.New(era.State.Issue())),
		ApplicationID: applications[0].ID, API: era.State.API, Write: true, AnyToken: scenario.Auth.Mode != scenarios.AuthStrict,
	}
	return run.Run(r.Context()), nil
}
