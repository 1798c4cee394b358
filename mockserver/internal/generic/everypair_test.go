package generic_test

import (
	"encoding/json"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/losantmock/losantmock/cmd/lab/size"
	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/pairs"
	"github.com/losantmock/losantmock/mockserver"
)

// losantRest is the package of Losant's own client, which has the whole API.
const losantRest = "../../../cmd/losantmock/testdata/node/node_modules/losant-rest"

// Items of every collection keep their schemas, whatever a client sends that the schemas
// of bodies allow: new ones, in a list, changed, and saved and loaded again. They have
// what was sent, and nothing of a published example.
func TestEveryPairKeepsItsSchemas(t *testing.T) {
	t.Parallel()
	for name, path := range map[string]string{"railway": railway, "office": office, "losant-rest": losantRest} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := os.Stat(path); err != nil {
				t.Skip("skipped: losant-rest is missing (npm ci in cmd/losantmock/testdata/node)")
			}
			seed := uint64(1)
			if !size.Fixed() {
				seed = rand.Uint64()
			}
			t.Logf("seed %d", seed)
			w := newWalk(t, path, seed)
			for range size.Of(1, 5, 300) {
				for _, p := range w.table.Pairs {
					w.pair(p)
				}
			}
			w.saved()
			for _, p := range w.table.Pairs {
				if w.creates(p) && len(w.made[p.Name]) == 0 {
					t.Errorf("%s: nothing that was drawn was taken", p.Name)
				}
			}
		})
	}
}

// walk is one server, with what a client has made in it.
type walk struct {
	*testing.T
	drawer
	definition *contract.Definition
	api        *contract.API
	table      *pairs.Table
	srv        *mockserver.TestServer
	made       map[string][]string // the ids of items, by collection
	paths      map[string]string   // of all items, with the collection that each is in
	first      map[string]string   // the id of the first item of each collection, which others are below
}

func newWalk(t *testing.T, path string, seed uint64) *walk {
	definition, err := contract.LoadDefinition(path)
	if err != nil {
		t.Fatal(err)
	}
	api := definition.API()
	w := &walk{T: t, drawer: drawer{Rand: rand.New(rand.NewPCG(seed, 0))}, definition: definition, api: api, table: pairs.Of(api),
		srv: mockserver.Start(t, mockserver.WithLoadedDefinition(definition)), made: map[string][]string{}, paths: map[string]string{}, first: map[string]string{}}
	slices.SortStableFunc(w.table.Pairs, func(a, b *pairs.Pair) int { return len(a.Parents) - len(b.Parents) })
	made := w.ask(http.MethodPost, "/applications", map[string]any{"name": "drawn"}, http.StatusCreated)
	w.first["applications"], _ = made["id"].(string)
	return w
}

func (w *walk) creates(p *pairs.Pair) bool { return p.Create != nil && p.Read.FromDefinition }

// pair makes an item of a pair, lists and changes it.
func (w *walk) pair(p *pairs.Pair) {
	if !p.Read.FromDefinition {
		return
	}
	collection := w.path(p, p.Collection.Path, "")
	if p.Create == nil {
		list := w.ask(http.MethodGet, collection, nil, http.StatusOK)
		items, _ := list["items"].([]any)
		if len(items) > 0 {
			first, _ := items[0].(map[string]any)
			w.first[p.Name], _ = first[p.Key].(string)
		}
		return
	}
	sent := w.body(w.T, pairs.BodySchema(w.api, p.Create))
	before := w.ids(collection, p, sent)
	response := w.ask(http.MethodPost, collection, sent, pairs.ResponseOf(p.Create).Status, http.StatusBadRequest)
	if response["type"] == "Validation" {
		w.refused(p, response)
		return
	}
	after := w.ids(collection, p, sent)
	fresh := slices.DeleteFunc(slices.Clone(after), func(id string) bool { return slices.Contains(before, id) })
	if len(fresh) != 1 {
		w.Fatalf("%s: %d items after a POST, and %d before: %v", p.Name, len(after), len(before), sent)
	}
	id := fresh[0]
	w.made[p.Name] = append(w.made[p.Name], id)
	if len(id) == 24 {
		w.drawer.ids = append(w.drawer.ids, id)
	}
	if w.first[p.Name] == "" {
		w.first[p.Name] = id
	}
	path := w.path(p, p.Item.Path, id)
	w.paths[path] = p.Name
	item := w.ask(http.MethodGet, path, nil, http.StatusOK)
	w.hasNoMore(p, sent, item)
	w.has(p, sent, item)
	w.hides(p, sent, item)
	if p.Change != nil {
		w.change(p, path, item)
	}
}

// refused checks that what a schema allows was refused for a reason that no schema has.
func (w *walk) refused(p *pairs.Pair, response map[string]any) {
	message, _ := response["message"].(string)
	if !slices.ContainsFunc([]string{"is already in use", "must be unique", "has additional properties", "must be date-time format"}, func(reason string) bool { return strings.HasSuffix(message, reason) }) {
		w.Errorf("%s: refused with %q", p.Name, message)
	}
}

// change changes an item, and checks that nothing else is changed.
func (w *walk) change(p *pairs.Pair, path string, before map[string]any) {
	schema := pairs.BodySchema(w.api, p.Change)
	sent := w.body(w.T, schema)
	response := w.ask(http.MethodPatch, path, sent, pairs.ResponseOf(p.Change).Status, http.StatusBadRequest)
	if response["type"] == "Validation" {
		w.refused(p, response)
		return
	}
	after := w.ask(http.MethodGet, path, nil, http.StatusOK)
	w.hides(p, sent, after)
	w.has(p, sent, after)
	for name, value := range before {
		_, isSent := sent[name]
		if !isSent && !pairs.Means(pairs.Changed, name) && !w.becomes(p, sent, name) && !reflect.DeepEqual(after[name], value) {
			w.Errorf("%s: a PATCH of %s changes %s from %v to %v", p.Name, asText(sent), name, value, after[name])
		}
	}
}

// becomes reports whether a property shows something else that was sent.
func (w *walk) becomes(p *pairs.Pair, sent map[string]any, name string) bool {
	for member := range sent {
		if slices.Contains(pairs.Becomes(pairs.PropertiesOf(p.Schema), member), name) {
			return true
		}
	}
	return false
}

// has checks that an item has what was sent, as far as its schema has members for it.
func (w *walk) has(p *pairs.Pair, sent, item map[string]any) {
	text := asText(item)
	leaves(sent, nil, func(path []string, leaf string) {
		if isDrawn(leaf) && isNamed(schemaOf(p.Schema), path) && !strings.Contains(text, leaf) {
			w.Errorf("%s: %v of %s was sent, and is not in %s", p.Name, path, asText(sent), text)
		}
	})
}

// hides checks that no response shows what items can't have.
func (w *walk) hides(p *pairs.Pair, sent, item map[string]any) {
	text := asText(item)
	leaves(sent, nil, func(path []string, leaf string) {
		if isDrawn(leaf) && !isNamed(schemaOf(p.Schema), path) && len(pairs.Becomes(pairs.PropertiesOf(p.Schema), path[0])) == 0 && strings.Contains(text, leaf) {
			w.Errorf("%s: %v of %s is shown in %s", p.Name, path, asText(sent), text)
		}
	})
}

// hasNoMore checks that a new item has nothing beside what was sent, what the server
// knows, and what the schemas say.
func (w *walk) hasNoMore(p *pairs.Pair, sent, item map[string]any) {
	schema := pairs.PropertiesOf(p.Schema)
	for name := range item {
		_, isSent := sent[name]
		own := p.Identifies(name) || name == pairs.Summary || slices.Contains(schema.Required, name) || schema.Schema(name).Get("default").Exists() || item[name] == pairs.InitialOf(schema, name) || item[name] == p.FilteredBy(name) || w.becomes(p, sent, name) ||
			slices.ContainsFunc(p.Parents, func(parent pairs.Step) bool { return parent.Param == name }) ||
			pairs.PropertiesOf(pairs.BodySchema(w.api, p.Create)).Schema(name).Get("default").Exists() ||
			slices.ContainsFunc(pairs.Named(pairs.Mark), func(member string) bool { return pairs.Is(pairs.Mark, member) == name }) ||
			slices.ContainsFunc([]pairs.Meaning{pairs.Created, pairs.Changed, pairs.Secret, pairs.OwnerID, pairs.OwnerType, pairs.Scopes, pairs.Beside}, func(m pairs.Meaning) bool { return pairs.Means(m, name) })
		awaited := (item[name] == "pending" || item[name] == "completed") && strings.Contains(schema.Schema(name).Get("enum").Raw, `"completed"`) // a file, say
		if !isSent && !own && !awaited {
			w.Errorf("%s: a new item has %s %v, which was not sent: %s", p.Name, name, item[name], asText(sent))
		}
	}
}

// ids returns the ids of the items that a collection lists. Where a filter has a default,
// they are those that are like an item which is sent.
func (w *walk) ids(collection string, p *pairs.Pair, sent any) (ids []string) {
	query := url.Values{}
	if pairs.Has(p.List, "perPage") {
		query.Set("perPage", "1000")
	}
	for param, property := range p.Filters() {
		members, _ := sent.(map[string]any)
		if value, isText := members[property].(string); isText && p.FilteredBy(property) != "" {
			query.Set(param, value)
		}
	}
	list := w.ask(http.MethodGet, collection+"?"+query.Encode(), nil, http.StatusOK)
	items, _ := list["items"].([]any)
	for _, one := range items {
		item, _ := one.(map[string]any)
		id, _ := item[p.Key].(string)
		ids = append(ids, id)
	}
	return ids
}

// path returns the path of a pair's collection, or of one of its items, with the ids of the
// things that it leads through.
func (w *walk) path(p *pairs.Pair, path, id string) string {
	for _, parent := range p.Parents {
		path = strings.ReplaceAll(path, "{"+parent.Param+"}", w.first[parent.Pair.Name])
	}
	return strings.ReplaceAll(path, "{"+p.Param+"}", id)
}

// ask sends a request, holds the exchange against the contract, and returns the response
// without what it has beside the properties of a resource.
func (w *walk) ask(method, path string, body any, statuses ...int) map[string]any {
	text := ""
	if body != nil {
		text = asText(body)
	}
	status, raw := w.send(method, path, text, "application/json")
	if !slices.Contains(statuses, status) {
		w.Fatalf("%s %s %s: %d, want %d: %s", method, path, text, status, statuses, raw)
	}
	var fields map[string]any
	if err := json.Unmarshal(raw, &fields); err != nil {
		w.Fatalf("%s %s: %v: %s", method, path, err, raw)
	}
	for _, name := range pairs.Named(pairs.Beside) {
		delete(fields, name)
	}
	return fields
}

// send sends a request. It holds an exchange with the API against the contract.
func (w *walk) send(method, path, body, kind string) (int, []byte) {
	request, err := http.NewRequestWithContext(w.Context(), method, w.srv.URL+path, strings.NewReader(body))
	if err != nil {
		w.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer any")
	if body != "" {
		request.Header.Set("Content-Type", kind)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		w.Fatal(err)
	}
	defer response.Body.Close()
	raw, err := io.ReadAll(response.Body)
	if err != nil {
		w.Fatal(err)
	}
	if strings.HasPrefix(path, "/__") || response.StatusCode == http.StatusBadRequest { // whose reason is checked
		return response.StatusCode, raw
	}
	at, _ := url.Parse(path)
	for _, f := range w.api.Check(&contract.Exchange{Method: method, URL: at, RequestHeader: request.Header, RequestBody: []byte(body), Status: response.StatusCode, Header: response.Header, Body: raw}) {
		if f.Verdict == contract.Breaks && f.Check != contract.CheckOfRequest && !argued(f) {
			w.Errorf("%s %s %s: %d %s\n%s %s %s", method, path, body, response.StatusCode, raw, f.Check, f.Field, f.Message)
		}
	}
	return response.StatusCode, raw
}

// formsOverlap are schemas of several forms of which a value must match one, where what a
// client may send matches more. The lamps of the made-up office document no response.
var formsOverlap = []string{"noteResult", "dataTableRowInsertResult", "flowVersion"}

// argued reports whether a definition itself is to blame for a finding.
func argued(f contract.Finding) bool {
	schema, _, _ := strings.Cut(strings.Replace(f.Field, "flowVersions.items", "flowVersion", 1), ".")
	return strings.Contains(f.Message, "no (or more than one) schemas match") && slices.Contains(formsOverlap, schema) || strings.HasSuffix(f.Message, "is not documented for lamp.get")
}

// saved checks that the present state is a scenario which comes to the same items.
func (w *walk) saved() {
	_, scenario := w.send(http.MethodGet, "/__admin/scenario", "", "")
	other := *w
	other.srv = mockserver.Start(w.T, mockserver.WithLoadedDefinition(w.definition))
	if status, raw := other.send(http.MethodPut, "/__admin/scenario", string(scenario), "application/yaml"); status != http.StatusOK {
		w.Fatalf("%s of %.300s", raw, scenario)
	}
	for path, name := range w.paths {
		want, got := w.ask(http.MethodGet, path, nil, http.StatusOK), other.ask(http.MethodGet, path, nil, http.StatusOK)
		if !reflect.DeepEqual(got, want) {
			w.Errorf("%s: loaded again %s, want %s", name, asText(got), asText(want))
		}
	}
	if _, again := other.send(http.MethodGet, "/__admin/scenario", "", ""); string(again) != string(scenario) {
		w.Errorf("what is loaded is saved as another scenario: %s", firstDifference(string(again), string(scenario)))
	}
}

// firstDifference returns the first line in which a text differs from another, with that.
func firstDifference(a, b string) string {
	others := strings.Split(b, "\n")
	for i, line := range strings.Split(a, "\n") {
		if i >= len(others) || line != others[i] {
			return line + "\nwant " + others[min(i, len(others)-1)]
		}
	}
	return "the end is missing"
}

func asText(value any) string {
	text, _ := json.Marshal(value) // of plain values
	return string(text)
}

func schemaOf(schema *contract.Schema) (tree map[string]any) {
	if schema != nil {
		text, _ := schema.MarshalJSON()
		_ = json.Unmarshal(text, &tree) // which is JSON
	}
	return tree
}

// isNamed reports whether a schema names each member on the way to a value. What has
// several forms, or names none, has any.
func isNamed(tree map[string]any, path []string) bool {
	for items, ok := tree["items"].(map[string]any); ok; items, ok = tree["items"].(map[string]any) {
		tree = items
	}
	properties, _ := tree["properties"].(map[string]any)
	if len(path) == 0 || properties == nil && (tree["type"] != "object" || tree["additionalProperties"] != false) || tree["patternProperties"] != nil {
		return true
	}
	property, known := properties[path[0]].(map[string]any)
	return known && isNamed(property, path[1:])
}
