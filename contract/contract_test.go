package contract_test

import (
	"encoding/json"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/losantmock/losantmock/contract"
)

func newest(t testing.TB) *contract.API {
	t.Helper()
	api, err := contract.At(contract.Newest)
	if err != nil {
		t.Fatal(err)
	}
	return api
}

type object = map[string]any

func definition(t testing.TB, api *contract.API) object {
	t.Helper()
	var d object
	if err := json.Unmarshal(api.Definition(), &d); err != nil {
		t.Fatal(err)
	}
	return d
}

// Losant's generator refuses a definition without title, description or
// example, and a reference that leads nowhere.
func TestTheDefinitionIsCompleteAtEveryVersion(t *testing.T) {
	t.Parallel()
	for _, version := range []string{"0.1.0", "1.3.1", "1.17.9", "1.26.9", "1.28.3", "1.30.0"} {
		v, err := contract.ParseVersion(version)
		if err != nil {
			t.Fatal(err)
		}
		api, err := contract.At(v)
		if err != nil {
			t.Fatal(err)
		}
		d := definition(t, api)
		definitions, examples := d["definitions"].(object), d["examples"].(object)
		for name, schema := range definitions {
			schema := schema.(object)
			if schema["title"] == nil || schema["description"] == nil || examples[name] == nil {
				t.Errorf("%s: %s lacks title, description or example", version, name)
			}
			if v := api.Schema(name).Check(name, examples[name]); v != nil {
				t.Errorf("%s: the example of %s breaks it: %v", version, name, v)
			}
			if strings.Contains(toJSON(t, schema), "x-") || strings.Contains(toJSON(t, schema), "$ref") {
				t.Errorf("%s: %s has annotations or references: %s", version, name, toJSON(t, schema))
			}
		}
		references := 0
		walk(d["resources"], func(o object) {
			if ref, ok := o["$ref"].(string); ok {
				references++
				if definitions[strings.TrimPrefix(ref, "#/definitions/")] == nil {
					t.Errorf("%s: %s leads nowhere", version, ref)
				}
			}
		})
		if references == 0 {
			t.Errorf("%s: nothing refers to a definition", version)
		}
	}
}

func walk(value any, visit func(object)) {
	switch value := value.(type) {
	case object:
		visit(value)
		for _, inner := range value {
			walk(inner, visit)
		}
	case []any:
		for _, inner := range value {
			walk(inner, visit)
		}
	}
}

func toJSON(t testing.TB, value any) string {
	t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestTheDefinitionHasTheShapeOfTheAPIsOwn(t *testing.T) {
	t.Parallel()
	text := string(newest(t).Definition())
	for _, part := range []string{
		`{"bravado":"1.0","info":{"title":"Platform API","description":"User API for accessing platform data","version":"1.30.0"},"basePath":"/","params":[{"name":"losantdomain","in":"header","description":"Domain scope of request (rarely needed)","type":"string","example":"example.com"}],"authGroups":{`,
		`"webhooks":{"path":"/applications/{applicationId}/webhooks","params":[{"name":"applicationId","in":"path","description":"ID associated with the application","type":"string","pattern":"^[A-Fa-f\\d]{24}$","required":true,"example":"575ec8687ae143cd83dc4a97"}],"auth":["webhooks.*"],"links":{"application":{"href":"/applications/{applicationId}"}},"actions":{"get":{"method":"GET","summary":"Returns the webhooks for an application","auth":["webhooks.get"],"params":[`,
		`"responses":{"200":{"description":"Collection of webhooks","schema":{"$ref":"#/definitions/webhooks"}},"400":{`,
		`"auth":{"path":"/auth","actions":{"authenticateUser":{"method":"POST","path":"/user",`,
		`"schema":{"$ref":"#/definitions/webhookPost"},"required":true`,
		`"all.Application.read":["application.get","webhook.get","webhooks.get"]`,
	} {
		if !strings.Contains(text, part) {
			t.Errorf("GET / lacks %s", part)
		}
	}
	if keys := topTexts(text); !slices.Equal(keys, []string{"bravado", "1.0", "info", "basePath", "/", "params", "authGroups", "deprecatedAuthScopes", "resources", "definitions", "examples"}) {
		t.Errorf("keys are %q", keys)
	}
}

// topTexts are the keys of an object in their order, and its texts.
func topTexts(text string) []string {
	d := json.NewDecoder(strings.NewReader(text))
	var keys []string
	depth := 0
	for {
		token, err := d.Token()
		if err != nil {
			return keys
		}
		switch token := token.(type) {
		case json.Delim:
			if token == '{' || token == '[' {
				depth++
			} else {
				depth--
			}
		case string:
			if depth == 1 {
				keys = append(keys, token)
			}
		}
	}
}

func TestVersions(t *testing.T) {
	t.Parallel()
	for text, problem := range map[string]string{
		"1.30.0": "", "0.1.0": "", "1.28.3": "",
		"1.30.1": "is not known, use one from 0.1.0 to 1.30.0", "0.0.9": "is not known", "2.0.0": "is not known",
		"": "is not three numbers", "1.30": "is not three numbers", "1.x.0": "is not three numbers", "v1.2.3": "is not three numbers",
		"1.2.3.4": "is not three numbers", "-1.2.3": "is not three numbers", "1.2.99999999999": "is not three numbers",
	} {
		v, err := contract.ParseVersion(text)
		switch {
		case problem == "" && (err != nil || v.String() != text):
			t.Errorf("%s is read as %s, %v", text, v, err)
		case problem != "" && (err == nil || !strings.Contains(err.Error(), problem)):
			t.Errorf("%q: %v, want %s", text, err, problem)
		}
	}
	counts := map[string][]int{ // properties of Webhook, of Webhook Post
		"1.30.0": {18, 12}, "1.28.4": {18, 12}, "1.28.3": {17, 11}, "1.26.9": {17, 11}, "1.26.8": {15, 9},
		"1.24.1": {14, 8}, "1.24.0": {13, 7}, "1.5.5": {13, 7}, "1.5.4": {11, 5}, "1.4.10": {11, 5}, "1.3.1": {10, 4}, "0.1.0": {7, 1},
	}
	for text, want := range counts {
		v, _ := contract.ParseVersion(text)
		api, err := contract.At(v)
		if err != nil {
			t.Fatal(err)
		}
		got := []int{len(api.Schema("webhook").Properties()), len(api.Schema("webhookPost").Properties())}
		if !slices.Equal(got, want) {
			t.Errorf("%s has %v properties, want %v", text, got, want)
		}
		if again, _ := contract.At(v); again != api {
			t.Errorf("%s is compiled twice", text)
		}
	}
}

func TestThePropertiesOfAPostAreThoseOfTheWebhookInItsOrder(t *testing.T) {
	t.Parallel()
	api := newest(t)
	whole := api.Schema("webhook").Properties()
	for _, name := range []string{"webhookPost", "webhookPatch"} {
		part := api.Schema(name).Properties()
		rest := slices.DeleteFunc(slices.Clone(whole), func(p string) bool { return !slices.Contains(part, p) })
		if diff := cmp.Diff(rest, part); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestScopes(t *testing.T) {
	t.Parallel()
	api := newest(t)
	grants := func(scopes ...string) string {
		g := api.Grants(scopes)
		var all []string
		for _, resource := range api.Resources {
			if resource.Wildcard != "" && g.HoldsAll(resource) {
				all = append(all, resource.Name+".*")
			}
			for _, op := range resource.Actions {
				if g.Allows(op) && !op.Public {
					all = append(all, op.Name)
				}
			}
		}
		return strings.Join(all, " ")
	}
	one := "application.* application.delete application.get application.patch webhook.* webhook.delete webhook.get webhook.patch webhooks.* webhooks.get webhooks.post"
	bounded := "application.delete application.get application.patch webhook.delete webhook.get webhook.patch webhooks.get webhooks.post"
	for scopes, want := range map[string]string{
		"": "", "device.get": "", "webhooks.get": "webhooks.get", "webhooks.*": "webhooks.* webhooks.get webhooks.post",
		"webhook.get webhooks.post": "webhook.get webhooks.post",
		"all.Application":           one, "all.Application.bounded": bounded,
		"all.Organization": "applications.* applications.get applications.post " + one,
		"all.User.bounded": "applications.get applications.post " + bounded,
		"all.User.read":    "applications.get application.get webhook.get webhooks.get",
		"all.User.cli":     "applications.get application.get application.patch", "all.Application.cli": "application.get application.patch",
		"only.Organization": "applications.* applications.get applications.post",
	} {
		if got := grants(strings.Fields(scopes)...); got != want {
			t.Errorf("%q grants %s, want %s", scopes, got, want)
		}
	}
	if !(contract.Grants{}).Allows(api.Operation("auth.authenticateUser")) {
		t.Error("logging in needs a token")
	}
	for scope, known := range map[string]bool{
		"webhooks.get": true, "all.User": true, "device.get": true, "flows.*": true, "only.Organization": true,
		"webhooks.gett": false, "all.Userr": false, "webhooks": false, "": false, "all.Application.write": false, "device.": false,
		"application.clone": true, "all.Application.cli": true, "all.Instance.bounded": true, "devces.get": false, "all.Webhook": false, "all.Foo": false, "x.y": false,
	} {
		if api.KnowsScope(scope) != known {
			t.Errorf("%q is known: %t", scope, !known)
		}
	}
	old, _ := contract.At(contract.Version{Major: 1, Minor: 28, Patch: 3})
	if slices.Contains(old.Scopes(), "all.User.bounded") || !slices.Contains(old.Scopes(), "all.User") || old.KnowsScope("all.Instance.bounded") {
		t.Errorf("1.28.3 has the scopes %q", old.Scopes())
	}
}

func TestViolations(t *testing.T) {
	t.Parallel()
	webhook := newest(t).Schema("webhook")
	for _, c := range []struct {
		name  string
		value any
		want  []contract.Violation
	}{
		{"nothing wrong", object{"name": "x", "responseCode": 200.0}, nil},
		{"no object", []any{}, []contract.Violation{{Field: "webhook", What: "is the wrong type", Detail: "object"}}},
		{"a date that is none", object{"creationDate": "yesterday"}, []contract.Violation{{Field: "webhook.creationDate", What: "must be date-time format"}}},
		{"an id that is none", object{"id": "x"}, []contract.Violation{{Field: "webhook.id", What: "pattern mismatch", Detail: contract.IDPattern}}},
		{"infinity", object{"responseCode": math.Inf(1)}, []contract.Violation{{Field: "webhook.responseCode", What: "is more than maximum", Detail: "599"}}},
		{"minus infinity", object{"responseCode": math.Inf(-1)}, []contract.Violation{{Field: "webhook.responseCode", What: "is less than minimum", Detail: "100"}}},
		{"several, in the order of the schema", object{"enabled": 1.0, "castBuffersAs": "x", "name": ""}, []contract.Violation{
			{Field: "webhook.name", What: "has less length than allowed", Detail: "1"},
			{Field: "webhook.castBuffersAs", What: "must be an enum value", Detail: "array, binary, utf8, base64, hex"},
			{Field: "webhook.enabled", What: "is the wrong type", Detail: "boolean"},
		}},
	} {
		got := webhook.CheckAll("webhook", c.value)
		for i := range got {
			got[i].Path = nil
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
	list := newest(t).Schema("webhooks")
	deep := list.Check("webhooks", object{"items": []any{object{}, object{"name": 5.0}}})
	if deep == nil || deep.Error() != "webhooks.items.1.name is the wrong type" || !slices.Equal(deep.Path, []string{"items", "1", "name"}) {
		t.Errorf("deep inside: %v", deep)
	}
}
