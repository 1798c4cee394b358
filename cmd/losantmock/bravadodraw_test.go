package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"
)

type object = map[string]any

// requestsTo draws so many requests to the operations that our API has.
//
// What differs on purpose is not drawn: page and perPage, which are texts to
// Losant's validator, hold whole numbers in bounds, and filterField is not blank.
func (d drawer) requestsTo(t *testing.T, p published, count int) []paramSet {
	t.Helper()
	var definition struct {
		Resources map[string]struct {
			Params  []object
			Actions map[string]struct{ Params []object }
		}
		Definitions map[string]object
	}
	if err := json.Unmarshal(p.definition, &definition); err != nil {
		t.Fatal(err)
	}
	requests := make([]paramSet, count)
	for i := range requests {
		resource := p.api.Resource(one(d, p.resources...))
		action := one(d, resource.Actions...)
		theirs, ok := definition.Resources[resource.Name]
		if _, has := theirs.Actions[action.Action]; !ok || !has {
			t.Fatalf("%s has no %s", p.name, action.Name)
		}
		v := paramSet{API: p.name, Resource: resource.Name, Action: action.Action, Path: map[string]string{}, Query: object{}, Headers: map[string]string{}}
		query := queryDrawer{drawer: d, fields: v.Query}
		fields := object{} // of a body in parts
		for _, param := range slices.Concat(theirs.Params, theirs.Actions[action.Action].Params) {
			switch name, _ := param["name"].(string); param["in"] {
			case "path":
				v.Path[name] = d.id()
			case "query":
				if d.chance(0.3) {
					query.draw(name, param, definition.Definitions[refOf(param)])
				}
			case "body":
				v.Body = d.jsonBody(definition.Definitions[refOf(param)])
			case "multipart":
				fields[name] = d.queryText(param)
				if schema := definition.Definitions[refOf(param)]; schema != nil {
					fields[name] = asJSON(d.valueOf(schema))
				}
			}
		}
		if len(fields) > 0 {
			text := asJSON(fields)
			v.Body = &text
		}
		d.token(&v, &query)
		v.rawQuery = strings.Join(query.pairs, "&")
		requests[i] = v
	}
	return requests
}

// refOf returns the name of the definition that a body has.
func refOf(param object) string {
	schema, _ := param["schema"].(object)
	ref, _ := schema["$ref"].(string)
	return strings.TrimPrefix(ref, "#/definitions/")
}

// queryDrawer draws a query both as it is sent and as it is read.
type queryDrawer struct {
	drawer
	fields object
	pairs  []string
}

// add adds a parameter, rarely one that is no text.
func (q *queryDrawer) add(name, text string) {
	pair := func(name string) { q.pairs = append(q.pairs, url.QueryEscape(name)+"="+url.QueryEscape(text)) }
	switch q.IntN(20) {
	case 0:
		pair(name)
		pair(name)
		q.fields[name] = []string{text, text}
	case 1:
		pair(name + "[]")
		q.fields[name] = []string{text}
	case 2:
		pair(name + "[a]")
		q.fields[name] = object{"a": text}
	default:
		pair(name)
		q.fields[name] = text
	}
}

// draw adds a parameter that may have a schema: JSON in a text, or the lists and objects
// of names with brackets.
func (q *queryDrawer) draw(name string, param, schema object) {
	switch {
	case schema == nil && param["type"] == "array":
		q.add(name, one(q.drawer, "a", "a,b", "", ","))
	case schema == nil:
		q.add(name, q.queryText(param))
	case param["type"] == "object":
		q.add(name, one(q.drawer, asJSON(q.valueOf(schema)), asJSON(q.valueOf(schema)), asJSON(q.valueOf(schema)), "", "x", "{", "null", "[1]"))
	default:
		if value := q.nested(name, q.valueOf(schema)); value != nil {
			q.fields[name] = value
		}
	}
}

// nested adds the pairs of a value, and returns what the query parser makes of them;
// nil for nothing. Keys that are an index or blank are left out: what package qs makes of
// an object that has them changes from version to version.
func (q *queryDrawer) nested(name string, value any) any {
	switch value := value.(type) {
	case object:
		read := object{}
		for _, key := range slices.Sorted(maps.Keys(value)) {
			if strings.Trim(key, "0123456789") == "" {
				continue
			}
			if inner := q.nested(name+"["+key+"]", value[key]); inner != nil {
				read[key] = inner
			}
		}
		if len(read) == 0 {
			return nil
		}
		return read
	case []any:
		var read []any
		for i, item := range value[:min(len(value), 20)] {
			if inner := q.nested(fmt.Sprintf("%s[%d]", name, i), item); inner != nil {
				read = append(read, inner)
			}
		}
		if read == nil {
			return nil
		}
		return read
	default:
		text, isText := value.(string)
		if !isText {
			text = asJSON(value)
		}
		q.pairs = append(q.pairs, url.QueryEscape(name)+"="+url.QueryEscape(text))
		return text
	}
}

// queryText draws a text for a parameter of the query.
func (d drawer) queryText(param object) string {
	switch param["name"] {
	case "page":
		return one(d, "0", "1", "007")
	case "perPage":
		return one(d, "1", "100", "1000")
	}
	known, _ := param["enum"].([]any)
	if len(known) > 0 && d.chance(0.8) {
		return one(d, known...).(string)
	}
	switch {
	case param["name"] == "filterField":
		return one(d, "name", "id", " ", "Name")
	case param["minLength"] != nil || param["maxLength"] != nil:
		return d.textOf(param).(string)
	case param["pattern"] != nil:
		return one(d, d.id(), d.id(), "")
	default:
		return one(d, "", "x", "name", "ASC", "desc", "true", "a*b", "\U0001F600")
	}
}

// id draws an id that is most often well formed.
func (d drawer) id() string {
	const id = "575ec8687ae143cd83dc4a97"
	if d.chance(0.9) {
		return one(d, id, strings.ToUpper(id))
	}
	return one(d, "", id[1:], id+"0", id[1:]+"g", id+"\n", "x")
}

// token draws where a token is.
func (d drawer) token(v *paramSet, q *queryDrawer) {
	for _, name := range []string{"access_token", "jwt"} {
		if d.chance(0.1) {
			q.add(name, one(d, "t", ""))
		}
	}
	if d.chance(0.7) {
		v.Headers["authorization"] = one(d, "Bearer t", "bearer t x", "JWT t", "Basic t", "Bearer", "Bearer  t", "")
	}
	if d.chance(0.1) {
		v.Headers["losantdomain"] = one(d, "example.com", "")
	}
}

// jsonBody draws a body, most often an object of the schema's properties.
func (d drawer) jsonBody(schema object) *string {
	if d.chance(0.05) {
		return nil
	}
	text := asJSON(d.valueOf(schema))
	return &text
}

// valueOf draws a value that matches a schema or nearly does.
func (d drawer) valueOf(schema object) any {
	if d.chance(0.04) {
		return d.anything()
	}
	for _, keyword := range []string{"oneOf", "anyOf"} {
		if branches, ok := schema[keyword].([]any); ok && schema["type"] == nil {
			branch, _ := one(d, branches...).(object)
			return d.valueOf(branch)
		}
	}
	if known, ok := schema["enum"].([]any); ok && d.chance(0.9) {
		return one(d, known...)
	}
	kind := schema["type"]
	if kinds, ok := kind.([]any); ok {
		kind = one(d, kinds...)
	}
	switch kind {
	case "object":
		return d.objectOf(schema)
	case "array":
		return d.listOf(schema)
	case "string":
		return d.textOf(schema)
	case "integer", "number":
		return d.numberOf(schema)
	case "boolean":
		return d.chance(0.5)
	case "null":
		return nil
	default:
		return d.anything()
	}
}

func (d drawer) anything() any {
	return one[any](d, nil, true, json.Number("1"), json.Number("1.5"), "", "x", []any{}, []any{"x"}, object{}, object{"length": 1})
}

func (d drawer) objectOf(schema object) any {
	fields := object{}
	properties, _ := schema["properties"].(object)
	needed, _ := schema["required"].([]any)
	for _, name := range slices.Sorted(maps.Keys(properties)) {
		chance := min(0.6, 4/float64(len(properties)))
		if slices.Contains(needed, any(name)) {
			chance = 0.95
		}
		if d.chance(chance) {
			property, _ := properties[name].(object)
			fields[name] = d.valueOf(property)
		}
	}
	patterns, _ := schema["patternProperties"].(object)
	for _, name := range slices.Sorted(maps.Keys(patterns)) {
		property, _ := patterns[name].(object)
		for range d.IntN(3) {
			fields[one(d, "key", "b-2", "a_1", "10", "2", "odd name", "575ec8687ae143cd83dc4a97", "")] = d.valueOf(property)
		}
	}
	if extra, ok := schema["additionalProperties"].(object); ok {
		for range d.IntN(3) {
			fields[one(d, "extra", "9", "odd name", "more")] = d.valueOf(extra)
		}
	}
	if d.chance(0.03) {
		fields[one(d, "bogus", "odd-name", "0", "")] = d.anything()
	}
	return fields
}

func (d drawer) listOf(schema object) any {
	items, _ := schema["items"].(object)
	list := []any{}
	for range d.IntN(4) {
		list = append(list, d.valueOf(items))
	}
	if len(list) > 0 && d.chance(0.1) {
		list = append(list, list[0])
	}
	if most, ok := schema["maxItems"].(float64); ok && d.chance(0.05) {
		const largest = 1 << 20 // of a body; with lists in lists it could take all memory
		if item := d.valueOf(items); int(most)*len(asJSON(item)) < largest {
			for range int(most) + d.IntN(2) - len(list) {
				list = append(list, item)
			}
		}
	}
	return list
}

func (d drawer) textOf(schema object) any {
	least, _ := schema["minLength"].(float64)
	most, limited := schema["maxLength"].(float64)
	switch format := schema["format"]; {
	case format == "date-time":
		return one(d, "2016-06-13T04:00:00.000Z", "2016-06-13t04:00:00z", "2016-06-13 04:00:00+02:00", "2016-13-01T00:00:00Z", "2016-00-99T99:99:99Z", "2016-06-13", "2016-06-13T04:00:00", "now")
	case format == "email" && d.chance(0.9):
		return one(d, "email@example.com", "@", "a@b@c", "a b@c", "a@b\u00a0", "example.com", "", "a@\u200b", "a@\ufeff")
	case schema["pattern"] != nil && d.chance(0.9):
		return one(d, d.id(), "key_1", "key-1", "Key 1", "", "x", "\u00e9", "..", "a.b", "1.20.3", "01.2.3", "{{x}}", "{{\r}}", "Password-1234", "Pass-1\U0001F600\U0001F600\U0001F600", "data:image/png;base64,AA=", strings.Repeat("\U0001F600", 130))
	case limited && d.chance(0.3):
		return d.textOfLength(int(most) + one(d, -1, 0, 1))
	case d.chance(0.3):
		return d.textOfLength(max(0, int(least)+one(d, -1, 0, 1)))
	default:
		return one(d, "x", "My Webhook", "this is the password", "\U0001F600", "a\u0000b", "\u2028")
	}
}

// textOfLength draws a text of so many UTF-16 code units.
func (d drawer) textOfLength(length int) string {
	if d.chance(0.3) {
		return strings.Repeat("\U0001F600", length/2) + strings.Repeat("x", length%2)
	}
	return strings.Repeat(one(d, "x", "\u00e9", "1"), length)
}

func (d drawer) numberOf(schema object) any {
	texts := []string{"200", "2e2", "200.5", "-1", "0", "1e999", "-1e999", "9007199254740993", "1e300", "-0"}
	for _, keyword := range []string{"minimum", "maximum"} {
		if bound, ok := schema[keyword].(float64); ok {
			for _, number := range []float64{bound - 1, bound, bound + 1, bound - 0.5} {
				texts = append(texts, asJSON(number))
			}
		}
	}
	return json.Number(one(d, texts...))
}
