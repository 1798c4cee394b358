package scenarios_test

import (
	"strings"
	"testing"
)

const withResponses = `responses:
  - operation: line.get
    body: {id: "{{.path.lineId}}", name: "{{.now}}", tags: [{b: 1, a: 2}]}
  - operation: line.get
    steps: [{status: 404}, {}, {status: 503, body: down, unchecked: true}]
    repeat: true
  - {operation: line.close, body: '{"success": true}'}
`

func TestResponsesAreReadAndWritten(t *testing.T) {
	t.Parallel()
	limits := railway(t)
	s, err := limits.Parse("responses", []byte(withResponses))
	if err != nil {
		t.Fatal(err)
	}
	text, err := limits.Marshal(s.Clone())
	if err != nil {
		t.Fatal(err)
	}
	again, err := limits.Parse("again", text)
	if err != nil {
		t.Fatal(err)
	}
	if second, err := limits.Marshal(again); err != nil || string(second) != string(text) || !strings.Contains(string(text), `{"b": 1, "a": 2}`) {
		t.Errorf("%v\n%s\n%s", err, second, text)
	}
}

func TestWhatIsWrongInResponses(t *testing.T) {
	t.Parallel()
	limits := railway(t)
	for _, c := range []struct{ name, response, want string }{
		{"unknown", "operation: line.gte, status: 404", `f:1:25: responses[0].operation: "line.gte" is not an operation of the API, nor trigger: did you mean "line.get"?`},
		{"trigger", "operation: trigger, status: 404", "trigger is not an operation of the API: a webhook has a reply of its own"},
		{"nothing", "operation: line.get", "f:1:13: responses[0]: does nothing: give it status, headers, body or steps"},
		{"both", "operation: line.get, status: 404, steps: [{}]", "responses[0].status: can't be used with steps"},
		{"status", "operation: line.get, status: 418", "f:1:43: responses[0].status: 418 is not a documented status of line.get, which has 200, 400, 404: write another one, or unchecked: true"},
		{"no body", "operation: line.get, status: 200", "responses[0]: has no body: line.get documents one for status 200, of the schema line"},
		{"type", "operation: line.get, body: {name: 7}", "f:1:48: responses[0].body.name: want text, got the number 7: put it in quotes"},
		{"template of a number", `operation: line.get, body: {name: "{{.path.lineId}}", distance: {total: x}}`, "responses[0].body.distance.total: want a number"},
		{"text", "operation: line.get, body: hello", `responses[0].body: "hello" is not JSON: the documented body has the schema line: write another one, or unchecked: true`},
		{"text of another type", `operation: line.get, body: '{"name": 7}'`, "responses[0].body: contradicts the schema line: body.name is the wrong type"},
		{"template", `operation: line.get, body: {name: "{{.path"}`, "f:1:48: responses[0].body.name: the template can't be read: body:1: unclosed action"},
		{"function", `operation: line.get, body: "{{exec 1}}"`, `responses[0].body: the template can't be read: body:1: function "exec" not defined`},
		{"stream", "operation: line.arrivals, body: hello", "responses[0].body: can't be here: line.arrivals documents no body for status 200"},
		{"bodiless", "operation: line.get, status: 204, body: a, unchecked: true", "responses[0].body: can't be used with status 204, which has no body"},
		{"header", "operation: line.get, status: 404, headers: {Content-Length: \"1\"}", "responses[0].headers.Content-Length: can't be set: it follows from the body"},
		{"application", "operation: line.get, status: 404, application: 68100000000000000000000a", `"68100000000000000000000a" is the id of no application`},
		{"never", "operation: line.get, status: 404, from: 3, to: 2", "2 is less than from (3)"},
		{"key", "operation: line.get, status: 404, latency: {}", "responses[0].latency: is not a known key"},
		{"error", "operation: line.get, status: 404, body: {message: 7}", "responses[0].body.message: want text, got the number 7"},
	} {
		if _, err := limits.Parse("f", []byte("responses: [{"+c.response+"}]")); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v\nwant %s", c.name, err, c.want)
		}
	}
}

// What no request can have is refused before one comes, at the place of the text.
func TestTemplatesThatCanMatchNoRequest(t *testing.T) {
	t.Parallel()
	limits := railway(t)
	for _, c := range []struct{ template, want string }{
		{"{{.path.lineID}}", `f:1:50: responses[0].body.name: the template can match no request: it has .path.lineID, which the path /applications/{applicationId}/lines does not have`},
		{"{{.path.applicationID}}", `did you mean "applicationId"?`},
		{"{{.headers.accept}}", "it has .headers.accept: want one of .path, .query, .body, .now, .id"},
		{"{{.query.perpage}}", `it has .query.perpage, which is not a parameter of lines.post: write another one, or unchecked: true`},
		{"{{.now.year}}", "it has .now.year, and a text has no fields"},
		{"{{.id.x}}", "it has .id.x, and a text has no fields"},
		{"{{.path.applicationId.x}}", "it has .path.applicationId.x, and a text has no fields"},
		{"{{.body.naem}}", `it has .body.naem, and naem is not a property of the body of lines.post: did you mean "name"?: write another one, or unchecked: true`},
		{"{{.body.name.first}}", "it has .body.name.first, and name has no fields: the API wants string there"},
		{`{{if .body.name}}{{.boddy}}{{else}}{{.ids}}{{end}}`, "it has .boddy: want one of .path, .query, .body, .now, .id; it has .ids: want"},
		{`{{with .body.tags}}{{.anything}}{{$.nothing}}{{else}}{{.this}}{{end}}`, "it has .this: want one"},
		{`{{json (index .bdy 0)}}`, "it has .bdy"},
		{`{{range .body.tags}}{{.x}}{{end}}{{template "frame" .}}`, `the template "frame" is not defined`},
		{"{{.path.x}} {{.path.x}", "the template can't be read: body:1: "},
		{"{{ .id }", "the template can't be read"},
	} {
		text := `responses: [{operation: lines.post, body: {name: '` + c.template + `'}}]`
		if _, err := limits.Parse("f", []byte(text)); err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v\nwant %s", c.template, err, c.want)
		}
	}
	for _, sound := range []string{
		"{{.path.applicationId}} {{.now}} {{.id}} {{.body.name | upper}} {{json .body}} {{default 5 .body.kind}}",
		"{{range .body.tags}}{{.anything}}{{end}}{{with .body.distance}}{{.total}}{{end}}",
		`{{define "frame"}}{{.any}}{{end}}{{template "frame" .body}}`,
		"{{$x := .body.distance}}{{$x.total}}{{(index .body.tags 0).key}}",
	} {
		if _, err := limits.Parse("f", []byte(`responses: [{operation: lines.post, body: {name: '`+sound+`'}}]`)); err != nil {
			t.Errorf("%s: %v", sound, err)
		}
	}
	for template, want := range map[string]string{"{{.query.any}} {{.body.any}}": "", "{{.path.any}}": "which the path"} {
		_, err := limits.Parse("f", []byte(`responses: [{operation: line.get, unchecked: true, body: '`+template+`'}]`))
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("unchecked: %v", err)
		}
	}
	if _, err := limits.Parse("f", []byte(`responses: [{operation: line.get, body: {name: '{{.body.name}}'}}]`)); err == nil || !strings.Contains(err.Error(), "it has .body.name, and requests of line.get have no body") {
		t.Error(err)
	}
}
