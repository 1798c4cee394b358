package scenarios_test

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/losantmock/losantmock/scenarios"
)

// Every value that the schema lists for a setting has its constant.
func TestNames(t *testing.T) {
	t.Parallel()
	for name, constants := range map[string][]string{
		"clock.mode": {scenarios.ClockReal, scenarios.ClockFixed, scenarios.ClockTicking},
		"auth.mode":  {scenarios.AuthOpen, scenarios.AuthStrict},
		"fault.answer": {
			scenarios.ResponseUnauthorized, scenarios.ResponseForbidden, scenarios.ResponseRateLimited,
			scenarios.ResponseServerError, scenarios.ResponseMaintenance,
		},
		"fault.transport": {
			scenarios.TransportResetPeer, scenarios.TransportEmptyResponse, scenarios.TransportMalformedChunk,
			scenarios.TransportRandomThenClose, scenarios.TransportTimeout, scenarios.TransportLimitData,
		},
	} {
		if listed := enums(t)[name]; !slices.Equal(listed, constants) {
			t.Errorf("%s: the schema lists %q, the constants are %q", name, listed, constants)
		}
	}
}

// enums returns the values that the schema lists, by section or definition, and
// by setting.
func enums(t *testing.T) map[string][]string {
	t.Helper()
	type object struct {
		Properties  map[string]json.RawMessage `json:"properties"`
		Definitions map[string]json.RawMessage `json:"definitions"`
		Enum        []string                   `json:"enum"`
	}
	read := func(text json.RawMessage) (o object) {
		if err := json.Unmarshal(text, &o); err != nil {
			o.Enum = nil // of other things than texts
		}
		return o
	}
	found := map[string][]string{}
	schema := read(scenarios.Schema())
	for _, sections := range []map[string]json.RawMessage{schema.Properties, schema.Definitions} {
		for section, text := range sections {
			for setting, text := range read(text).Properties {
				found[section+"."+setting] = read(text).Enum
			}
		}
	}
	return found
}
