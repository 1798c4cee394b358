package contract_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/losantmock/losantmock/contract"
)

// clientFolder is the package of Losant's client, as npm installs it for the tests.
const clientFolder = "../cmd/losantmock/testdata/node/node_modules/losant-rest"

// theClients returns the definition that the client of npm carries.
func theClients(t testing.TB) *contract.Definition {
	t.Helper()
	if _, err := os.Stat(clientFolder); err != nil {
		t.Skip("skipped: losant-rest is missing (npm ci in cmd/losantmock/testdata/node)")
	}
	d, err := contract.LoadDefinition(clientFolder)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestTheClientsDefinition(t *testing.T) {
	t.Parallel()
	d := theClients(t)
	api := d.API()
	if d.Version() != "1.20.1" || api.Version.String() != "1.20.1" {
		t.Errorf("version %q, and %s of our own table", d.Version(), api.Version)
	}
	own, others := 0, 0
	for _, resource := range api.Resources {
		for _, op := range resource.Actions {
			if op.FromDefinition {
				others++
			} else {
				own++
			}
			if op != api.Operation(op.Name) || op.Resource != resource {
				t.Errorf("%s is not found by its name", op.Name)
			}
			for _, r := range op.Responses {
				if s := api.Schema(r.Schema); s == nil && r.Schema != "" {
					t.Errorf("%s: no schema %q", op.Name, r.Schema)
				} else if s != nil {
					s.Check("response", nil) // compiles it
				}
			}
		}
	}
	if own != 11 || own+others != 273 {
		t.Errorf("%d own operations, and %d others", own, others)
	}
	newest, err := d.At(contract.Newest)
	if err != nil || newest == api || len(newest.Schema("webhook").Properties()) <= len(api.Schema("webhook").Properties()) {
		t.Errorf("our own table does not go with the version: %v", err)
	}
	if again, _ := d.At(contract.Newest); again != newest {
		t.Error("an API is made twice")
	}
}

// Both forms of a definition make the same: what the package of the client makes is
// printed, read again, and printed again.
func TestBothFormsMakeTheSame(t *testing.T) {
	t.Parallel()
	first := theClients(t).API()
	second, err := contract.ParseDefinition("GET /", first.Definition())
	if err != nil {
		t.Fatal(err)
	}
	if second.Version() != "1.20.1" || string(second.API().Definition()) != string(first.Definition()) {
		t.Error("the definition changes when it is read again")
	}
	for _, scope := range first.Scopes() {
		for _, resource := range first.Resources {
			for _, op := range resource.Actions {
				if first.Grants([]string{scope}).Allows(op) != second.API().Grants([]string{scope}).Allows(second.API().Operation(op.Name)) {
					t.Errorf("%s: %s is granted in one form alone", scope, op.Name)
				}
			}
		}
	}
}

func TestDefinitionsThatCanNotBeUsed(t *testing.T) {
	t.Parallel()
	const device = `"device":{"path":"/devices/{deviceId}","actions":{"get":{"method":"GET","responses":{"200":{"schema":{"$ref":"#/definitions/device"}}}}}}`
	whole := func(resources, definitions string) string {
		return `{"info":{"version":"1.20.1"},"resources":{` + resources + `},"definitions":{` + definitions + `}}`
	}
	for name, c := range map[string]struct{ given, want string }{
		"nothing":              {"", "is empty: want the response of GET / of the API"},
		"a page":               {"<!DOCTYPE html><html>", "is HTML instead of JSON"},
		"cut off":              {whole(device, `"device":{}`)[:90], "ends in the middle: it was cut off"},
		"a list":               {"[]", "want an object, got a list"},
		"another object":       {`{"a":1}`, `has no member "resources"`},
		"no resources":         {whole("", ""), "the definition has no resources"},
		"a key twice":          {whole(device+","+device, `"device":{}`), "/resources/device: can't be read as JSON: duplicate object member name"},
		"a reference":          {whole(device, ""), `/resources/device/actions/get/responses/200/schema/$ref: there is no schema "device" in the definition`},
		"a reference inside":   {whole(device, `"device":{"properties":{"a":{"$ref":"#/definitions/x"}}}`), `/definitions/device/properties/a/$ref: there is no schema "x" in the definition`},
		"a pattern":            {whole(device, `"device":{"items":{"pattern":"("}}`), `/definitions/device/items/pattern: the pattern "(" can't be read`},
		"a limit":              {whole(device, `"device":{"oneOf":[{"maxLength":[]}]}`), `/definitions/device/oneOf/0/maxLength: want a number as maxLength, got a list`},
		"a schema of no kind":  {whole(device, `"device":5`), "/definitions/device: want a schema, got a number"},
		"a route twice":        {whole(device+`,"other":{"path":"/devices","actions":{"a":{"method":"GET","path":"/{id}"}}}`, `"device":{}`), "/resources/other/actions/a: GET /devices/{} is an operation twice: /resources/device/actions/get has it too"},
		"a method":             {whole(`"a":{"path":"/a","actions":{"a":{"method":"FETCH"}}}`, ""), `/resources/a/actions/a/method: the method "FETCH" is none of GET, POST, PUT, PATCH, DELETE`},
		"a path":               {whole(`"a":{"path":5}`, ""), "/resources/a/path: want a text, got the number 5"},
		"no path":              {whole(`"a":{}`, ""), "/resources/a/path: is missing: want a text"},
		"a path of ours":       {whole(`"webhook":{"path":"/webhooks"}`, ""), `/resources/webhook/path: the path is "/webhooks", want "/applications/{applicationId}/webhooks/{webhookId}", which webhook has in API 1.20.1`},
		"an operation of ours": {whole(`"x":{"path":"/applications","actions":{"list":{"method":"GET"}}}`, ""), "/resources/x/actions/list: applications.get and x.list are one operation: GET /applications"},
		"a status":             {whole(`"a":{"path":"/a","actions":{"a":{"method":"GET","responses":{"ok":{}}}}}`, ""), `/resources/a/actions/a/responses/ok: "ok" is not a status such as 200`},
		"a version":            {`{"info":{"version":"x"},"resources":{` + device + `},"definitions":{"device":{}}}`, `/info/version: API version "x" is not three numbers`},
		"two JSON values":      {whole(device, `"device":{}`) + "{}", "more follows it"},
	} {
		d, err := contract.ParseDefinition("file.json", []byte(c.given))
		if d != nil || err == nil || !strings.HasPrefix(err.Error(), "file.json: ") && name != "no resources" || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v\nwant %s", name, err, c.want)
		}
	}
}

func TestAllProblemsAtOnce(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	for name, text := range map[string]string{
		"apiInfo.json":  `{"a":{"path":"a","actions":{"a":{"method":5,"responses":{"200":{"schema":{"$ref":"#/definitions/b"}}}}}}}`,
		"device.json":   `{"properties":`,
		"webhooks.json": `[]`,
	} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	_, err := contract.LoadDefinition(folder)
	if err == nil {
		t.Fatal("it is accepted")
	}
	want := []string{
		`apiInfo.json: /a/actions/a/method: want a text, got the number 5`,
		`apiInfo.json: /a/actions/a/responses/200/schema/$ref: there is no schema "b" in the definition`,
		`apiInfo.json: /a/path: the path "a" does not begin with a slash`,
		`device.json: /properties: ends in the middle: it was cut off, get it again`,
		`webhooks.json: want a schema, got a list`,
	}
	if got := strings.ReplaceAll(err.Error(), folder+string(filepath.Separator), ""); got != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", got, strings.Join(want, "\n"))
	}
	for path, want := range map[string]string{
		filepath.Join(folder, "none"): "can't be read: no such file or directory",
		t.TempDir():                   "has neither lib/schemas/apiInfo.json nor apiInfo.json",
	} {
		if _, err := contract.LoadDefinition(path); err == nil || !strings.HasPrefix(err.Error(), path) || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

// Only a program fetches a definition.
func TestAURLIsNoPathOfADefinition(t *testing.T) {
	t.Parallel()
	const url = "https://api.losant.com/"
	if _, err := contract.LoadDefinition(url); err == nil || !strings.Contains(err.Error(), url+": is a URL: want a file or a folder") {
		t.Error(err)
	}
}
