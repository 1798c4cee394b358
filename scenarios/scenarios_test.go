package scenarios_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/losantmock/losantmock/cmd/lab/size"
	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/scenarios"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"gopkg.in/yaml.v3"
)

// The format as the README shows it.
const readme = `name: two-tokens
api: {version: 1.30.0}
clock: {mode: fixed, at: 2016-06-13T04:00:00.000Z}
ids: {seed: 7}
auth:
  mode: strict
  jwtSecret: ssshhh
  users: [{email: dev@example.com, password: correct horse battery}]
  tokens: [{token: reader, scopes: [all.Application.read], expires: 2030-01-01T00:00:00.000Z}]
applications:
  - id: 575ec8687ae143cd83dc4a97
    name: My Application
    webhooks:
      - {id: 575ed78e7ae143cd83dc4aab, name: My Webhook, token: the_webhook_token}
      - generate: {count: 10000, name: "Device {{n}}"}
`

func TestAScenarioIsReadWhole(t *testing.T) {
	t.Parallel()
	got, err := scenarios.Parse("two-tokens.yaml", []byte(readme))
	if err != nil {
		t.Fatal(err)
	}
	want := &scenarios.Scenario{
		Name:  "two-tokens",
		API:   scenarios.API{Version: "1.30.0"},
		Clock: scenarios.Clock{Mode: "fixed", At: time.Date(2016, 6, 13, 4, 0, 0, 0, time.UTC)},
		IDs:   scenarios.IDs{Seed: new(uint64(7))},
		Auth: scenarios.Auth{
			Mode: "strict", JWTSecret: "ssshhh",
			Users:  []scenarios.User{{Email: "dev@example.com", Password: "correct horse battery"}},
			Tokens: []scenarios.Token{{Token: "reader", Scopes: []string{"all.Application.read"}, Expires: time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)}},
		},
		Applications: []scenarios.Application{{
			ID: "575ec8687ae143cd83dc4a97", Name: "My Application",
			Webhooks: []scenarios.Webhook{{ID: "575ed78e7ae143cd83dc4aab", Name: "My Webhook", Token: "the_webhook_token"}},
			Generate: []scenarios.Generate{{Count: 10000, Webhook: scenarios.Webhook{Name: "Device {{n}}"}}},
		}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	var made []string
	for w := range got.Applications[0].Generate[0].All() {
		made = append(made, w.Name)
	}
	if len(made) != 10000 || made[0] != "Device 1" || made[9999] != "Device 10000" {
		t.Errorf("generates %d, from %s to %s", len(made), made[0], made[len(made)-1])
	}
	// Written in Go and written in YAML is the same.
	text, err := yaml.Marshal(got)
	if err != nil {
		t.Fatal(err)
	}
	again, err := scenarios.Parse("again.yaml", text)
	if diff := cmp.Diff(got, again); err != nil || diff != "" {
		t.Errorf("%v %s\n%s", err, diff, text)
	}
}

// refusals are files that are refused, each with every problem. The schema
// alone finds those whose schema is true.
var refusals = []struct {
	name, text string
	schema     bool
	want       []string
}{
	{"everything at once", `name: x
colour: red
clock: {mode: fixed}
auth:
  mode: stricter
  tokens: [{token: a, scopes: [webhook.gett]}, {token: a, scopes: []}]
applications:
  - id: 575ec8687ae143cd83dc4a97
    nme: x
    webhooks:
      - {name: 5, responseCode: 999}
      - {generate: {count: 0, name: "x{{n}}"}, name: z}
      - {name: "", enabled: yes, creationDate: 2016-01-01}
`, true, []string{
		`f.yaml:2:1: colour: is not a known key`,
		`f.yaml:3:8: clock.at: is required`,
		`f.yaml:5:9: auth.mode: "stricter" must be an enum value (open, strict): did you mean "strict"?`,
		`f.yaml:6:32: auth.tokens[0].scopes[0]: "webhook.gett" is not a scope of API 1.30.0`,
		`f.yaml:6:56: auth.tokens[1].token: "a" is already at f.yaml:6:20`,
		`f.yaml:8:5: applications[0].name: is required`,
		`f.yaml:9:5: applications[0].nme: is not a known key: did you mean "name"?`,
		`f.yaml:11:16: applications[0].webhooks[0].name: want text, got the number 5: put it in quotes`,
		`f.yaml:11:33: applications[0].webhooks[0].responseCode: 999 is more than maximum (599)`,
		`f.yaml:12:9: applications[0].webhooks[1]: has more properties than allowed (1)`,
		`f.yaml:12:28: applications[0].webhooks[1].generate.count: 0 is less than minimum (1)`,
		`f.yaml:13:16: applications[0].webhooks[2].name: "" has less length than allowed (1)`,
		`f.yaml:13:29: applications[0].webhooks[2].enabled: yes is true in YAML 1.1 and text in YAML 1.2: write true`,
		`f.yaml:13:48: applications[0].webhooks[2].creationDate: want a time such as 2016-06-13T04:00:00.000Z, got the text "2016-01-01"`,
	}},
	{"what is newer than the API asked for", `api: {version: 1.8.0}
auth: {tokens: [{token: a, scopes: [all.User.bounded, all.User]}]}
applications:
  - name: x
    webhooks:
      - {name: a, verificationType: alexa}
      - {name: b, isWebsocket: true}
      - {generate: {count: 2, name: "c{{n}}", enabled: false}}
  - {name: z, endpointSlug: abcd, archiveConfig: {mode: all}}
`, false, []string{
		`f.yaml:2:37: auth.tokens[0].scopes[0]: "all.User.bounded" is not a scope of API 1.8.0`,
		`f.yaml:6:37: applications[0].webhooks[0].verificationType: "alexa" must be an enum value (facebook, fitbit, none, twilio) in API 1.8.0`,
		`f.yaml:7:19: applications[0].webhooks[1].isWebsocket: is newer than API 1.8.0`,
		`f.yaml:8:47: applications[0].webhooks[2].generate.enabled: is newer than API 1.8.0`,
		`f.yaml:9:35: applications[1].archiveConfig: is newer than API 1.8.0`,
	}},
	{"properties of an application", `applications:
  - {name: x, endpointSlug: AB, globals: [{key: a}], summary: {}, blobUrlTTL: 1}
  - {name: z, archiveConfig: {s3: {bucket: 5, more: 1}}, expUserTokenCutoff: soon}
`, true, []string{
		`f.yaml:2:29: applications[0].endpointSlug: "AB" has less length than allowed (3)`,
		`f.yaml:2:43: applications[0].globals[0].json: is required`,
		`f.yaml:2:54: applications[0].summary: is not a known key`,
		`f.yaml:2:79: applications[0].blobUrlTTL: 1 is less than minimum (3600)`,
		`f.yaml:3:44: applications[1].archiveConfig.s3.bucket: want text, got the number 5: put it in quotes`,
		`f.yaml:3:47: applications[1].archiveConfig.s3.more: is not a known key`,
		`f.yaml:3:78: applications[1].expUserTokenCutoff: want a time such as 2016-06-13T04:00:00.000Z, got the text "soon"`,
	}},
	{"names taken twice", `auth:
  users:
    - {id: 575ed70c7ae143cd83dc4aa9, email: a@example.com, password: correct horse}
    - {email: A@example.com, password: correct horse}
applications:
  - {id: 575ED70C7ae143cd83dc4aa9, name: a}
  - name: b
    webhooks:
      - {id: 575ed78e7ae143cd83dc4aab, name: a, token: t2}
      - {id: 575ed78e7ae143cd83dc4aab, name: b}
      - {generate: {count: 3, name: "c{{n}}", token: "t{{n}}"}}
`, false, []string{
		`f.yaml:4:15: auth.users[1].email: "a@example.com" is already at f.yaml:3:45`,
		`f.yaml:6:10: applications[0].id: "575ed70c7ae143cd83dc4aa9" is already at f.yaml:3:12`,
		`f.yaml:10:14: applications[1].webhooks[1].id: "575ed78e7ae143cd83dc4aab" is already at f.yaml:9:14`,
		`f.yaml:11:54: applications[1].webhooks[2].generate.token: "t2" is already at f.yaml:9:56`,
	}},
	{"references that do not agree", `applications:
  - id: 575ec8687ae143cd83dc4a97
    applicationId: 575ec8687ae143cd83dc4a98
    name: a
    webhooks:
      - {id: 575ed78e7ae143cd83dc4aab, webhookId: 575ed78e7ae143cd83dc4aac, applicationId: 575ec8687ae143cd83dc4a98, name: a}
`, false, []string{
		`f.yaml:3:20: applications[0].applicationId: "575ec8687ae143cd83dc4a98" is not the id, "575ec8687ae143cd83dc4a97"`,
		`f.yaml:6:51: applications[0].webhooks[0].webhookId: "575ed78e7ae143cd83dc4aac" is not the id, "575ed78e7ae143cd83dc4aab"`,
		`f.yaml:6:92: applications[0].webhooks[0].applicationId: "575ec8687ae143cd83dc4a98" is not the id, "575ec8687ae143cd83dc4a97"`,
	}},
	{"patterns that come to nothing", `applications:
  - name: a
    webhooks:
      - {generate: {count: 3, name: "x", token: t}}
      - {generate: {count: 10, name: "` + strings.Repeat("n", 250) + `{{n}}"}}
      - {generate: {count: 100000, name: "` + strings.Repeat("n", 250) + `{{n}}", description: "{{n}}"}}
      - {generate: {count: 3, name: "x", id: 575ed78e7ae143cd83dc4aab}}
`, true, []string{
		`f.yaml:4:49: applications[0].webhooks[0].generate.token: would be the same for each: put {{n}} in it`,
		`f.yaml:6:42: applications[0].webhooks[2].generate.name: has longer length than allowed (255) at n = 100000`,
		`f.yaml:7:42: applications[0].webhooks[3].generate.id: is not a known key`,
	}},
	{"a clock that is real and fixed", "clock: {at: 2016-06-13T04:00:00.000Z, step: 1s}", false, []string{
		`f.yaml:1:9: clock.at: needs a clock whose mode is fixed or ticking`,
		`f.yaml:1:39: clock.step: needs a clock whose mode is fixed or ticking`,
	}},
	{"a step of nothing", "clock: {mode: ticking, at: 2016-06-13T04:00:00.000Z, step: 0s}", false, []string{
		`f.yaml:1:60: clock.step: "0s" is not a duration above 0 that fits into 292 years`,
	}},
	{"a step without end", "clock: {mode: ticking, at: 2016-06-13T04:00:00.000Z, step: 99999999999h}", false, []string{
		`f.yaml:1:60: clock.step: "99999999999h" is not a duration above 0 that fits into 292 years`,
	}},
	{"an unknown version", "api: {version: 9.9.9}", false, []string{
		`f.yaml:1:16: api.version: "9.9.9" is not a known version of the API: want one from 0.1.0 to 1.30.0`,
	}},
	{"a version that is none", "api: {version: newest}", true, []string{
		`f.yaml:1:16: api.version: want three numbers such as 1.30.0, got the text "newest"`,
	}},
	{"an id that YAML takes for a number", "applications: [{name: a, id: 575000000000000000000e10}]", true, []string{
		`f.yaml:1:30: applications[0].id: 575000000000000000000e10 is text in YAML 1.1 and a number in YAML 1.2: put it in quotes, or write the number without an exponent`,
	}},
	{"a workflow that can't be played", `triggers: {replyTimeout: 0s, rateLimit: {per: 99999999999h}, alexa: {ca: x}}
applications:
  - name: a
    webhooks:
      - {name: a, reply: {body: x}}
      - {name: b, waitForReply: true, reply: {body: "{{.data"}, replies: [{}]}
      - {name: c, waitForReply: true, replies: [{status: 99}, {body: "{{nope}}"}]}
      - {name: d, forward: "http://169.254.169.254/x"}
      - {name: e, forward: "http://0x7f000001/x"}
      - {name: f, forward: "http://[fe80::1]/x"}
      - {name: g, forward: "ftp://localhost/x"}
      - {name: h, forward: "http://u@localhost/x"}
      - {generate: {count: 2, name: "i{{n}}", reply: {}}}
      - {name: j, forward: {url: "http://localhost/x", reply: later}}
      - {name: k, waitForReply: true, forward: {url: "http://10.0.0.1/x", reply: sometime}}
      - {name: l, forward: {URL: "http://localhost/x"}}
      - {name: m, forward: [http://localhost/x]}
`, true, []string{
		`f.yaml:1:26: triggers.replyTimeout: "0s" is not a duration above 0 that fits into 292 years`,
		`f.yaml:1:47: triggers.rateLimit.per: "99999999999h" is not a duration above 0 that fits into 292 years`,
		`f.yaml:1:62: triggers.alexa: is not a known key`,
		`f.yaml:5:19: applications[0].webhooks[0].reply: needs waitForReply: true, or isWebsocket: true: no call waits for it`,
		`f.yaml:6:53: applications[0].webhooks[1].reply.body: the template can't be read: body:1: unclosed action`,
		`f.yaml:6:65: applications[0].webhooks[1].replies: can't be used with reply`,
		`f.yaml:7:58: applications[0].webhooks[2].replies[0].status: 99 is less than minimum (100)`,
		`f.yaml:7:70: applications[0].webhooks[2].replies[1].body: the template can't be read: body:1: function "nope" not defined`,
		`f.yaml:8:28: applications[0].webhooks[3].forward: "http://169.254.169.254/x" names an address: name a host, or this machine`,
		`f.yaml:9:28: applications[0].webhooks[4].forward: "http://0x7f000001/x" names an address: name a host, or this machine`,
		`f.yaml:10:28: applications[0].webhooks[5].forward: "http://[fe80::1]/x" names an address: name a host, or this machine`,
		`f.yaml:11:28: applications[0].webhooks[6].forward: "ftp://localhost/x" is not a URL such as http://localhost:3000/webhook`,
		`f.yaml:12:28: applications[0].webhooks[7].forward: "http://u@localhost/x" must have no user`,
		`f.yaml:13:47: applications[0].webhooks[8].generate.reply: needs waitForReply: true, or isWebsocket: true: no call waits for it`,
		`f.yaml:14:19: applications[0].webhooks[9].forward: needs waitForReply: true, or isWebsocket: true: no call waits for it`,
		`f.yaml:15:54: applications[0].webhooks[10].forward.url: "http://10.0.0.1/x" names an address: name a host, or this machine`,
		`f.yaml:15:82: applications[0].webhooks[10].forward.reply: "sometime" must be an enum value (later)`,
		`f.yaml:16:28: applications[0].webhooks[11].forward.url: is required`,
		`f.yaml:16:29: applications[0].webhooks[11].forward.URL: is not a known key: did you mean "url"?`,
		`f.yaml:17:28: applications[0].webhooks[12].forward: want text or an object, got a list`,
	}},
	{"not a number", "ids: {seed: .nan}", true, []string{`f.yaml:1:13: ids.seed: want a whole number, got the number .nan`}},
	{"an infinite number", "ids: {seed: .inf}", true, []string{`f.yaml:1:13: ids.seed: want a whole number, got the number .inf`}},
	{"a seed below 0", "ids: {seed: -1}", true, []string{`f.yaml:1:13: ids.seed: -1 is less than minimum (0)`}},
	{"a list in place of an object", "[]", true, []string{`f.yaml:1:1: want an object, got a list`}},
	{"nothing after a key", "applications:", true, []string{`f.yaml:1:14: applications: want a list, got nothing`}},
	{"a key twice", "name: a\nname: b", false, []string{`f.yaml:2:1: name: is given twice`}},
	{"a key that is no text", "1: a", true, []string{`f.yaml:1:1: a key must be text, got the number 1`}},
	{"a tag", "name: !secret a", false, []string{`f.yaml:1:7: name: the tag !secret is not read: write the value without it`}},
	{"a second document", "name: a\n---\nname: b", false, []string{`f.yaml:2:1: a second document: put each scenario into a file of its own`}},
	{"a broken second document", "name: a\n---\nname: [", false, []string{`f.yaml:4:1: not YAML: did not find expected node content: write a value, or close a [ or { that stands before`}},
	{"no YAML", "name: [a", false, []string{`f.yaml:1:7: not YAML: did not find expected ',' or ']': close the list with ], or put the text in quotes`}},
	{"an empty file", "", false, []string{`f.yaml: the file is empty: an empty world is written {}`}},
	{"a comment alone", "# nothing\n", false, []string{`f.yaml: the file is empty: an empty world is written {}`}},
	{"too large a file", strings.Repeat("#", scenarios.MaxFileSize+1), false, []string{
		`f.yaml: the file has 4194305 bytes, and at most 4194304 are read: let generate make what is many`,
	}},
}

func TestWhatIsWrongIsToldAtOnce(t *testing.T) {
	t.Parallel()
	for _, c := range refusals {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := scenarios.Parse("f.yaml", []byte(c.text))
			if err == nil {
				t.Fatal("it is read")
			}
			if diff := cmp.Diff(c.want, strings.Split(err.Error(), "\n")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// The schema that editors use and the loader agree, but for what no schema can
// say: each refusal of that kind is marked above.
func TestSchemaAndLoaderAgree(t *testing.T) {
	size.SkipUnderRace(t)
	t.Parallel()
	tree, err := jsonschema.UnmarshalJSON(bytes.NewReader(scenarios.Schema()))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	if err := compiler.AddResource("scenario.json", tree); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile("scenario.json")
	if err != nil {
		t.Fatal(err)
	}
	// As an editor sees a file: YAML to JSON, times as they are written.
	accepts := func(text string) bool {
		var node yaml.Node
		if yaml.Unmarshal([]byte(text), &node) != nil || len(node.Content) == 0 {
			return true // not the schema's matter
		}
		return schema.Validate(asJSON(node.Content[0])) == nil
	}
	for _, c := range refusals {
		if c.schema == accepts(c.text) {
			t.Errorf("%s: the schema accepts it: %t", c.name, !c.schema)
		}
	}
	good := map[string]string{"the README's": readme, "an empty world": "{}", "a ticking clock": "clock: {mode: ticking, at: 2016-06-13T04:00:00Z, step: 1m30s}"}
	for _, name := range scenarios.BuiltIns() {
		text, err := scenarios.BuiltIn(name)
		if err != nil {
			t.Fatal(err)
		}
		good[name] = string(text)
	}
	for name, text := range good {
		if _, err := scenarios.Parse(name, []byte(text)); err != nil || !accepts(text) {
			t.Errorf("%s: schema accepts %t, loader says %v", name, accepts(text), err)
		}
	}
}

func asJSON(node *yaml.Node) any {
	switch node.Kind {
	case yaml.MappingNode:
		m := map[string]any{}
		for i := 0; i < len(node.Content); i += 2 {
			m[node.Content[i].Value] = asJSON(node.Content[i+1])
		}
		return m
	case yaml.SequenceNode:
		list := []any{}
		for _, item := range node.Content {
			list = append(list, asJSON(item))
		}
		return list
	case yaml.AliasNode:
		return asJSON(node.Alias)
	}
	var number json.Number
	if tag := node.ShortTag(); tag == "!!int" || tag == "!!float" {
		if json.Unmarshal([]byte(node.Value), &number) == nil {
			return number
		}
	}
	switch node.ShortTag() {
	case "!!bool":
		return node.Value == "true"
	case "!!null":
		return nil
	default:
		return node.Value
	}
}

// The schema repeats the limits of the contract, for editors. They must be the
// same.
func TestTheSchemaFollowsTheContract(t *testing.T) {
	t.Parallel()
	api, err := contract.At(contract.Newest)
	if err != nil {
		t.Fatal(err)
	}
	var ours struct {
		Definitions map[string]struct{ Properties map[string]any }
	}
	if err := json.Unmarshal(scenarios.Schema(), &ours); err != nil {
		t.Fatal(err)
	}
	for definition, source := range map[string]string{"application": "application", "webhook": "webhook", "generate": "webhook"} {
		var theirs struct{ Properties map[string]any }
		text, err := json.Marshal(api.Schema(source))
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(text, &theirs); err != nil {
			t.Fatal(err)
		}
		got := ours.Definitions[definition].Properties
		for name, limits := range theirs.Properties {
			if name == "summary" || definition == "generate" && strings.HasSuffix(strings.ToLower(name), "id") {
				continue
			}
			if diff := cmp.Diff(limits, withoutDescriptions(got[name])); diff != "" {
				t.Errorf("%s.%s in scenario.schema.json differs from the contract: %s", definition, name, diff)
			}
		}
		for name := range got {
			if theirs.Properties[name] == nil && !slices.Contains([]string{"webhooks", "resources", "generate", "count", "reply", "replies", "forward"}, name) {
				t.Errorf("%s.%s is in scenario.schema.json and not in the contract", definition, name)
			}
		}
	}
}

// withoutDescriptions returns a schema without the descriptions, which the contract
// does not have.
func withoutDescriptions(schema any) any {
	switch schema := schema.(type) {
	case map[string]any:
		rest := map[string]any{}
		for key, inner := range schema {
			if _, isText := inner.(string); key != "description" || !isText {
				rest[key] = withoutDescriptions(inner)
			}
		}
		return rest
	case []any:
		rest := make([]any, len(schema))
		for i, inner := range schema {
			rest[i] = withoutDescriptions(inner)
		}
		return rest
	default:
		return schema
	}
}

// Every key has a description, which editors show.
func TestEveryKeyIsDescribed(t *testing.T) {
	t.Parallel()
	var schema any
	if err := json.Unmarshal(scenarios.Schema(), &schema); err != nil {
		t.Fatal(err)
	}
	described := 0
	var look func(part any, path string)
	look = func(part any, path string) {
		object, _ := part.(map[string]any)
		for key, inner := range object {
			at := path + "/" + key
			properties, _ := inner.(map[string]any)
			if key != "properties" && key != "patternProperties" || strings.HasSuffix(path, "/if") {
				look(inner, at)
				continue
			}
			for name, property := range properties {
				if text, _ := property.(map[string]any)["description"].(string); text == "" {
					t.Errorf("%s/%s has no description", at, name)
				}
				described++
				look(property, at+"/"+name)
			}
		}
	}
	look(schema, "")
	if described < 150 {
		t.Errorf("only %d keys", described)
	}
}

func TestFilesMerge(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	one := write("one.yaml", "name: one\nids: {seed: 1}\nauth: {mode: strict, tokens: [{token: a, scopes: []}]}\napplications: [{name: a, id: 575ec8687ae143cd83dc4a98}]")
	two := write("two.yaml", "name: two\nids: {seed: 2}\nauth: {tokens: [{token: b, scopes: []}]}\napplications: [{name: b}]")
	s, err := scenarios.Load("default", one, two)
	if err != nil {
		t.Fatal(err)
	}
	if s.Name != "default+one+two" || *s.IDs.Seed != 2 || s.Auth.Mode != "strict" || len(s.Auth.Tokens) != 2 || len(s.Applications) != 3 || len(s.Auth.Users) != 1 {
		t.Errorf("merged to %+v", s)
	}
	taken := write("taken.yaml", "applications: [{name: x, id: 575ec8687ae143cd83dc4a98}]\nauth: {tokens: [{token: a, scopes: []}]}")
	broken := write("broken.yaml", "titel: x")
	bare := filepath.Join(dir, "bare")
	if err := os.Mkdir(bare, 0o700); err != nil {
		t.Fatal(err)
	}
	_, err = scenarios.Load(one, taken, "nope", filepath.Join(dir, "nope.yaml"), bare, broken)
	var problems scenarios.Problems
	if !errors.As(err, &problems) {
		t.Fatalf("%v", err)
	}
	want := []string{
		taken + `:1:30: applications[0].id: "575ec8687ae143cd83dc4a98" is already at ` + one + ":4:30",
		taken + `:2:25: auth.tokens[0].token: "a" is already at ` + one + ":3:39",
		"nope: no built-in scenario has this name, they are default, empty, every-field, paging, strict-auth; a file needs its path or ending, such as ./nope or nope.yaml",
		dir + "/nope.yaml: no such file or directory",
		bare + ": the folder has no scenario: put a file into it whose name ends in .yaml, .yml or .json",
		broken + ":1:1: titel: is not a known key",
	}
	if diff := cmp.Diff(want, strings.Split(err.Error(), "\n")); diff != "" {
		t.Error(diff)
	}
}

func TestBuiltIns(t *testing.T) {
	t.Parallel()
	if got := scenarios.BuiltIns(); !slices.Equal(got, []string{"default", "empty", "every-field", "paging", "strict-auth"}) {
		t.Errorf("%q", got)
	}
	api, err := contract.At(contract.Newest)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range scenarios.BuiltIns() {
		text, _ := scenarios.BuiltIn(name)
		if !strings.HasPrefix(string(text), "# yaml-language-server: $schema=scenario.schema.json\n") {
			t.Errorf("%s does not point to its schema", name)
		}
		if s, err := scenarios.Load(name); err != nil || s.Name != name {
			t.Errorf("%s: %v", name, err)
		}
	}
	strict, _ := scenarios.Load("strict-auth")
	for _, scope := range api.Scopes() {
		if !slices.ContainsFunc(strict.Auth.Tokens, func(t scenarios.Token) bool {
			return t.Token == scope && slices.Equal(t.Scopes, []string{scope})
		}) {
			t.Errorf("strict-auth has no token of the scope %s", scope)
		}
	}
	paging, _ := scenarios.Load("paging")
	count := len(paging.Applications[0].Webhooks)
	for _, g := range paging.Applications[0].Generate {
		count += g.Count
	}
	if count != 250 {
		t.Errorf("paging has %d webhooks", count)
	}
}

// every-field has a webhook for each value and each limit of the contract.
func TestEveryFieldHasEveryLimit(t *testing.T) {
	t.Parallel()
	api, err := contract.At(contract.Newest)
	if err != nil {
		t.Fatal(err)
	}
	text, _ := scenarios.BuiltIn("every-field")
	var world struct {
		Applications []struct{ Webhooks []map[string]any }
	}
	if err := yaml.Unmarshal(text, &world); err != nil {
		t.Fatal(err)
	}
	has := func(property string, is func(any) bool) bool {
		return slices.ContainsFunc(world.Applications[0].Webhooks, func(w map[string]any) bool { return is(w[property]) })
	}
	var schema struct {
		Properties map[string]struct {
			Type                                   string
			Enum                                   []any
			Minimum, Maximum, MinLength, MaxLength *int
		}
	}
	raw, _ := json.Marshal(api.Schema("webhookPost"))
	if err := json.Unmarshal(raw, &schema); err != nil {
		t.Fatal(err)
	}
	for name, property := range schema.Properties {
		values := slices.Clone(property.Enum)
		if property.Type == "boolean" {
			values = append(values, true, false)
		}
		for _, limit := range []*int{property.Minimum, property.Maximum} {
			if limit != nil {
				values = append(values, *limit)
			}
		}
		for _, value := range values {
			if !has(name, func(v any) bool { return v == value }) {
				t.Errorf("no webhook has %s: %v", name, value)
			}
		}
		for _, length := range []*int{property.MinLength, property.MaxLength} {
			if length != nil && !has(name, func(v any) bool { text, ok := v.(string); return ok && len(text) == *length }) {
				t.Errorf("no webhook has a %s of %d characters", name, *length)
			}
		}
	}
}

// FuzzParse reads files of every kind: a problem has a place and a reason, and
// what is read can be written and read again.
func FuzzParse(f *testing.F) {
	f.Add([]byte(readme))
	for _, c := range refusals {
		if len(c.text) < 10_000 {
			f.Add([]byte(c.text))
		}
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		s, err := scenarios.Parse("f.yaml", text)
		if err != nil {
			var problems scenarios.Problems
			if !errors.As(err, &problems) {
				t.Fatalf("%T %v", err, err)
			}
			for _, p := range problems {
				if p.Reason == "" || p.File == "" {
					t.Fatalf("%+v", p)
				}
			}
			return
		}
		if err := s.Check(); err != nil {
			t.Fatalf("read, and then refused: %v\n%s", err, text)
		}
	})
}
