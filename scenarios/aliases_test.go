package scenarios_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/losantmock/losantmock/scenarios"
)

// Aliases and merge keys are the same as what they stand for.
func TestAliases(t *testing.T) {
	t.Parallel()
	got, err := scenarios.Parse("f", []byte(`x-door: &door {waitForReply: true, reply: &reply {body: opened}}
x-more:
  - &code {responseCode: 201, waitForReply: false}
applications:
  - name: &name Plant
    description: *name
    webhooks:
      - {name: a, <<: *door}
      - {<<: *door, name: b, reply: {status: 503}}
      - {name: c, <<: [*door, *code]}
      - {name: d, waitForReply: true, replies: [*reply, *reply]}
`))
	if err != nil {
		t.Fatal(err)
	}
	want, err := scenarios.Parse("f", []byte(`applications:
  - name: Plant
    description: Plant
    webhooks:
      - {name: a, waitForReply: true, reply: {body: opened}}
      - {name: b, waitForReply: true, reply: {status: 503}}
      - {name: c, waitForReply: true, reply: {body: opened}, responseCode: 201}
      - {name: d, waitForReply: true, replies: [{body: opened}, {body: opened}]}
`))
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
}

// Problems of aliases have the place where the value stands, and that of the alias.
func TestProblemsOfAliases(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, text, want string }{
		{"a wrong value", "x-hook: &hook {name: a, responseCode: 999}\napplications: [{name: b, webhooks: [*hook]}]", "f:1:39: applications[0].webhooks[0].responseCode: 999 is more than maximum (599) (by the alias *hook at f:2:37)"},
		{"a wrong value that is merged", "x-hook: &hook {responsecode: 999}\napplications: [{name: b, webhooks: [{name: c, <<: *hook}]}]", `f:1:16: applications[0].webhooks[0].responsecode: is not a known key: did you mean "responseCode"? (by the alias *hook at f:2:51)`},
		{"a token twice", "x-hook: &hook {name: a, token: t}\napplications: [{name: b, webhooks: [*hook, *hook]}]", `f:1:32: applications[0].webhooks[1].token: "t" is already at f:1:32 (by the alias *hook at f:2:44)`},
		{"an alias in what it refers to", "x-a: &a [*a]", "f:1:10: the alias *a stands in the value that it refers to"},
		{"text that is merged", "x-a: &a text\nclock: {<<: *a}", `f:1:6: <<: want an object, or a list of objects, got the text "text" (by the alias *a at f:2:13)`},
		{"an unknown key at the top", "y-a: 1", "f:1:1: y-a: is not a known key"},
		{"x- below the top", "clock: {x-a: 1}", "f:1:9: clock.x-a: is not a known key"},
		{"a bomb", "x-a: &a [" + strings.Repeat("1,", 1000) + "]\nx-b: &b [" + strings.Repeat("*a,", 1000) + "]\nx-c: [*b]", "f: the aliases of the file stand for more than 500000 keys and values: let generate make what is many"},
	} {
		_, err := scenarios.Parse("f", []byte(c.text))
		if got := fmt.Sprint(err); got != c.want {
			t.Errorf("%s: got\n%s\nwant\n%s", c.name, got, c.want)
		}
	}
}

// Scalars that YAML 1.1 and YAML 1.2 read differently are refused where they stand
// without quotes.
func TestScalarsOfTwoReadings(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"y": "true in YAML 1.1", "n": "false in YAML 1.1", "yes": "true in YAML 1.1", "No": "false in YAML 1.1", "ON": "true in YAML 1.1", "off": "false in YAML 1.1",
		"010": "an octal number in YAML 1.1", "+07": "an octal number in YAML 1.1", "089": "text in YAML 1.1 and a number in YAML 1.2", "0o10": "text in YAML 1.1 and an octal number",
		"0b101": "a binary number in YAML 1.1 and text", "-0x1F": "a number in YAML 1.1 and text", "0x1_F": "a number in YAML 1.1 and text",
		"1:30": "a number to the base 60", "190:20:30.15": "a number to the base 60", "1_000": "a number in YAML 1.1 and text", "1_0.5": "a number in YAML 1.1 and text",
		"1e3": "text in YAML 1.1 and a number", "1.5e3": "text in YAML 1.1 and a number", "12e-3": "text in YAML 1.1 and a number", "=": "a default value in YAML 1.1",
		"0X1F": "a number for some parsers", "-0B101": "a number for some parsers", "0O17": "a number for some parsers",
		"2016-06-13": "a date in YAML 1.1 and text", "2016-06-13T04:00:00Z": "a date in YAML 1.1 and text",
	} {
		_, err := scenarios.Parse("f", []byte("name: "+text))
		if prefix := "f:1:7: name: " + text + " is " + want; !strings.HasPrefix(fmt.Sprint(err), prefix) {
			t.Errorf("%s: %v", text, err)
		}
		for _, quoted := range []string{`"` + text + `"`, "'" + text + "'", "|-\n  " + text} {
			if s, err := scenarios.Parse("f", []byte("name: "+quoted)); err != nil || s.Name != text {
				t.Errorf("%s: %v", quoted, err)
			}
		}
	}
	for text, want := range map[string]uint64{"0": 0, "10": 10, "0x1F": 31} {
		if s, err := scenarios.Parse("f", []byte("ids: {seed: "+text+"}")); err != nil || *s.IDs.Seed != want {
			t.Errorf("%s: %v", text, err)
		}
	}
	for text, want := range map[string]float64{".5": 0.5, "0.5": 0.5, "5.0e-1": 0.5, "1.": 1} {
		if s, err := scenarios.Parse("f", []byte("faults: [{name: a, status: 500, probability: "+text+"}]")); err != nil || s.Faults[0].Probability != want {
			t.Errorf("%s: %v", text, err)
		}
	}
	for _, text := range []string{"yesterday", "1.30.0", "10-20", "a1e3", "_1", "noon", "1:60"} {
		if s, err := scenarios.Parse("f", []byte("name: "+text)); err != nil || s.Name != text {
			t.Errorf("%s: %v", text, err)
		}
	}
	_, err := scenarios.Parse("f", []byte("faults: [{name: a, status: 500, headers: {on: x}}]"))
	if want := "f:1:43: faults[0].headers.on: on is true in YAML 1.1"; !strings.HasPrefix(fmt.Sprint(err), want) {
		t.Error(err)
	}
	_, err = scenarios.Parse("f", []byte("applications: [{name: a, webhooks: [{name: b, waitForReply: true, reply: {headers: {expires: 2016-06-13}}}]}]"))
	if want := "headers.expires: 2016-06-13 is a date in YAML 1.1"; !strings.Contains(fmt.Sprint(err), want) {
		t.Error(err)
	}
}

// A value is read as it is written: of the tags, only that of text is read.
func TestTags(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"ids: {seed: !!int 010}":   "f:1:13: ids.seed: the tag !!int is not read: write the value without it",
		"ids: {seed: !!int \"7\"}": "f:1:13: ids.seed: the tag !!int is not read",
		"name: !!bool yes":         "f:1:7: name: the tag !!bool is not read",
		"name: !!float x":          "f:1:7: name: the tag !!float is not read",
		"name: !!timestamp x":      "f:1:7: name: the tag !!timestamp is not read",
		"name: !!merge x":          "f:1:7: name: the tag !!merge is not read",
		"clock: !foo {}":           "f:1:8: clock: the tag !foo is not read",
		"applications: !!str [a]":  "f:1:15: applications: the tag !!str is not read",
		"name: .inf":               "f:1:7: name: want text, got the number .inf: put it in quotes",
		"name: -.INF":              "f:1:7: name: want text, got the number -.INF",
		"name: .nan":               "f:1:7: name: want text, got the number .nan",
		"ids: {seed: .inf}":        "f:1:13: ids.seed: want a whole number, got the number .inf",
		"auth: {tokens: [{token: .inf, scopes: []}]}": "f:1:25: auth.tokens[0].token: want text, got the number .inf",
	} {
		if _, err := scenarios.Parse("f", []byte(text)); !strings.HasPrefix(fmt.Sprint(err), want) {
			t.Errorf("%s:\ngot  %v\nwant %s", text, err, want)
		}
	}
	if s, err := scenarios.Parse("f", []byte("name: !!str 010")); err != nil || s.Name != "010" {
		t.Error(err)
	}
}
