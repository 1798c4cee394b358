package scenarios_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/losantmock/losantmock/scenarios"
)

// Variables are replaced in sources that are read at the start, and typed as YAML
// types a scalar. The test sets variables, so it does not run beside others.
func TestVariables(t *testing.T) {
	for name, value := range map[string]string{
		"LM_CODE": "201", "LM_TEXT": "a: {b: [c]}", "LM_BLANK": "", "LM_YES": "yes", "LM_LINES": "a\nb # c", "LM_URL": "http://user:s3cret@no host/", "LM_USER": "http://user:s3cret@localhost/", "LM_TEMPLATE": "{{s3cret}}", "LM_PATH": "{s3cret}", "LOSANT_API_TOKEN": "the token",
	} {
		t.Setenv(name, value)
	}
	hook := func(property string) string {
		return "applications:\n- name: a\n  webhooks:\n  - name: b\n    " + property + "\n"
	}
	for _, c := range []struct{ name, text, want string }{
		{"a number", hook("responseCode: ${LM_CODE}"), "responseCode: 201"},
		{"a default", hook("responseCode: ${LM_NONE:-202}"), "responseCode: 202"},
		{"a default for a blank one", hook("responseCode: ${LM_BLANK:-202}"), "responseCode: 202"},
		{"a number in quotes", hook(`responseCode: "${LM_CODE}"`), `f:5:19: applications[0].webhooks[0].responseCode: want a whole number, got the text "${LM_CODE}": write it without quotes`},
		{"a number as text", hook(`description: "${LM_CODE}"`), `description: "201"`},
		{"a number where text is wanted", hook("description: ${LM_CODE}"), `f:5:18: applications[0].webhooks[0].description: want text, got the number ${LM_CODE}: put it in quotes`},
		{"text that looks like an object", hook("description: ${LM_TEXT}"), `description: 'a: {b: [c]}'`},
		{"text of several lines", hook("description: ${LM_LINES}"), `description: "a\nb # c"`},
		{"text around", hook("description: <${LM_CODE}|${LM_BLANK}|${LM_CODE}>"), "description: <201||201>"},
		{"in a flow", "name: a\nids: {seed: 7}\nauth: {jwtSecret: \"s${LM_CODE}\"}", "jwtSecret: s201"},
		{"an escape", hook("description: $${LM_CODE}"), "description: $${LM_CODE}"},
		{"dollars", hook("description: $5 and $$ and $LM_CODE"), "description: $5 and $$ and $LM_CODE"},
		{"an alias", "x-a: &a ${LM_CODE}\n" + hook("responseCode: *a"), "responseCode: 201"},
		{"one that YAML reads in two ways", hook("description: ${LM_YES}"), "f:5:18: applications[0].webhooks[0].description: ${LM_YES} is true in YAML 1.1 and text in YAML 1.2: put it in quotes, or write true"},
		{"one that is not set", hook("description: a ${LM_NONE} b"), "f:5:18: applications[0].webhooks[0].description: the variable LM_NONE is not set: set it, or write ${LM_NONE:-default}"},
		{"one that is not closed", hook("description: a ${LM_CODE b"), "f:5:18: applications[0].webhooks[0].description: want ${NAME} or ${NAME:-default}; the text ${ is written $${"},
		{"one in a key", hook("${LM_CODE}: a"), "f:5:5: applications[0].webhooks[0].${LM_CODE}: ${LM_CODE} stands in a key, and variables are replaced in values alone"},
		{"the token of the real API", hook("token: ${LOSANT_API_TOKEN:-x}"), "f:5:12: applications[0].webhooks[0].token: LOSANT_API_TOKEN is the token of the real API, which a scenario must not hold: name another variable"},
		{"a value is not shown", hook("id: ${LM_TEXT}"), `f:5:9: applications[0].webhooks[0].id: "${LM_TEXT}" pattern mismatch (^[A-Fa-f\d]{24}$)`},
		{"a URL is not shown", hook("forward: ${LM_URL}"), `f:5:14: applications[0].webhooks[0].forward: "${LM_URL}" is not a URL such as http://localhost:3000/webhook`},
		{"nor a user in it", hook("forward: {url: '${LM_USER}'}"), `f:5:20: applications[0].webhooks[0].forward.url: "${LM_USER}" must have no user`},
		{"nor a part of a template", hook("waitForReply: true\n    reply: {body: 'a ${LM_TEMPLATE} b'}"), `f:6:19: applications[0].webhooks[0].reply.body: the template can't be read`},
		{"nor of a JSONPath", "faults: [{name: a, status: 500, matching: '${LM_URL}'}]", `f:1:43: faults[0].matching: "${LM_URL}" is not a JSONPath`},
		{"nor of a glob", "faults: [{name: a, status: 500, path: '/${LM_PATH}'}]", `f:1:39: faults[0].path: "/${LM_PATH}" can't match`},
		{"nor a key", "x-a: &a ${LM_URL}\n*a : b", "f:2:1: a key must be text, got the alias *a"},
		{"one in a default", hook("description: ${LM_NONE:-${LM_CODE}}"), "f:5:18: applications[0].webhooks[0].description: the default of LM_NONE is text, in which no variable can stand"},
		{"an escape in a default", hook("description: ${LM_CODE:-$${LM_CODE}}"), "f:5:18: applications[0].webhooks[0].description: the default of LM_CODE is text, in which no variable can stand"},
		{"a number that some parsers read", "ids:\n  seed: ${LM_NONE:-0X1F}", "f:2:9: ids.seed: ${LM_NONE:-0X1F} is a number for some parsers, but text in YAML 1.1 and text in YAML 1.2: write the number in decimal digits"},
		{"a number with the tag of text", hook("description: !!str ${LM_CODE}"), `description: "201"`},
	} {
		s, err := scenarios.Limits{}.Merge(scenarios.Source{Name: "f", Text: []byte(c.text)})
		got := fmt.Sprint(err)
		if err == nil {
			saved, err := s.Marshal()
			if err != nil {
				t.Fatal(err)
			}
			got = string(saved)
			if again, err := scenarios.Parse("again", saved); err != nil {
				t.Errorf("%s: what was saved is not read: %v", c.name, err)
			} else if text, _ := again.Marshal(); string(text) != got {
				t.Errorf("%s: saved as %s and then as %s", c.name, got, text)
			}
		}
		if strings.Contains(got, "s3cret") {
			t.Errorf("%s: the value is shown: %s", c.name, got)
		}
		if first, _, _ := strings.Cut(got, "\n"); err != nil && first != c.want || !strings.Contains(got, c.want) {
			t.Errorf("%s: got\n%s\nwant %s", c.name, got, c.want)
		}
	}
	// Text from elsewhere reads no variable.
	_, err := scenarios.Parse("f", []byte("name: ${LM_CODE}"))
	if want := "f:1:7: name: ${LM_CODE} is not replaced here, but in files that are named at the start alone: write the value, or $${ for the text ${"; fmt.Sprint(err) != want {
		t.Error(err)
	}
}
