package admin

import (
	"cmp"
	"encoding/json"
	"net/http"
	"slices"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/pairs"
	"github.com/losantmock/losantmock/mockserver/internal/generic"
	"github.com/losantmock/losantmock/mockserver/internal/matcher"
)

// definitionState is what a world serves of the API.
type definitionState struct {
	Version string `json:"version"`
	Source  string `json:"source,omitempty"` // of the definition
	// DefinitionVersion is that of the definition, or "unknown". Version may differ from
	// it, and is what the operations of webhooks are served as.
	DefinitionVersion string   `json:"definitionVersion,omitempty"`
	Resources         int      `json:"resources"`
	Operations        int      `json:"operations"`
	Names             []string `json:"names"`             // of the operations, sorted
	WebhookProperties []string `json:"webhookProperties"` // that a client can set
	Limits            []limit  `json:"limits"`
}

// limit is what is not done of an operation.
type limit struct {
	Operation string `json:"operation"`
	Reason    string `json:"reason"`
}

func (a *Admin) showDefinition(r *request) (any, error) {
	api := r.world.Era().State.API
	state := definitionState{Version: api.Version.String(), Resources: len(api.Resources), Limits: []limit{}}
	if definition := r.world.Limits().Definition; definition != nil {
		state.Source, state.DefinitionVersion = definition.Source(), cmp.Or(definition.Version(), "unknown")
	}
	for _, resource := range api.Resources {
		for _, op := range resource.Actions {
			state.Names = append(state.Names, op.Name)
		}
	}
	state.Names = append(state.Names, a.operations...)
	slices.Sort(state.Names)
	state.Names = slices.Compact(state.Names)
	state.WebhookProperties = pairs.PropertiesOf(pairs.BodySchema(api, api.Operation(contract.OperationWebhooksPost))).Names
	state.Operations = len(state.Names)
	for _, partial := range pairs.Of(api).Limits(api) {
		state.Limits = append(state.Limits, limit(partial))
	}
	return state, nil
}

// addItem adds the item in the body to the collection that the path leads to.
func (a *Admin) addItem(r *request) (any, error) {
	text, err := r.readAll()
	if err != nil {
		return nil, err
	}
	if err := matcher.CheckObject(text, nil); err != nil {
		return nil, err
	}
	_, item, err := r.world.Add(r.param("path"), json.RawMessage(text))
	return item, withStatus(http.StatusUnprocessableEntity, err)
}

// sendEvent sends the event in the body to the open streams of an operation.
func (a *Admin) sendEvent(r *request) (any, error) {
	order, err := readJSON[struct {
		Event string            `json:"event"`
		Data  json.RawMessage   `json:"data"`
		Path  map[string]string `json:"path"`
	}](r)
	if err != nil {
		return nil, err
	}
	reached, err := r.world.SendEvent(r.param("operation"), generic.Event{Name: order.Event, Data: order.Data, Path: order.Path})
	return map[string]int{"reached": reached}, withStatus(http.StatusUnprocessableEntity, err)
}
