package admin

import (
	"encoding/json"
	"io"
	"net/http"

	"github.com/gorilla/mux"
	"github.com/losantmock/losantmock/mockserver/internal/wire"
	"github.com/losantmock/losantmock/scenarios"
	"gopkg.in/yaml.v3"
)

// faultJSON is a fault as the admin API shows it: in the words of a scenario.
type faultJSON struct {
	Fault   any `json:"fault"`
	Matched int `json:"matched"`
	Applied int `json:"applied"`
}

// asJSONObject gives what a scenario's file would have, for JSON.
func asJSONObject(value any) any {
	text, err := yaml.Marshal(value)
	if err != nil {
		return nil // nothing in a scenario can't be written
	}
	var decoded any
	_ = yaml.Unmarshal(text, &decoded) // it was just written
	return decoded
}

func (a *Admin) listFaults(w http.ResponseWriter, r *http.Request) {
	list := struct {
		Faults []faultJSON `json:"faults"`
	}{[]faultJSON{}}
	for _, f := range a.world(r).Era().Faults.States() {
		list.Faults = append(list.Faults, faultJSON{asJSONObject(f.Fault), f.Matched, f.Applied})
	}
	write(w, list)
}

// readFaults reads faults from a body, held against the rules of scenarios.
func readFaults(w http.ResponseWriter, r *http.Request, wrap func(json.RawMessage) any) ([]scenarios.Fault, bool) {
	text, err := io.ReadAll(r.Body)
	if err != nil {
		WriteError(w, http.StatusRequestEntityTooLarge, "", err.Error())
		return nil, false
	}
	if !json.Valid(text) {
		WriteError(w, http.StatusUnprocessableEntity, "", "the body is no JSON")
		return nil, false
	}
	scenario, err := json.Marshal(wrap(text))
	if err != nil {
		WriteError(w, http.StatusUnprocessableEntity, "", err.Error())
		return nil, false
	}
	s, err := scenarios.Parse("faults", scenario)
	if err != nil {
		WriteError(w, http.StatusUnprocessableEntity, "", err.Error())
		return nil, false
	}
	return s.Faults, true
}

// addFault adds the fault that the body is.
func (a *Admin) addFault(w http.ResponseWriter, r *http.Request) {
	list, ok := readFaults(w, r, func(one json.RawMessage) any { return map[string]any{"faults": []any{one}} })
	if !ok {
		return
	}
	if err := a.world(r).Era().Faults.Add(list[0]); err != nil {
		WriteError(w, http.StatusConflict, "", err.Error())
		return
	}
	a.listFaults(w, r)
}

// setFaults puts the faults of the body, {"faults": [...]}, in place of all
// that are there.
func (a *Admin) setFaults(w http.ResponseWriter, r *http.Request) {
	list, ok := readFaults(w, r, func(all json.RawMessage) any { return all })
	if !ok {
		return
	}
	f := a.world(r).Era().Faults
	f.Clear()
	for _, fault := range list {
		if err := f.Add(fault); err != nil {
			WriteError(w, http.StatusConflict, "", err.Error())
			return
		}
	}
	a.listFaults(w, r)
}

func (a *Admin) clearFaults(w http.ResponseWriter, r *http.Request) {
	a.world(r).Era().Faults.Clear()
	write(w, struct{}{})
}

// switchFault switches a fault on or off: {"disabled": true}.
func (a *Admin) switchFault(w http.ResponseWriter, r *http.Request) {
	var order struct {
		Disabled *bool `json:"disabled"`
	}
	d := json.NewDecoder(r.Body)
	d.DisallowUnknownFields()
	if err := d.Decode(&order); err != nil || order.Disabled == nil {
		WriteError(w, http.StatusUnprocessableEntity, "", `want {"disabled": true} or {"disabled": false}`)
		return
	}
	name := mux.Vars(r)["name"]
	a.answerAbout(w, "fault", name, a.world(r).Era().Faults.SetDisabled(name, *order.Disabled))
}

func (a *Admin) removeFault(w http.ResponseWriter, r *http.Request) {
	name := mux.Vars(r)["name"]
	a.answerAbout(w, "fault", name, a.world(r).Era().Faults.Remove(name))
}

// answerAbout answers a call about a thing that may not be there.
func (a *Admin) answerAbout(w http.ResponseWriter, what, name string, found bool) {
	if !found {
		WriteError(w, http.StatusNotFound, "", "there is no "+what+" "+wire.Quoted(name))
		return
	}
	write(w, struct{}{})
}
