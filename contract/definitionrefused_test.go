package contract_test

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/losantmock/losantmock/contract"
)

// defined returns a definition with one resource, whose members are given, and with
// schemas.
func defined(resource, schemas string) string {
	return `{"info":{"version":"1.20.1"},"resources":{"thing":{` + resource + `}},"definitions":{` + schemas + `}}`
}

// action returns the members of a resource at a path with one action.
func action(path, members string) string {
	return `"path":"` + path + `","actions":{"do":{"method":"POST"` + strings.TrimSuffix(","+members, ",") + `}}`
}

const things = "/resources/thing/actions/do"

// Each is refused at its place, in one line.
func TestNamesAndPathsThatCanNotBeServed(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ given, want string }{
		"a resource with a quote":     {strings.Replace(defined(action("/a", ""), ""), `"thing"`, `"a\"b"`, 1), `/resources/a"b: "a\"b" can't be the name of a resource`},
		"a resource without a name":   {strings.Replace(defined(action("/a", ""), ""), `"thing"`, `""`, 1), `/resources/: "" can't be the name of a resource`},
		"a resource of two lines":     {strings.Replace(defined(action("/a", ""), ""), `"thing"`, `"a\nWARN b"`, 1), `/resources/a\nWARN b: "a\nWARN b" can't be the name of a resource`},
		"an action with a dot":        {strings.Replace(defined(action("/a", ""), ""), `"do"`, `"a.b"`, 1), `actions/a.b: "a.b" can't be the name of an action: want letters, digits, _ and -`},
		"an action with a blank":      {strings.Replace(defined(action("/a", ""), ""), `"do"`, `"a b"`, 1), `"a b" can't be the name of an action`},
		"a link with a quote":         {defined(action("/a", "")+`,"links":{"a\"":{"href":"/a"}}`, ""), `/resources/thing/links/a": "a\"" can't be the name of a link`},
		"a link to a quote":           {defined(action("/a", "")+`,"links":{"a":{"href":"/a\""}}`, ""), `/resources/thing/links/a/href: the path "/a\"" can't be routed`},
		"a schema with a line feed":   {defined(action("/a", ""), `"a\nb":{}`), `/definitions/a\nb: "a\nb" can't be the name of a schema`},
		"an event with a line feed":   {defined(action("/a", `"responses":{"200":{"sseEvents":{"a\ndata: b":{}}}}`), ""), `"a\ndata: b" can't be the name of an event`},
		"a scope with a line feed":    {defined(action("/a", `"auth":["a\nb"]`), ""), things + `/auth/0: "a\nb" can't be a scope`},
		"a group with a quote":        {strings.Replace(defined(action("/a", ""), ""), `"info"`, `"authGroups":{"a\"":["b.c"]},"info"`, 1), `/authGroups/a": "a\"" can't be a scope`},
		"a parameter with a blank":    {defined(action("/a", `"params":[{"name":"a b","in":"query"}]`), ""), things + `/params/0/name: "a b" can't be the name of a parameter`},
		"the root":                    {defined(action("/", ""), ""), things + ": the path / can't be that of an operation"},
		"the admin API":               {defined(action("/__admin", ""), ""), things + `: the path "/__admin" can't be reached`},
		"below the admin API":         {defined(action("/__admin/{a}", ""), ""), `the path "/__admin/{a}" can't be reached: what begins with /__admin/ is not part of the API here`},
		"a sandbox":                   {defined(action("/__sandbox/{a}", ""), ""), `the path "/__sandbox/{a}" can't be reached`},
		"a webhook's own URL":         {defined(action("/webhooks/{a}", ""), ""), `the path "/webhooks/{a}" can't be reached`},
		"a blank in a path":           {defined(action("/a b", ""), ""), `/resources/thing/path: the path "/a b" can't be routed: want letters, digits and`},
		"a query in a path":           {defined(action("/a?b", ""), ""), `the path "/a?b" can't be routed`},
		"an umlaut in a path":         {defined(action("/ä", ""), ""), `the path "/ä" can't be routed`},
		"a step up":                   {defined(action("/a/../b", ""), ""), `clients leave out a segment ..`},
		"half a parameter":            {defined(action("/a/{b", ""), ""), `want a parameter such as {deviceId} between two slashes`},
		"a parameter twice in a path": {defined(action("/{a}/{a}", ""), ""), `it has the parameter {a} twice`},
		"a path of an action":         {defined(action("/a", `"path":"/b\tc"`), ""), things + `/path: the path "/a/b\tc" can't be routed`},
		"two slashes in a row":        {defined(action("/a//b", ""), ""), `/resources/thing/path: the path "/a//b" can't be routed: it has a slash behind another, or at its end`},
		"a slash at the end":          {defined(action("/a/", ""), ""), `the path "/a/" can't be routed: it has a slash behind another, or at its end`},
		"a signed status":             {defined(action("/a", `"responses":{"+200":{}}`), ""), things + `/responses/+200: "+200" is not a status such as 200`},
		"a status of four digits":     {defined(action("/a", `"responses":{"0200":{}}`), ""), `"0200" is not a status such as 200`},
		"a response that is a text":   {defined(action("/a", `"responses":{"200":"x"}`), ""), things + `/responses/200: want an object, got the text "x"`},
		"two bodies":                  {defined(action("/a", `"params":[{"name":"a","in":"body"},{"name":"b","in":"body"}]`), ""), things + `: has more than one parameter that is the body`},
		"a body and a form":           {defined(action("/a", `"params":[{"name":"a","in":"body"},{"name":"b","in":"multipart","type":"file"}]`), ""), things + `: has more than one parameter that is the body`},
		"a parameter twice":           {defined(action("/a", `"params":[{"name":"a","in":"query"},{"name":"a","in":"query"}]`), ""), things + `: has the parameter "a" in "query" twice`},
		"a parameter of no path":      {defined(action("/a", `"params":[{"name":"id","in":"path"}]`), ""), things + `: has the parameter "id" in the path, and the path "/a" has no {id}`},
		"no method":                   {defined(`"path":"/a","actions":{"do":{}}`, ""), things + "/method: is missing: want a text"},
	} {
		_, err := contract.ParseDefinition("file.json", []byte(c.given))
		if err == nil || !strings.HasPrefix(err.Error(), "file.json: /") || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v\nwant %s", name, err, c.want)
		}
	}
}

// A reference to nowhere is refused wherever a schema may have one, also where nothing is
// checked.
func TestReferencesToNowhere(t *testing.T) {
	t.Parallel()
	const nowhere = `{"$ref":"#/definitions/nowhere"}`
	for _, place := range []string{"not", "if", "then", "else", "contains", "propertyNames", "additionalItems", "items", "items/0", "additionalProperties", "anyOf/1", "dependencies/a", "patternProperties/a", "not/properties/a"} {
		schema := nowhere
		steps := strings.Split(place, "/")
		for _, step := range slices.Backward(steps) {
			switch step {
			case "0":
				schema = `[` + schema + `]`
			case "1":
				schema = `[{},` + schema + `]`
			default:
				schema = `{"` + step + `":` + schema + `}`
			}
		}
		want := "file.json: /definitions/thing/" + place + `/$ref: there is no schema "nowhere"`
		if _, err := contract.ParseDefinition("file.json", []byte(defined(action("/a", ""), `"thing":`+schema))); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v\nwant %s", place, err, want)
		}
	}
}

// Keywords have the values that JSON Schema allows, in schemas and in the rules of
// parameters.
func TestKeywordsWithValuesThatCanNotBe(t *testing.T) {
	t.Parallel()
	for keyword, want := range map[string]string{
		`"minLength":-1`:                `minLength: want a whole number from 0 as minLength, got -1`,
		`"maxItems":1.5`:                `maxItems: want a whole number from 0 as maxItems, got 1.5`,
		`"items":{"maxProperties":"x"}`: `items/maxProperties: want a number as maxProperties, got "x"`,
		`"minItems":1000000000`:         `minItems: want at most 1048576 as minItems, got 1000000000: the body of a request has no more`,
		`"maximum":"NaN"`:               `maximum: want a number as maximum, got "NaN"`,
		`"minimum":1e999`:               `minimum: want a number as minimum, got "1e999"`,
		`"uniqueItems":1`:               `uniqueItems: want true or false as uniqueItems, got a number`,
		`"format":5`:                    `format: want a text as format, got a number`,
		`"items":{"type":5}`:            `items/type: want the name of a type as type, got a number`,
		`"items":{"type":[]}`:           `items/type: the list is empty: no value matches it`,
		`"enum":[]`:                     `enum: the list is empty: no value matches it`,
		`"items":{"required":[1]}`:      `items/required/0: want the name of a property as required, got a number`,
		`"items":{"oneOf":[]}`:          `items/oneOf: the list is empty`,
		`"items":{"properties":[]}`:     `items/properties: want an object of schemas as properties, got a list`,
		`"items":{"pattern":"[b-a]"}`:   `items/pattern: the pattern "[b-a]" can't be read`,
		`"multipleOf":0`:                `multipleOf: want a number above 0 as multipleOf, got 0`,
		`"exclusiveMaximum":"a"`:        `exclusiveMaximum: want a number as exclusiveMaximum, got "a"`,
		`"items":{"dependencies":[]}`:   `items/dependencies: want an object as dependencies, got a list`,
		`"minLength":-1,"maxLength":-2`: `maxLength: want a whole number from 0`, // all at once: the other is looked for below
	} {
		for place, given := range map[string]string{
			"/definitions/thing/":   defined(action("/a", ""), `"thing":{`+keyword+`}`),
			things + "/params/0/":   defined(action("/a", `"params":[{"name":"a","in":"query",`+keyword+`}]`), ""),
			things + "/responses/2": defined(action("/a", `"responses":{"200":{"schema":{`+keyword+`}}}`), ""),
		} {
			_, err := contract.ParseDefinition("file.json", []byte(given))
			if err == nil || !strings.Contains(err.Error(), "file.json: "+place) || !strings.Contains(err.Error(), want) || strings.Count(err.Error(), "\n") != strings.Count(keyword, "-2") {
				t.Errorf("%s at %s: %v\nwant %s", keyword, place, err, want)
			}
		}
	}
}

// What is not checked is listed.
func TestWhatIsNotCheckedOfADefinition(t *testing.T) {
	t.Parallel()
	d, err := contract.ParseDefinition("file.json", []byte(defined(
		action("/a", `"params":[{"name":"q","in":"query","type":"weird","multipleOf":2,"items":{"$ref":"#/definitions/thing"}},{"name":"c","in":"cookie"}],"responses":{"200":{"schema":{"$ref":"#/definitions/thing"}}}`),
		`"thing":{"properties":{"a":5,"b":true},"items":[{}],"type":["text","null"],"not":{}}`)))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, partial := range d.API().Partial() {
		got = append(got, partial.Operation+": "+partial.Reason)
	}
	want := []string{
		`thing.do: parameter q: the type "weird" is unknown: any value has it`,
		`thing.do: parameter q: the keyword multipleOf is not checked`,
		`thing.do: parameter q: the reference in items is not followed`,
		`thing.do: parameter c: what is in "cookie" is not read`,
		`thing.do: schema thing: want a schema at /definitions/thing/properties/a, got a number, which any value matches`,
		`thing.do: schema thing: items is a list, which is not checked`,
		`thing.do: schema thing: the type "text" is unknown: any value has it`,
		`thing.do: schema thing: the keyword not is not checked`,
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// Long texts and encodings of other kinds have short messages with the remedy.
func TestTheMessageOfABadDefinitionIsShort(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 100_000)
	sound := defined(action("/a", ""), "")
	utf16 := ""
	for _, c := range sound {
		utf16 += string(c) + "\x00"
	}
	for name, c := range map[string]struct{ given, want string }{
		"a long name":          {strings.Replace(sound, `"thing"`, `".`+long+`"`, 1), "can't be the name of a resource"},
		"a long text":          {defined(action("/a", `"auth":["`+long+`!"]`), ""), "can't be a scope"},
		"a long pattern":       {defined(action("/a", ""), `"a":{"pattern":"(`+long+`"}`), "can't be read"},
		"a long reference":     {defined(action("/a", ""), `"a":{"$ref":"`+long+`"}`), "can't be followed"},
		"a long status":        {defined(action("/a", `"responses":{"`+long+`":{}}`), ""), "is not a status such as 200"},
		"a long key":           {defined(action("/a", `"`+long+`":{"a":1,"a":2}`), ""), "can't be read as JSON"},
		"a long version":       {strings.Replace(sound, "1.20.1", long, 1), "is not three numbers"},
		"a byte order mark":    {"\ufeff" + sound, "file.json: begins with a byte order mark: save it as UTF-8 without one"},
		"UTF-16 with a mark":   {"\xff\xfe" + utf16, "file.json: is UTF-16: save it as UTF-8"},
		"UTF-16 without one":   {utf16, "file.json: is UTF-16: save it as UTF-8"},
		"UTF-16 the other way": {"\x00" + utf16, "file.json: is UTF-16: save it as UTF-8"},
		"text behind the end":  {sound + "x", "file.json: want one JSON value, and at byte"},
		"Latin-1":              {strings.Replace(sound, "1.20.1", "\xe4", 1), "can't be read as JSON: invalid UTF-8"},
	} {
		_, err := contract.ParseDefinition("file.json", []byte(c.given))
		if err == nil || !strings.Contains(err.Error(), c.want) || len(err.Error()) > 1200 {
			t.Errorf("%s: %.1500v\nwant %s", name, err, c.want)
		}
	}
}

// A file that was cut off anywhere is refused, and one that has all of the object is not.
func TestADefinitionCutOffAtEachByte(t *testing.T) {
	t.Parallel()
	whole := defined(action("/a/{id}", `"params":[{"name":"id","in":"path","required":true}],"responses":{"200":{"schema":{"$ref":"#/definitions/a"}}}`), `"a":{"properties":{"b":{"type":"string","maxLength":5}}}`)
	for size := range len(whole) {
		_, err := contract.ParseDefinition("file.json", []byte(whole[:size]))
		want := "ends in the middle: it was cut off, get it again"
		if size == 0 {
			want = "is empty"
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%d bytes, %.30q: %v", size, whole[max(0, size-30):size], err)
		}
	}
	if _, err := contract.ParseDefinition("file.json", []byte(whole)); err != nil {
		t.Error(err)
	}
}

// What is too large is refused without being read, and what is missing with its name.
func TestDefinitionsThatAreNotRead(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	large, schemas := filepath.Join(folder, "large.json"), filepath.Join(folder, "schemas")
	if err := os.WriteFile(large, []byte(`{"resources":`), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(large, 200<<20); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(schemas, "folder.json"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(schemas, "apiInfo.json"), []byte(`{}`), 0o600); err != nil {
		t.Fatal(err)
	}
	var before, after runtime.MemStats
	for path, want := range map[string]string{
		large:                         ": the definition has more than 64 MiB, which no definition of this API has",
		schemas:                       "/folder.json: is a folder, a pipe or a device",
		filepath.Join(folder, "none"): ": can't be read: no such file or directory",
	} {
		runtime.ReadMemStats(&before)
		_, err := contract.LoadDefinition(path)
		runtime.ReadMemStats(&after)
		if err == nil || !strings.HasPrefix(err.Error(), path+want) || strings.Contains(err.Error(), "no resources") {
			t.Errorf("%v, want %s%s", err, path, want)
		}
	}
	if grown := after.Sys - before.Sys; grown > 32<<20 {
		t.Errorf("reading took %d MB", grown>>20)
	}
}

// A definition that is newer than this package's table adds to the newest one, and says
// its own version.
func TestADefinitionThatIsNewerThanTheTable(t *testing.T) {
	t.Parallel()
	newer := contract.Version{Major: contract.Newest.Major + 1}
	given := strings.Replace(defined(action("/a", ""), `"webhook":{"properties":{"brandNew":{"type":"string"}}}`), "1.20.1", newer.String(), 1)
	d, err := contract.ParseDefinition("file.json", []byte(given))
	if err != nil {
		t.Fatal(err)
	}
	api := d.API()
	if d.Version() != newer.String() || api.Version != contract.Newest || !strings.Contains(string(api.Definition()), fmt.Sprintf(`"version":%q`, newer)) {
		t.Errorf("version %s at %s: %.200s", d.Version(), api.Version, api.Definition())
	}
	if api.Operation("thing.do") == nil || !slices.Contains(api.Schema("webhook").Properties(), "brandNew") {
		t.Errorf("it lacks what is new: %v", api.Schema("webhook").Properties())
	}
	older, err := d.At(contract.Oldest)
	if err != nil || slices.Contains(older.Schema("webhook").Properties(), "brandNew") {
		t.Errorf("an older version has what is new: %v", err)
	}
}
