package admin

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/gorilla/mux"
	"github.com/losantmock/losantmock/mockserver/internal/wire"
	"github.com/losantmock/losantmock/mockserver/internal/world"
	"github.com/losantmock/losantmock/scenarios"
)

type clockState struct {
	Mode string    `json:"mode"`
	Now  time.Time `json:"now"`
}

func (a *Admin) showClock(w http.ResponseWriter, r *http.Request) {
	c := a.world(r).Era().State.Clock
	write(w, clockState{c.Mode, c.Now()})
}

// setClock puts the clock to an instant, {"now": ...}, or on by a time,
// {"advance": "10s"}. A clock that is real goes on from there.
func (a *Admin) setClock(w http.ResponseWriter, r *http.Request) {
	var order struct {
		Now     *time.Time `json:"now"`
		Advance string     `json:"advance"`
	}
	d := json.NewDecoder(r.Body)
	d.DisallowUnknownFields()
	if err := d.Decode(&order); err != nil || (order.Now == nil) == (order.Advance == "") {
		WriteError(w, http.StatusUnprocessableEntity, "", `want {"now": "2016-06-13T04:00:00Z"} or {"advance": "10s"}`)
		return
	}
	world := a.world(r)
	if order.Now != nil {
		world.Era().State.Clock.Set(*order.Now)
	} else {
		by, err := time.ParseDuration(order.Advance)
		if err != nil {
			WriteError(w, http.StatusUnprocessableEntity, "/advance", wire.Quoted(order.Advance)+" is no duration such as 10s or -1h")
			return
		}
		world.Era().State.Clock.Advance(by)
	}
	a.showClock(w, r)
}

// showScenario answers with the state of the world as a scenario file, which
// loads again to the same state.
func (a *Admin) showScenario(w http.ResponseWriter, r *http.Request) {
	text, err := a.world(r).Scenario().Marshal()
	if err != nil {
		WriteError(w, http.StatusInternalServerError, "", err.Error())
		return
	}
	w.Header().Set("Content-Type", "application/yaml")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Content-Disposition", `attachment; filename="scenario.yaml"`)
	_, _ = w.Write(text) // a client that has gone away is no error of ours
}

// replaceScenario puts the world of a scenario file in place of what is there.
func (a *Admin) replaceScenario(w http.ResponseWriter, r *http.Request) {
	s, ok := readScenario(w, r)
	if !ok {
		return
	}
	if err := a.world(r).Replace(s); err != nil {
		WriteError(w, http.StatusUnprocessableEntity, "", err.Error())
		return
	}
	write(w, struct{}{})
}

func readScenario(w http.ResponseWriter, r *http.Request) (*scenarios.Scenario, bool) {
	text, err := io.ReadAll(r.Body)
	if err != nil {
		WriteError(w, http.StatusRequestEntityTooLarge, "", err.Error())
		return nil, false
	}
	s, err := scenarios.Parse("scenario", text)
	if err != nil {
		WriteError(w, http.StatusUnprocessableEntity, "", err.Error())
		return nil, false
	}
	return s, true
}

func (a *Admin) listSandboxes(w http.ResponseWriter, _ *http.Request) {
	write(w, struct {
		Sandboxes []world.SandboxState `json:"sandboxes"`
	}{a.worlds.SandboxStates()})
}

// createSandbox makes a sandbox of a built-in scenario, or of the text of one:
// {"name": "a", "scenario": "paging"} or {"name": "a", "yaml": "..."}; without
// either, of the server's own.
func (a *Admin) createSandbox(w http.ResponseWriter, r *http.Request) {
	var order struct{ Name, Scenario, YAML string }
	d := json.NewDecoder(r.Body)
	d.DisallowUnknownFields()
	if err := d.Decode(&order); err != nil || order.Scenario != "" && order.YAML != "" {
		WriteError(w, http.StatusUnprocessableEntity, "", `want {"name": "a"}, with "scenario" for a built-in one or "yaml" for the text of one`)
		return
	}
	scenario, err := a.worlds.Main.Era().Scenario, error(nil)
	switch {
	case order.Scenario != "":
		var text []byte
		if text, err = scenarios.BuiltIn(order.Scenario); err == nil {
			scenario, err = scenarios.Parse(order.Scenario, text)
		}
	case order.YAML != "":
		scenario, err = scenarios.Parse("yaml", []byte(order.YAML))
	}
	if err != nil {
		WriteError(w, http.StatusUnprocessableEntity, "", err.Error())
		return
	}
	made, err := a.worlds.AddSandbox(order.Name, scenario)
	switch {
	case errors.Is(err, world.ErrSandboxTaken):
		WriteError(w, http.StatusConflict, "", err.Error())
	case errors.Is(err, world.ErrManySandboxes):
		WriteError(w, http.StatusTooManyRequests, "", err.Error())
	case err != nil:
		WriteError(w, http.StatusUnprocessableEntity, "", err.Error())
	default:
		write(w, made.SandboxState())
	}
}

func (a *Admin) dropSandbox(w http.ResponseWriter, r *http.Request) {
	name := mux.Vars(r)["name"]
	a.answerAbout(w, "sandbox", name, a.worlds.DropSandbox(name))
}
