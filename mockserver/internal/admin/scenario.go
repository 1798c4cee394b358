package admin

import (
	"encoding/json"
	"errors"
	"net/http"

	"github.com/losantmock/losantmock/mockserver/internal/world"
	"github.com/losantmock/losantmock/scenarios"
)

// showScenario returns the state of the world as a scenario file, from which
// the same state can be loaded.
func (a *Admin) showScenario(r *request) (any, error) {
	if err := scenarios.CheckListed(r.world.Era().State.Count()); err != nil {
		return nil, withStatus(http.StatusConflict, err)
	}
	text, err := r.world.Limits().Marshal(r.world.Scenario())
	return document{map[string]string{
		"Content-Type":        "application/yaml",
		"Content-Disposition": `attachment; filename="scenario.yaml"`,
	}, text}, withStatus(http.StatusConflict, err)
}

// scenarioNames are the names of scenarios: in JSON a name, or a list of names.
type scenarioNames []string

var errNoName = errors.New(`want {"scenario": "paging"}, or a list of names`)

// UnmarshalJSON reads a name, of which a blank one is none, or a list of names.
func (n *scenarioNames) UnmarshalJSON(text []byte) error {
	var one string
	if json.Unmarshal(text, &one) == nil {
		if *n = nil; one != "" {
			*n = scenarioNames{one}
		}
		return nil
	}
	var list []string
	if json.Unmarshal(text, &list) != nil || len(list) == 0 {
		return errNoName
	}
	*n = list
	return nil
}

// replaceScenario builds the world anew of the scenario in the body, or of one that
// the body names, {"scenario": "paging"}.
func (a *Admin) replaceScenario(r *request) (any, error) {
	text, err := r.readAll()
	if err != nil {
		return nil, err
	}
	s, err := a.scenarioIn(text)
	if err != nil {
		return nil, err
	}
	return done{}, withStatus(http.StatusUnprocessableEntity, r.world.Replace(s))
}

// scenarioIn returns the scenario that a text is or names.
func (a *Admin) scenarioIn(text []byte) (*scenarios.Scenario, error) {
	var members map[string]json.RawMessage
	err := json.Unmarshal(text, &members)
	if err == nil && members["scenarios"] != nil {
		return nil, withStatus(http.StatusBadRequest, errNoName)
	}
	if err != nil || members["scenario"] == nil {
		s, err := a.worlds.Settings.Limits.Parse("scenario", text)
		return s, withStatus(http.StatusUnprocessableEntity, err)
	}
	order, err := decodeJSON[struct {
		Scenario scenarioNames `json:"scenario"`
	}](text)
	switch {
	case err != nil:
		return nil, err
	case order.Scenario == nil:
		return nil, withStatus(http.StatusBadRequest, errNoName)
	}
	s, err := a.worlds.NamedScenario(order.Scenario...)
	return s, withStatus(http.StatusBadRequest, err)
}

func (a *Admin) listSandboxes(*request) (any, error) {
	return map[string][]world.SandboxState{"sandboxes": a.worlds.SandboxStates()}, nil
}

// createSandbox builds a sandbox of scenarios that the body names, of the text of
// one, or by default of the scenario of the main world.
func (a *Admin) createSandbox(r *request) (any, error) {
	order, err := readJSON[struct {
		Name     string        `json:"name"`
		Scenario scenarioNames `json:"scenario"`
		YAML     string        `json:"yaml"`
	}](r)
	if err != nil {
		return nil, err
	}
	if order.Scenario != nil && order.YAML != "" {
		return nil, failure(http.StatusUnprocessableEntity, "", `want {"name": "a"}, with "scenario" for the name of one or "yaml" for the text of one`)
	}
	scenario, err := a.scenarioOf(order.Scenario, order.YAML)
	if err != nil {
		return nil, withStatus(http.StatusUnprocessableEntity, err)
	}
	made, err := a.worlds.AddSandbox(order.Name, scenario)
	if err != nil {
		return nil, withStatus(http.StatusUnprocessableEntity, err)
	}
	return made.SandboxState(), nil
}

func (a *Admin) scenarioOf(names scenarioNames, yaml string) (*scenarios.Scenario, error) {
	switch {
	case names != nil:
		return a.worlds.NamedScenario(names...)
	case yaml != "":
		return a.worlds.Settings.Limits.Parse("yaml", []byte(yaml))
	default:
		return a.worlds.Main.Era().Scenario, nil
	}
}

func (a *Admin) dropSandbox(r *request) (any, error) {
	name := r.param("name")
	return doneIf(a.worlds.DropSandbox(name), "sandbox", name)
}
