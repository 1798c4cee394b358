package main

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/losantmock/losantmock/cmd/lab/size"
	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/decode"
)

// published is a definition of the API, and our API that has to check requests
// as Losant's validator does with that definition.
type published struct {
	name       string
	definition json.RawMessage
	api        *contract.API
	resources  []string // that are compared
}

// clientsVersion is the version of the API that the npm package losant-rest is
// made from.
const clientsVersion = "1.20.1"

// publications returns the definition that losant-rest carries, and our own at
// several versions.
func publications(t *testing.T) []published {
	t.Helper()
	all := []published{{
		name: "losant-rest", definition: clientsDefinition(t), api: mustAPI(t, clientsVersion),
		resources: []string{"application", "applications", "auth", "webhook", "webhooks"},
	}}
	for _, version := range []string{"1.30.0", "1.26.9", "1.5.5"} {
		api := mustAPI(t, version)
		all = append(all, published{
			name: version, definition: api.Definition(), api: api,
			resources: []string{"application", "applications", "auth", "webhook", "webhooks"},
		})
	}
	return all
}

func mustAPI(t *testing.T, version string) *contract.API {
	t.Helper()
	v, err := contract.ParseVersion(version)
	if err != nil {
		t.Fatal(err)
	}
	api, err := contract.At(v)
	if err != nil {
		t.Fatal(err)
	}
	return api
}

// clientsDefinition puts the files of losant-rest together to what GET / returns.
func clientsDefinition(t *testing.T) json.RawMessage {
	t.Helper()
	const folder = "testdata/node/node_modules/losant-rest/lib/schemas"
	files, err := filepath.Glob(folder + "/*.json")
	need(t, "losant-rest (npm ci in cmd/losantmock/testdata/node)", err != nil || len(files) == 0)
	definitions := map[string]json.RawMessage{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		definitions[strings.TrimSuffix(filepath.Base(file), ".json")] = text
	}
	definition, err := json.Marshal(map[string]any{
		"params":      []object{{"name": "losantdomain", "in": "header", "type": "string"}},
		"resources":   definitions["apiInfo"],
		"definitions": definitions,
	})
	if err != nil {
		t.Fatal(err)
	}
	return definition
}

// paramSet is a request as Losant's validator reads it.
type paramSet struct {
	API      string            `json:"api"`
	Resource string            `json:"resource"`
	Action   string            `json:"action"`
	Path     map[string]string `json:"path"`
	Query    map[string]any    `json:"query"` // texts, lists and objects
	Headers  map[string]string `json:"headers"`
	Body     *string           `json:"body"` // JSON; nil for none

	rawQuery string // the same query as it is sent
}

// askBravado returns what Losant's validator reports of each request.
func askBravado(t *testing.T, all []published, requests []paramSet) []string {
	t.Helper()
	needNode(t)
	definitions := map[string]json.RawMessage{}
	for _, p := range all {
		definitions[p.name] = p.definition
	}
	given, err := json.Marshal(map[string]any{"definitions": definitions, "requests": requests})
	if err != nil {
		t.Fatal(err)
	}
	command := exec.CommandContext(t.Context(), "node", "bravado.mjs")
	command.Dir = "testdata/node"
	command.Stdin = bytes.NewReader(given)
	var problem strings.Builder
	command.Stderr = &problem
	out, err := command.Output()
	if err != nil {
		t.Fatalf("%v\n%.2000s", err, problem.String())
	}
	var reports []string
	if err := json.Unmarshal(out, &reports); err != nil || len(reports) != len(requests) {
		t.Fatalf("%d reports of %d requests: %v", len(reports), len(requests), err)
	}
	return reports
}

// ourReport returns what our API reports of a request; blank for one that passes.
func ourReport(t *testing.T, api *contract.API, v paramSet) string {
	t.Helper()
	r := contract.Request{Path: v.Path, Query: decode.ParseQuery(v.rawQuery)}
	r.Token = decode.AccessToken(r.Query, v.Headers["authorization"])
	if v.Body != nil {
		body, err := decode.JSON([]byte(*v.Body))
		if err != nil {
			t.Fatalf("%s: %v", *v.Body, err)
		}
		r.Body = decode.Value{Given: true, Body: body, JSON: *v.Body}
	}
	if violation := api.Operation(v.Resource + "." + v.Action).CheckRequest(&r); violation != nil {
		return violation.Error()
	}
	return ""
}

// reported is what Losant's validator reports of a request, and what ours does.
type reported struct {
	paramSet
	theirs, ours string
}

// compare gives requests to both validators.
func compare(t *testing.T, all []published, requests []paramSet) []reported {
	t.Helper()
	apis := map[string]*contract.API{}
	for _, p := range all {
		apis[p.name] = p.api
	}
	reports := make([]reported, len(requests))
	for i, theirs := range askBravado(t, all, requests) {
		reports[i] = reported{requests[i], theirs, ourReport(t, apis[requests[i].API], requests[i])}
	}
	return reports
}

// TestRequestsAreRefusedAsByLosantsValidator draws requests, gives them to Losant's
// own validator and to ours, and compares which are refused, and in which words.
func TestRequestsAreRefusedAsByLosantsValidator(t *testing.T) {
	size.SkipUnderRace(t)
	t.Parallel()
	all := publications(t)
	compareDrawn(t, all, size.Of(500, 1_000, 20_000))
}

// compareDrawn compares what both validators say of so many requests that are drawn.
func compareDrawn(t *testing.T, all []published, count int) {
	t.Helper()
	const mostShown, mostAtOnce = 10, 500 // a body may have a megabyte
	for seed := range uint64(size.Of(1, 1, 3)) {
		if !size.Fixed() {
			seed = rand.Uint64()
		}
		d := drawer{rand.New(rand.NewPCG(seed, 0))}
		drawn, refused, differences := 0, 0, 0
		for drawn < count {
			var requests []paramSet
			for _, p := range all {
				requests = append(requests, d.requestsTo(t, p, min(count, mostAtOnce)/len(all))...)
			}
			drawn += len(requests)
			for _, r := range compare(t, all, requests) {
				if r.theirs != "" {
					refused++
				}
				if r.ours != r.theirs {
					if differences++; differences <= mostShown {
						t.Errorf("seed %d: %q of\n  %.2000s\nand %q by Losant's validator", seed, r.ours, asJSON(r.paramSet), r.theirs)
					}
				}
			}
		}
		t.Logf("seed %d: of %d requests %d are refused, %d differ", seed, drawn, refused, differences)
		if share := float64(refused) / float64(drawn); share < 0.3 || share > 0.8 {
			t.Errorf("%.0f %% of the requests are refused", 100*share)
		}
	}
}

// TestTheComparisonSeesOneChange changes the definition that Losant's validator has in
// one place: the reports then differ.
func TestTheComparisonSeesOneChange(t *testing.T) {
	t.Parallel()
	api := mustAPI(t, contract.Newest.String())
	const (
		name  = `"name":{"type":"string","minLength":1,"maxLength":255}`
		texts = name + `,"description":{"type":"string","maxLength":32767}`
		code  = `"responseCode":{"type":"integer","minimum":100,"maximum":599}`
	)
	var all []published
	var requests []paramSet
	for what, c := range map[string][2]string{
		"the order of properties": {texts + "," + code, code + "," + texts},
		"one limit":               {name, strings.Replace(name, "255", "254", 1)},
		"one word":                {`"hex"`, `"hexa"`},
	} {
		changed := strings.ReplaceAll(string(api.Definition()), c[0], c[1])
		p := published{name: what, definition: json.RawMessage(changed), api: api, resources: []string{"webhook", "webhooks"}}
		all = append(all, p)
		d := drawer{rand.New(rand.NewPCG(1, 0))}
		requests = append(requests, d.requestsTo(t, p, 300)...)
	}
	differences := map[string]int{}
	for _, r := range compare(t, all, requests) {
		if r.ours != r.theirs {
			differences[r.API]++
		}
	}
	for _, p := range all {
		if differences[p.name] == 0 {
			t.Errorf("no report shows that %s changed", p.name)
		}
	}
}

// TestRequestsOfADefinitionAreRefusedAsByLosantsValidator is the same for every
// operation that the client's definition has, and every schema of a body or a parameter.
func TestRequestsOfADefinitionAreRefusedAsByLosantsValidator(t *testing.T) {
	size.SkipUnderRace(t)
	t.Parallel()
	client := clientsDefinition(t)
	read, err := contract.LoadDefinition("testdata/node/node_modules/losant-rest")
	if err != nil {
		t.Fatal(err)
	}
	p := published{name: "losant-rest", definition: client, api: read.API()}
	for _, resource := range p.api.Resources {
		p.resources = append(p.resources, resource.Name)
	}
	compareDrawn(t, []published{p}, size.Of(400, 800, 34_000))
}
