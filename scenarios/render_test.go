package scenarios_test

import (
	"strings"
	"testing"

	"github.com/losantmock/losantmock/scenarios"
)

// What a template needs and a request lacks has the documented outcome.
func TestWhatARequestLacksInATemplate(t *testing.T) {
	t.Parallel()
	sent := scenarios.Request{Path: map[string]string{"id": "7"}, Query: map[string]string{}, Body: map[string]any{"list": []any{1.0}}}
	for _, c := range []struct{ template, want, problem string }{
		{"{{.path.id}}[{{.query.filter}}]", "7[]", ""},
		{"{{.body.name}}", "<no value>", ""},
		{`{{.body.name | default "none"}}`, "none", ""},
		{"{{index .body.list 0}}", "1", ""},
		{"{{index .body.list 1}}", "", "index out of range"},
		{"{{.body.name.first}}", "", "nil pointer evaluating"},
		{"{{range $i := .body.list}}" + strings.Repeat("x", scenarios.MaxReplyBody+1) + "{{end}}", "", "the body has more than 262144 bytes"},
	} {
		got, err := scenarios.Body{Text: c.template}.Render(sent)
		if c.problem == "" && (err != nil || string(got) != c.want) || c.problem != "" && (err == nil || !strings.Contains(err.Error(), c.problem)) {
			t.Errorf("%.60s: %.60q, %v", c.template, got, err)
		}
	}
	if got, err := (scenarios.Body{Text: "[{{.body}}]{{.body.name}}"}).Render(scenarios.Request{}); err == nil {
		t.Errorf("without a body: %q", got)
	}
}
