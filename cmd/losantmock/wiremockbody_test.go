package main

import (
	"encoding/base64"
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// content draws a matcher of the request's body.
func (d drawer) content(w drawnRequest) map[string]any {
	if w.json == nil {
		if d.chance(0.1) {
			return map[string]any{"binaryEqualTo": base64.StdEncoding.EncodeToString([]byte(d.nearly(w.Body)))}
		}
		return d.text(w.Body, true, 2)
	}
	switch d.IntN(10) {
	case 0:
		return d.text(w.Body, true, 2)
	case 1, 2, 3:
		return d.equalJSON(w.json)
	case 4:
		return d.schema()
	case 5:
		return map[string]any{"not": map[string]any{"matchesJsonPath": d.path()}}
	case 6, 7:
		return map[string]any{"matchesJsonPath": d.path()}
	default:
		return d.valueAtPath(w.json)
	}
}

// equalJSON draws the JSON of a document, with a change or two.
func (d drawer) equalJSON(doc map[string]any) map[string]any {
	m := map[string]any{}
	if d.chance(0.5) {
		m["ignoreArrayOrder"] = d.chance(0.7)
	}
	if d.chance(0.5) {
		m["ignoreExtraElements"] = d.chance(0.7)
	}
	want := d.changed(doc)
	if d.chance(0.2) {
		want = asJSON(want)
	}
	m["equalToJson"] = want
	return m
}

// changed returns a value in which some things are otherwise.
func (d drawer) changed(value any) any {
	if _, isObject := value.(map[string]any); !isObject && d.chance(0.06) {
		return one[any](d, "${json-unit.any-string}", "${json-unit.any-number}", "${json-unit.any-boolean}", "${json-unit.ignore}", "${json-unit.ignore-element}", "#{json-unit.ignore}", "${json-unit.regex}[a-z]+")
	}
	switch value := value.(type) {
	case map[string]any:
		out := map[string]any{}
		for _, name := range slices.Sorted(maps.Keys(value)) {
			if d.chance(0.98) {
				out[name] = d.changed(value[name])
			}
		}
		if d.chance(0.05) {
			out["new"] = one[any](d, 1, "${json-unit.ignore-element}")
		}
		return out
	case []any:
		out := []any{}
		for _, v := range value {
			if d.chance(0.98) {
				out = append(out, d.changed(v))
			}
		}
		if d.chance(0.2) {
			d.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
		}
		return out
	case json.Number:
		switch {
		case d.chance(0.3) && !strings.ContainsAny(string(value), ".e"):
			return value + one[json.Number](d, ".0", ".000", "e0", "E+0")
		case d.chance(0.04):
			return one[any](d, json.Number("7"), string(value))
		}
		return value
	default:
		if d.chance(0.04) {
			return one[any](d, nil, "other", true)
		}
		return value
	}
}

// path draws a path of a document.
func (d drawer) path() string {
	number := one(d, "1", "2", "1.0", "1.5", "200", "9007199254740993", "9007199254740992", "2e2")
	text := one(d, "'x'", "'door'", "'Door opened'", "'10'", `"a"`)
	operator := one(d, "==", "!=", "<", "<=", ">", ">=")
	condition := one(d,
		"@.n "+operator+" "+number, "@.n == "+number, "@.s == "+text, "@.s != "+text, "@.b == true", "@.z == null", "@.nope == null", "@.n", "@.o.p", "!@.n",
		"@.s =~ /[a-z]+/", "@.s =~ /DOOR.*/i", "@.n in [1, 2, 200]", "@.s in ["+text+",'a']", "@.s nin ["+text+"]", "@.a contains 'x'", "@.s contains 'o'",
		"@.a.length() == 2", "@.a.size() >= 1", "@.a size 2", "@.a empty false", "@.o.p.length() > 1", "@.a subsetof ['x','yy',1,true]", "@.a anyof ['x']", "@.a noneof ['yy']",
		"@.o.s == 'door'", "@['n'] == "+number, number+" == @.n", "@.n == $.n", "@.o.p empty true")
	if d.chance(0.2) {
		condition = "(" + condition + " && @.b == true) || " + one(d, "@.s == "+text, "@.n > 1")
	}
	item := one(d, "@.q "+operator+" "+number, "@.r", "@.r == 'u'", "!@.r", "@.r =~ /[uv]/", "@.r in ['u']", "@.q == $.n")
	return one(d,
		"$.n", "$.s", "$.z", "$.e", "$.nope", "$", "$.a", "$.a[0]", "$.a[-1]", "$.a[1:]", "$.a[:2]", "$.a[0,2]", "$.a[*]", "$.o.p", "$.o.p[*].r", "$.o.p[0].q", "$.o.s", "$['s']", "$['x y']",
		"$['n','s']", "$..r", "$..q", "$..p[0]", "$.*", "$..*", "$.o.*", "$.a.length()", "$.a.size()", "$.nope.length()", "$.o.keys()", "$.o.p.length()", "n", "o.s",
		"$["+"?("+condition+")]", "$["+"?("+condition+")]", "$[?("+condition+")]", "$.[?("+condition+")]", "$.o.p[?("+item+")]", "$.o.p[?("+item+")]", "$.o.p[?("+item+")].q", "$..[?("+item+")]",
		"$.a[?(@ == 'x')]", "$.a[?(@ == 1)]", "$.a[?(@ =~ /y+/)]")
}

// valueAtPath draws a path with a matcher for what it selects.
func (d drawer) valueAtPath(doc map[string]any) map[string]any {
	inner := map[string]any{}
	switch d.IntN(6) {
	case 0:
		inner = d.text(one(d, "door", "a", "hall"), true, 1)
		inner["expression"] = one(d, "$.o.s", "$.s", "$.nope")
	case 1:
		inner = d.equalJSON(map[string]any{"v": doc["o"]})
		if o, ok := inner["equalToJson"].(map[string]any); ok {
			inner["equalToJson"] = asJSON(o["v"])
		} else {
			inner["equalToJson"] = "{}"
		}
		inner["expression"] = "$.o"
	case 2:
		inner["equalToJson"] = one(d, `["x"]`, `[1]`, `["x",1]`, `["u"]`, `"x"`)
		inner["expression"] = one(d, "$.a", "$..r", "$.o.p[*].r", "$.a[0]", "$.a[*]")
	case 3:
		inner[one(d, "equalTo", "contains")] = one(d, "x", "yy", "u", "v", "true")
		inner["expression"] = one(d, "$.a", "$..r", "$.o.p[*].r", "$.a[0]", "$.a[*]", "$.b", "$.o.p[?(@.q > 1)].r")
	case 4:
		inner["equalTo"] = one(d, "1", "2", "200", "-3")
		inner["expression"] = one(d, "$.a.length()", "$.n", "$.o.p.size()")
	default:
		inner["absent"] = true
		inner["expression"] = one(d, "$.nope", "$.n", "$.z", "$.a", "$..r", "$.o.p[?(@.q > 1)]")
	}
	if inner["equalTo"] == "200" || inner["equalTo"] == "1" {
		inner["expression"] = "$.a.length()" // numbers are matched as they are written: a listed difference
	}
	return map[string]any{"matchesJsonPath": inner}
}

// schema draws a schema for a document.
func (d drawer) schema() map[string]any {
	properties := map[string]any{
		"n": map[string]any{one(d, "minimum", "maximum", "exclusiveMaximum"): one(d, 0, 1, 200)},
		"s": map[string]any{"type": one(d, "string", "string", "number"), "maxLength": one(d, 3, 50)},
		"b": map[string]any{"const": d.chance(0.8)},
		"a": map[string]any{"type": "array", "maxItems": one(d, 1, 5), "uniqueItems": d.chance(0.3)},
		"z": map[string]any{"type": one(d, "null", "string")},
		"o": map[string]any{"type": "object", "required": []any{one(d, "p", "p", "nope")}},
	}
	schema := map[string]any{"type": one(d, "object", "object", "object", "array"), "properties": map[string]any{}}
	for _, name := range slices.Sorted(maps.Keys(properties)) {
		if d.chance(0.4) {
			schema["properties"].(map[string]any)[name] = properties[name]
		}
	}
	if d.chance(0.3) {
		schema["required"] = []any{one(d, "n", "s")}
	}
	m := map[string]any{"matchesJsonSchema": schema}
	if d.chance(0.3) {
		m["matchesJsonSchema"] = asJSON(schema)
	}
	if d.chance(0.5) {
		m["schemaVersion"] = one(d, "V6", "V7", "V201909", "V202012")
	}
	return m
}

// part draws a pattern of a part of a multipart body.
func (d drawer) part(w drawnRequest) map[string]any {
	part := drawnPart{"info", "door"}
	if len(w.parts) > 0 {
		part = one(d, w.parts...)
	}
	m := map[string]any{}
	if d.chance(0.5) {
		m["matchingType"] = one(d, "ANY", "ALL")
	}
	if d.chance(0.6) {
		m["headers"] = map[string]any{"Content-Disposition": map[string]any{"contains": `name="` + one(d, part.name, part.name, "nope") + `"`}}
	}
	if d.chance(0.7) || len(m) == 0 {
		m["bodyPatterns"] = []any{d.text(part.content, len(w.parts) < 2, 1)}
	}
	return m
}
