package scenarios_test

import (
	"bytes"
	"os"
	"reflect"
	"regexp"
	"slices"
	"testing"

	"github.com/losantmock/losantmock/scenarios"
)

// Scenarios of every form that there was can be read, and say the same. The
// files in testdata/golden never change: v1.yaml is written by hand, and
// v1-marshalled.yaml is what Marshal wrote of it.
func TestOldScenariosAreRead(t *testing.T) {
	t.Parallel()
	byHand, err := scenarios.Load("testdata/golden/v1.yaml")
	if err != nil {
		t.Fatal(err)
	}
	marshalled, err := scenarios.Load("testdata/golden/v1-marshalled.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(byHand, marshalled) {
		t.Errorf("the two files differ:\n%+v\n%+v", byHand, marshalled)
	}
	golden, err := os.ReadFile("testdata/golden/v1-marshalled.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if again, err := byHand.Marshal(); err != nil || !bytes.Equal(again, golden) {
		t.Errorf("scenarios are written in another form, %v:\n%s", err, again)
	}
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
	words := []string{"items", "additionalProperties", "application", "webhook", "fault", "effect"} // of the schema itself
	for _, key := range keys {
		name := string(key[1])
		if !slices.Contains(words, name) && !regexp.MustCompile(`\b`+name+`:`).Match(golden) {
			t.Errorf("testdata/golden/v1.yaml has no %s", name)
		}
	}
}
