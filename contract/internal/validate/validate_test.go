package validate_test

import (
	"encoding/json"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/losantmock/losantmock/contract/internal/validate"
)

// member is a key with its value.
type member struct {
	key   string
	value any
}

// object is an object with its keys in order.
type object []member

func (o object) Get(key string) any {
	if i := slices.IndexFunc(o, func(m member) bool { return m.key == key }); i >= 0 {
		return o[i].value
	}
	return nil
}

func (o object) Keys() []string {
	var keys []string
	for _, m := range o {
		keys = append(keys, m.key)
	}
	return keys
}

type (
	fields = map[string]any
	list   = []any
)

func number(text string) json.Number { return json.Number(text) }

func typed(name string) object { return object{{"type", name}} }

func TestTheFirstFailureIsThatOfTheFramework(t *testing.T) {
	t.Parallel()
	astral := strings.Repeat("\U0001F600", 2)
	for _, c := range []struct {
		name   string
		schema object
		value  any
		want   string
	}{
		{"a list of types allows any of them", object{{"type", list{"string", "null"}}}, nil, ""},
		{"another type", object{{"type", list{"string", "null"}}}, 1.0, "v is the wrong type"},
		{"a number is finite", typed("number"), math.Inf(1), "v is the wrong type"},
		{"an infinite number is whole", object{{"type", "integer"}, {"maximum", number("9")}}, math.Inf(1), "v is more than maximum"},
		{"a fraction is not", typed("integer"), 1.5, "v is the wrong type"},
		{"an email has an at sign", object{{"format", "email"}}, "@", ""},
		{"and no space", object{{"format", "email"}}, "a@b\u00a0c", "v must be email format"},
		{"an email is read whatever its length", object{{"format", "email"}, {"maxLength", number("2")}}, "xyz", "v must be email format"},
		{"a date of a day that there is not", object{{"format", "date-time"}}, "2016-02-99 99:99:99z", ""},
		{"a date of a month that there is not", object{{"format", "date-time"}}, "2016-13-01T00:00:00Z", "v must be date-time format"},
		{"a date without a zone", object{{"format", "date-time"}}, "2016-12-01T00:00:00", "v must be date-time format"},
		{"a URI is a scheme", object{{"format", "uri"}}, "a:", ""},
		{"without a space", object{{"format", "uri"}}, "a: b", "v must be uri format"},
		{"an unknown format is none", object{{"format", "ipv9"}}, "x", ""},
		{"a missing property comes first", object{{"required", list{"b", "a"}}, {"additionalProperties", false}}, fields{"c": 1.0}, "v.b is required"},
		{"a missing property with an odd name", object{{"required", list{"odd-name"}}}, fields{}, `v["odd-name"] is required`},
		{"an additional property comes before the others", object{{"additionalProperties", false}, {"properties", object{{"a", typed("string")}}}}, fields{"a": 1.0, "b": 1.0}, "v has additional properties"},
		{"additional properties of a schema", object{{"additionalProperties", typed("string")}}, fields{"a": 1.0}, "v.a is the wrong type"},
		{"properties in the order of the schema", object{{"properties", object{{"b", typed("string")}, {"a", typed("string")}}}}, fields{"a": 1.0, "b": 1.0}, "v.b is the wrong type"},
		{"properties by a pattern", object{{"patternProperties", object{{"^a", typed("string")}}}}, fields{"b": 1.0, "ab": 1.0}, "v.ab is the wrong type"},
		{"items come before their number", object{{"items", typed("string")}, {"maxItems", number("1")}}, list{"a", 1.0}, "v.1 is the wrong type"},
		{"too many items", object{{"items", typed("string")}, {"maxItems", number("1")}}, list{"a", "b"}, "v has more items than allowed"},
		{"too few items", object{{"minItems", number("1")}}, list{}, "v has less items than allowed"},
		{"items that are unique", object{{"uniqueItems", true}}, list{1.0, "1", true, nil, fields{}}, ""},
		{"items that are not", object{{"uniqueItems", true}, {"items", typed("number")}}, list{"a", "a"}, "v must be unique"},
		{"a text equals the JSON of an object", object{{"uniqueItems", true}}, list{fields{}, "{}"}, "v must be unique"},
		{"an infinite number equals itself", object{{"uniqueItems", true}}, list{math.Inf(1), math.Inf(1)}, "v must be unique"},
		{"an infinite number in an object is null", object{{"uniqueItems", true}}, list{fields{"a": math.Inf(1)}, fields{"a": nil}}, "v must be unique"},
		{"and in a list", object{{"uniqueItems", true}}, list{list{math.Inf(-1)}, "[null]"}, "v must be unique"},
		{"zeros are equal, with a sign or without", object{{"uniqueItems", true}}, list{list{0.0}, list{math.Copysign(0, -1)}}, "v must be unique"},
		{"angle brackets are not escaped", object{{"uniqueItems", true}}, list{list{"<"}, `["<"]`}, "v must be unique"},
		{"only so many items are compared", object{{"uniqueItems", true}, {"maxItems", number("1")}}, list{1.0, 1.0}, "v has more items than allowed"},
		{"a value of an enum", object{{"enum", list{"a", true, nil, number("1")}}}, 1.0, ""},
		{"a value of none", object{{"enum", list{"a"}}}, list{"a"}, "v must be an enum value"},
		{"no pattern for a text that is too long", object{{"pattern", "^a*$"}, {"maxLength", number("1")}}, "bb", "v has longer length than allowed"},
		{"a pattern", object{{"pattern", "^a*$"}, {"maxLength", number("1")}}, "b", "v pattern mismatch"},
		{"lengths count UTF-16", object{{"maxLength", number("3")}}, astral, "v has longer length than allowed"},
		{"a length that is allowed", object{{"minLength", number("4")}}, astral, ""},
		{"all of several", object{{"allOf", list{typed("string"), object{{"minLength", number("1")}}}}}, "", "v has less length than allowed"},
		{"any of several", object{{"anyOf", list{typed("string"), typed("null")}}}, 1.0, "v no schemas match"},
		{"one of several", object{{"oneOf", list{typed("string"), typed("null")}}}, nil, ""},
		{"none of several", object{{"oneOf", list{typed("string"), typed("null")}}}, 1.0, "v no (or more than one) schemas match"},
		{"two of several", object{{"oneOf", list{typed("number"), typed("integer")}}}, 1.0, "v no (or more than one) schemas match"},
		{"too many properties", object{{"maxProperties", number("0")}}, fields{"a": 1.0}, "v has more properties than allowed"},
		{"too few properties", object{{"minProperties", number("1")}}, fields{}, "v has less properties than allowed"},
		{"a list of an enum", object{{"enum", list{list{number("1")}}}}, list{1.0}, ""},
		{"a text that looks like a list of an enum", object{{"enum", list{list{number("1")}}}}, "[1]", "v must be an enum value"},
		{"null beside its text", object{{"enum", list{nil}}}, "null", "v must be an enum value"},
		{"a limit that is a text", object{{"maxItems", "1"}}, list{1.0, 1.0}, "v has more items than allowed"},
		{"a type that is not known", typed("Number"), "x", ""},
		{"a list in place of a schema", object{{"anyOf", list{list{}}}}, 1.0, ""},
		{"a text in place of a schema", object{{"properties", object{{"a", "text"}}}}, fields{"a": 1.0}, ""},
		{"a keyword that is not read", object{{"not", object{}}}, 1.0, ""},
		{"a reference that is not resolved", object{{"$ref", "#/definitions/x"}}, 1.0, ""},
	} {
		s, err := validate.Compile(c.schema)
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		got := ""
		if found := s.Check("v", c.value); len(found) > 0 {
			got = found[0].Field + " " + found[0].What
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestPatternsThatCanNotBeRead(t *testing.T) {
	t.Parallel()
	for name, schema := range map[string]object{
		"a malformed pattern": {{"pattern", "("}},
		"a malformed name":    {{"patternProperties", object{{"(", object{}}}}},
		"one inside":          {{"oneOf", list{object{{"pattern", "("}}}}},
	} {
		if _, err := validate.Compile(schema); err == nil {
			t.Errorf("%s is accepted", name)
		}
	}
}
