package scenarios_test

import (
	"bytes"
	"encoding/json"
	"os"
	"reflect"
	"regexp"
	"slices"
	"testing"

	"github.com/losantmock/losantmock/scenarios"
)

// Scenarios of every form that there was can be read, and say the same. The
// files in testdata/golden grow by new keys, and what is there never changes:
// v1.yaml is written by hand, and v1-marshalled.yaml is what Marshal wrote of it.
func TestOldScenariosAreRead(t *testing.T) {
	t.Parallel()
	limits := railway(t)
	byHand, err := limits.Load("testdata/golden/v1.yaml")
	if err != nil {
		t.Fatal(err)
	}
	marshalled, err := limits.Load("testdata/golden/v1-marshalled.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(withoutOrder(t, byHand), withoutOrder(t, marshalled)) {
		t.Errorf("the two files differ:\n%+v\n%+v", byHand, marshalled)
	}
	golden, err := os.ReadFile("testdata/golden/v1-marshalled.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if again, err := limits.Marshal(marshalled); err != nil || !bytes.Equal(again, golden) {
		t.Errorf("scenarios are written in another form, %v:\n%s", err, again)
	}
}

// withoutOrder returns a scenario whose objects have no order of keys: the files of v1
// were marshalled in that of the alphabet.
func withoutOrder(t *testing.T, s *scenarios.Scenario) *scenarios.Scenario {
	t.Helper()
	s = s.Clone()
	for _, a := range s.Applications {
		for name, value := range a.Properties {
			text, ordered := value.(json.RawMessage)
			if !ordered {
				continue
			}
			var decoded any
			if err := json.Unmarshal(text, &decoded); err != nil {
				t.Fatal(err)
			}
			a.Properties[name] = decoded
		}
	}
	return s
}

// The golden scenario has every key that there is.
func TestTheGoldenScenarioIsWhole(t *testing.T) {
	t.Parallel()
	golden, err := os.ReadFile("testdata/golden/v1.yaml")
	if err != nil {
		t.Fatal(err)
	}
	keys := regexp.MustCompile(`"(\w+)": \{\s*"(?:\$ref|type|enum|description|anyOf|oneOf)"`).FindAllSubmatch(scenarios.Schema(), -1)
	if len(keys) < 60 {
		t.Fatalf("only %d keys", len(keys))
	}
	words := []string{"items", "additionalProperties", "application", "webhook", "fault", "effect", "response"} // of the schema itself
	for _, key := range keys {
		name := string(key[1])
		if !slices.Contains(words, name) && !regexp.MustCompile(`\b`+name+`:`).Match(golden) {
			t.Errorf("testdata/golden/v1.yaml has no %s", name)
		}
	}
}

// Every value that the schema lists for a setting has its constant.
func TestNames(t *testing.T) {
	t.Parallel()
	for name, constants := range map[string][]string{
		"forward.reply": {scenarios.ReplyLater},
		"clock.mode":    {scenarios.ClockReal, scenarios.ClockFixed, scenarios.ClockTicking},
		"auth.mode":     {scenarios.AuthOpen, scenarios.AuthStrict},
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
