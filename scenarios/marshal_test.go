package scenarios_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/losantmock/losantmock/scenarios"
)

// What YAML 1.1 and YAML 1.2 read differently is written so that they read it alike:
// texts, numbers and keys that a scenario made in Go may have.
func TestWhatIsReadInTwoWaysIsWrittenInOne(t *testing.T) {
	t.Parallel()
	texts := []string{
		"6695693e47645354", "000000006695693e47645354", "12E34", "1.5e400", "yes", "Off", "y", "010", "089", "0o17", "0b1",
		"+0x1F", "0x1_F", "12:30:45", "1_000", "=", "0XFF", "2024-01-02", "~", "1e3", ".5e9999", "-7e999",
	}
	for _, text := range texts {
		s := &scenarios.Scenario{
			Name: text,
			Applications: []scenarios.Application{{
				Name: text, Properties: map[string]any{"organizationName": text},
				Webhooks: []scenarios.Webhook{{Name: text, Description: text, VerificationCode: text, Reply: &scenarios.Reply{Headers: map[string]string{"X-Text": text}}, WaitForReply: true}},
			}},
			Faults: []scenarios.Fault{{Name: text, Probability: 1e-7, Steps: []scenarios.Effect{{Status: 503, Body: text, Headers: map[string]string{"X-Text": text}}}}},
		}
		if err := s.Check(); err != nil {
			t.Errorf("%s: %v", text, err)
		}
		file, err := s.Marshal()
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		again, err := scenarios.Parse("saved", file)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		saved, err := again.Marshal()
		if err != nil || string(saved) != string(file) {
			t.Errorf("%s: %v %s", text, err, cmp.Diff(string(file), string(saved)))
		}
		if again.Applications[0].Webhooks[0].Name != text || again.Faults[0].Probability != 1e-7 || again.Faults[0].Steps[0].Headers["X-Text"] != text {
			t.Errorf("%s: %s", text, file)
		}
	}
}

// A property that has a field of its own is refused beside it.
func TestAPropertyThatHasAFieldIsRefused(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"id", "description", "webhooks"} {
		s := &scenarios.Scenario{Applications: []scenarios.Application{{Name: "Building", Properties: map[string]any{name: "a"}}}}
		if err := s.Check(); err == nil || !strings.Contains(err.Error(), `application "Building": Properties has "`+name+`", which has a field of its own`) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
