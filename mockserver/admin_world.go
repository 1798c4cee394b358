package mockserver

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/gorilla/mux"
	"github.com/losantmock/losantmock/scenarios"
)

type clockState struct {
	Mode string    `json:"mode"`
	Now  time.Time `json:"now"`
}

func (a *admin) showClock(w http.ResponseWriter, r *http.Request) {
	c := a.world(r).era().state.clock
	writeAdmin(w, clockState{c.mode, c.now()})
}

// setClock puts the clock to an instant, {"now": ...}, or on by a time,
// {"advance": "10s"}. A clock that is real goes on from there.
func (a *admin) setClock(w http.ResponseWriter, r *http.Request) {
	var order struct {
		Now     *time.Time `json:"now"`
		Advance string     `json:"advance"`
	}
	d := json.NewDecoder(r.Body)
	d.DisallowUnknownFields()
	if err := d.Decode(&order); err != nil || (order.Now == nil) == (order.Advance == "") {
		writeAdminError(w, http.StatusUnprocessableEntity, "", `want {"now": "2016-06-13T04:00:00Z"} or {"advance": "10s"}`)
		return
	}
	world := a.world(r)
	if order.Now != nil {
		world.era().state.clock.set(*order.Now)
	} else {
		by, err := time.ParseDuration(order.Advance)
		if err != nil {
			writeAdminError(w, http.StatusUnprocessableEntity, "/advance", quoted(order.Advance)+" is no duration such as 10s or -1h")
			return
		}
		world.era().state.clock.advance(by)
	}
	a.showClock(w, r)
}

// showScenario answers with the state of the world as a scenario file, which
// loads again to the same state.
func (a *admin) showScenario(w http.ResponseWriter, r *http.Request) {
	text, err := a.world(r).scenario().Marshal()
	if err != nil {
		writeAdminError(w, http.StatusInternalServerError, "", err.Error())
		return
	}
	w.Header().Set("Content-Type", "application/yaml")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Content-Disposition", `attachment; filename="scenario.yaml"`)
	_, _ = w.Write(text) // a client that has gone away is no error of ours
}

// replaceScenario puts the world of a scenario file in place of what is there.
func (a *admin) replaceScenario(w http.ResponseWriter, r *http.Request) {
	s, ok := readScenario(w, r)
	if !ok {
		return
	}
	if err := a.world(r).replace(s); err != nil {
		writeAdminError(w, http.StatusUnprocessableEntity, "", err.Error())
		return
	}
	writeAdmin(w, struct{}{})
}

func readScenario(w http.ResponseWriter, r *http.Request) (*scenarios.Scenario, bool) {
	text, err := io.ReadAll(r.Body)
	if err != nil {
		writeAdminError(w, http.StatusRequestEntityTooLarge, "", err.Error())
		return nil, false
	}
	s, err := scenarios.Parse("scenario", text)
	if err != nil {
		writeAdminError(w, http.StatusUnprocessableEntity, "", err.Error())
		return nil, false
	}
	return s, true
}

func (a *admin) listSandboxes(w http.ResponseWriter, _ *http.Request) {
	writeAdmin(w, struct {
		Sandboxes []sandboxState `json:"sandboxes"`
	}{a.worlds.sandboxStates()})
}

// createSandbox makes a sandbox of a built-in scenario, or of the text of one:
// {"name": "a", "scenario": "paging"} or {"name": "a", "yaml": "..."}; without
// either, of the server's own.
func (a *admin) createSandbox(w http.ResponseWriter, r *http.Request) {
	var order struct{ Name, Scenario, YAML string }
	d := json.NewDecoder(r.Body)
	d.DisallowUnknownFields()
	if err := d.Decode(&order); err != nil || order.Scenario != "" && order.YAML != "" {
		writeAdminError(w, http.StatusUnprocessableEntity, "", `want {"name": "a"}, with "scenario" for a built-in one or "yaml" for the text of one`)
		return
	}
	scenario, err := a.worlds.main.era().scenario, error(nil)
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
		writeAdminError(w, http.StatusUnprocessableEntity, "", err.Error())
		return
	}
	made, err := a.worlds.addSandbox(order.Name, scenario)
	switch {
	case errors.Is(err, errSandboxTaken):
		writeAdminError(w, http.StatusConflict, "", err.Error())
	case errors.Is(err, errManySandboxes):
		writeAdminError(w, http.StatusTooManyRequests, "", err.Error())
	case err != nil:
		writeAdminError(w, http.StatusUnprocessableEntity, "", err.Error())
	default:
		writeAdmin(w, made.sandboxState())
	}
}

func (a *admin) dropSandbox(w http.ResponseWriter, r *http.Request) {
	name := mux.Vars(r)["name"]
	a.answerAbout(w, "sandbox", name, a.worlds.dropSandbox(name))
}
