package admin

import (
	"net/http"

	"github.com/losantmock/losantmock/mockserver/internal/world"
	"github.com/losantmock/losantmock/scenarios"
)

func (a *Admin) listSandboxes(*request) (any, error) {
	return map[string][]world.SandboxState{"sandboxes": a.worlds.SandboxStates()}, nil
}

// createSandbox builds a sandbox of a built-in scenario, of the text of one, or
// by default of the scenario of the main world.
func (a *Admin) createSandbox(r *request) (any, error) {
	order, err := readJSON[struct{ Name, Scenario, YAML string }](r)
	if err != nil || order.Scenario != "" && order.YAML != "" {
		return nil, failure(http.StatusUnprocessableEntity, "", `want {"name": "a"}, with "scenario" for a built-in one or "yaml" for the text of one`)
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

func (a *Admin) scenarioOf(builtIn, yaml string) (*scenarios.Scenario, error) {
	switch {
	case builtIn != "":
		text, err := scenarios.BuiltIn(builtIn)
		if err != nil {
			return nil, err
		}
		return scenarios.Parse(builtIn, text)
	case yaml != "":
		return scenarios.Parse("yaml", []byte(yaml))
	default:
		return a.worlds.Main.Era().Scenario, nil
	}
}

func (a *Admin) dropSandbox(r *request) (any, error) {
	name := r.param("name")
	return doneIf(a.worlds.DropSandbox(name), "sandbox", name)
}
