package admin

import (
	"bytes"
	"encoding/json"
	"net/http"

	"github.com/losantmock/losantmock/mockserver/internal/faults"
	"github.com/losantmock/losantmock/mockserver/internal/wire"
	"github.com/losantmock/losantmock/scenarios"
	"gopkg.in/yaml.v3"
)

// faultJSON is a fault as it stands in a scenario file, with how many requests
// it matched, and to how many of them it was applied.
type faultJSON struct {
	Fault   any `json:"fault"`
	Matched int `json:"matched"`
	Applied int `json:"applied"`
}

// asInScenario returns a fault as it stands in a scenario file, for JSON.
func asInScenario(f scenarios.Fault) (decoded any) {
	text, _ := yaml.Marshal(f)         // every fault can be written
	_ = yaml.Unmarshal(text, &decoded) // and read again
	return decoded
}

func (a *Admin) listFaults(r *request) (any, error) {
	listed := func(f faults.State) any { return faultJSON{asInScenario(f.Fault), f.Matched, f.Applied} }
	return listing{name: "faults", list: forms(r, r.world.Era().Faults.States(), listed)}.streamed(), nil
}

// readFaults reads faults from the body of a call and checks them as those of a
// scenario of the world, whose list of faults is in the body; nil for none.
func (a *Admin) readFaults(r *request, listed func(body map[string]json.RawMessage) any, known ...string) ([]scenarios.Fault, error) {
	body, err := readObject(r, known...)
	if err != nil {
		return nil, err
	}
	scenario := map[string]any{"api": map[string]string{"version": r.world.APIVersion().String()}}
	if list := listed(body); list != nil {
		scenario["faults"] = list
	}
	text, _ := json.Marshal(scenario)                          // it is valid
	text = bytes.ReplaceAll(text, []byte("${"), []byte("$${")) // which is text here
	s, err := r.world.Limits().ParseWithin("faults", text, r.world.Applications())
	if err != nil {
		return nil, withStatus(http.StatusUnprocessableEntity, err)
	}
	return s.Faults, nil
}

// readFault reads the fault in the body.
func (a *Admin) readFault(r *request) (f scenarios.Fault, err error) {
	list, err := a.readFaults(r, func(fault map[string]json.RawMessage) any { return []any{fault} })
	if err != nil {
		return f, err
	}
	return list[0], nil
}

// addFault adds the fault in the body.
func (a *Admin) addFault(r *request) (any, error) {
	fault, err := a.readFault(r)
	if err != nil {
		return nil, err
	}
	if err := r.world.AddFault(fault); err != nil {
		return nil, withStatus(http.StatusConflict, err)
	}
	return a.listFaults(r)
}

// exchangeFault replaces one fault by the one in the body.
func (a *Admin) exchangeFault(r *request) (any, error) {
	fault, err := a.readFault(r)
	if err != nil {
		return nil, err
	}
	found, err := r.world.ExchangeFault(r.param("name"), fault)
	if err != nil {
		return nil, withStatus(http.StatusConflict, err)
	}
	return doneIf(found, "fault", r.param("name"))
}

// setFaults replaces all faults by those in the body, {"faults": [...]}.
func (a *Admin) setFaults(r *request) (any, error) {
	listed := func(all map[string]json.RawMessage) any {
		if list, ok := all["faults"]; ok {
			return list
		}
		return nil
	}
	list, err := a.readFaults(r, listed, "faults")
	if err != nil {
		return nil, err
	}
	if list == nil {
		return nil, failure(http.StatusUnprocessableEntity, "/faults", `want {"faults": [...]}: DELETE removes all`)
	}
	if err := r.world.SetFaults(list); err != nil {
		return nil, withStatus(http.StatusConflict, err)
	}
	return a.listFaults(r)
}

func (a *Admin) clearFaults(r *request) (any, error) {
	r.world.Era().Faults.Clear()
	return done{}, nil
}

// switchFault switches a fault off, {"disabled": true}, or on again.
func (a *Admin) switchFault(r *request) (any, error) {
	order, err := readJSON[struct {
		Disabled *bool `json:"disabled"`
	}](r)
	if err != nil {
		return nil, err
	}
	if order.Disabled == nil {
		return nil, failure(http.StatusUnprocessableEntity, "", `want {"disabled": true} or {"disabled": false}`)
	}
	return doneIf(r.world.Era().Faults.SetDisabled(r.param("name"), *order.Disabled), "fault", r.param("name"))
}

func (a *Admin) removeFault(r *request) (any, error) {
	return doneIf(r.world.Era().Faults.Remove(r.param("name")), "fault", r.param("name"))
}

// doneIf responds to a call about something that was found or not.
func doneIf(found bool, kind, name string) (any, error) {
	if !found {
		return nil, failure(http.StatusNotFound, "", "there is no "+kind+" "+wire.Quoted(name))
	}
	return done{}, nil
}
