package scenarios_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/losantmock/losantmock/scenarios"
)

// inApplication returns a scenario whose one application has such webhooks.
func inApplication(webhooks string) string {
	return "applications:\n- name: a\n  webhooks:\n" + webhooks
}

func TestWhatAScenarioGeneratesIsLimited(t *testing.T) {
	t.Parallel()
	million := "  - generate: {count: 1000000, name: w, token: 'hook-{{n}}'}\n"
	text := "  - generate: {count: 100, name: '12345{{n}}'}\n" // 500 bytes, and 192 of numbers
	for _, c := range []struct {
		name, text, want string
		limits           scenarios.Limits
	}{
		{"twenty patterns of a million", inApplication(strings.Repeat(million, 20)), "f.yaml:5:23: applications[0].webhooks[1].generate.count: generates 2000000 webhooks", scenarios.Limits{}},
		{"a limit that is raised", inApplication(text + text), "", scenarios.Limits{Webhooks: 200}},
		{"one webhook more than the limit", inApplication(text + text), "generates 200 webhooks", scenarios.Limits{Webhooks: 199}},
		{"as many bytes as the limit", inApplication(text), "", scenarios.Limits{Bytes: 692}},
		{"one byte more than the limit", inApplication(text), "webhooks with 692 bytes of text", scenarios.Limits{Bytes: 691}},
		{"texts without a number", inApplication("  - generate: {count: 1000000, name: w, description: " + strings.Repeat("x", 600) + "}\n"), "webhooks with 601000000 bytes of text", scenarios.Limits{}},
	} {
		_, err := c.limits.Parse("f.yaml", []byte(c.text))
		if got := fmt.Sprint(err); c.want == "" && err != nil || !strings.Contains(got, c.want) && c.want != "" {
			t.Errorf("%s: %.300s", c.name, got)
		}
	}
}

// What would take long, or end the program, is refused before it is checked.
func TestHostileDocumentsAreRefused(t *testing.T) {
	t.Parallel()
	fault := func(key, value string) string {
		return "faults: [{name: a, status: 500, " + key + ": '" + value + "'}]"
	}
	for _, c := range []struct{ name, text, want string }{
		{"lists in lists", "name: " + strings.Repeat("[", 9000) + strings.Repeat("]", 9000), "f.yaml:1:106: is inside more than 100 lists and mappings"},
		{"lists in lists without end", strings.Repeat("[", 100_000), "exceeded max depth"},
		{"mappings in mappings", strings.Repeat("{a: ", 100_000), "exceeded max depth"},
		{"lists of lines", strings.Repeat("- ", 5000) + "a", "is inside more than 100"},
		{"keys in keys", strings.Repeat("? ", 5000) + "a", "is inside more than 100"},
		{"JSON", strings.Repeat(`{"a":`, 5000) + "1" + strings.Repeat("}", 5000), "is inside more than 100"},
		{"many values", "[" + strings.Repeat("1,", 500_000) + "]", "the file has 500001 keys and values, and at most 500000 are read"},
		{"a JSONPath in parentheses", fault("matching", "$[?"+strings.Repeat("(", 3<<20)), "faults[0].matching: has 3145731 bytes, and at most 4096 are read"},
		{"a long glob", fault("path", strings.Repeat("*a", 1<<20)), "faults[0].path: has 2097152 bytes"},
	} {
		_, err := scenarios.Parse("f.yaml", []byte(c.text))
		if got := fmt.Sprint(err); !strings.Contains(got, c.want) {
			t.Errorf("%s: %.300s", c.name, got)
		}
	}
	_, err := scenarios.Parse("f.yaml", []byte("applications: ["+strings.Repeat("{},", 10_000)+"]"))
	if lines := strings.Count(fmt.Sprint(err), "\n") + 1; lines != 101 { // the last one counts the others
		t.Errorf("%d problems are reported", lines)
	}
}
