package jsonpath

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/losantmock/losantmock/cmd/lab/size"
	"github.com/losantmock/losantmock/contract/decode"
	"github.com/losantmock/losantmock/mockserver/internal/effort"
)

const pathDocument = `{"n":5,"big":9007199254740993,"f":1.50,"s":"abc","z":null,"e":[],"eo":{},"a":[1,2,3],"t":["x","yy"],
	"o":{"p":[{"q":1,"r":"u"},{"q":2}]},"b":true,"x y":1,"a'b":{"c":"d"}}`

// What a path selects, as WireMock's does. A blank is nothing.
func TestPathsSelect(t *testing.T) {
	t.Parallel()
	doc, err := decode.Exact([]byte(pathDocument))
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		"$.n": "5", "n": "5", "@.n": "5", "$.n  ": "5", "$['n']": "5", `$["x y"]`: "1", `$['a\'b'].c`: `"d"`, "$.z": "null", "$.nope": "", "$.n.x": "",
		"$.a[0]": "1", "$.a[-1]": "3", "$.a[5]": "", "$.a[0, 2]": "1 3", "$.a[1:]": "2 3", "$.a[:-1]": "1 2", "$.a[-2:]": "2 3", "$.a[5:]": "", "$.n[0]": "",
		"$.a[*]": "1 2 3", "$.eo.*": "", "$.o.p.q": "", "$.o.p[*].q": "1 2", "$.o.p[0,1].r": `"u"`, "$['n','s']": `{"n":5,"s":"abc"}`, "$['o','s'].p": `[{"q":1,"r":"u"},{"q":2}]`,
		"$..q": "1 2", "$..nope": "", "$..p[0].r": `"u"`, "$..['q','r']": `{"q":1,"r":"u"} {"q":2}`,
		"$.a.length()": "3", "$.o.size()": "1", "$.s.length()": "", "$.nope.length()": "", "$.a.first()": "1", "$.a.last()": "3", "$.a.index(1)": "2", "$.o.keys()": `["p"]`, "$.eo.keys()": "",
		"$.o.p[?(@.q == 1)].r": `"u"`, "$.o.p[?(@.r)].q": "1", "$.o.p[?(!@.r)].q": "2", "$.o.p[?(@.q == $.a[1])].q": "2", "$..[?(@.q > 1)]": `{"q":2}`,
		"$.a[?(@ > 1 && @ < 3)]": "2", "$.a[?(@ == 1 || @ == 3)]": "1 3", "$.a[?(!(@ == 2))]": "1 3", "$.a[?@ == 2]": "2", "$.t[?(@ =~ /y+/)]": `"yy"`,
	} {
		p, err := Parse(path)
		if err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		var found []string
		selected, err := p.Select(doc, effort.NewBudget(t.Context()))
		if err != nil {
			t.Error(err)
		}
		for _, v := range selected {
			text, err := json.Marshal(v)
			if err != nil {
				t.Error(err)
			}
			found = append(found, string(text))
		}
		if got := strings.Join(found, " "); got != want {
			t.Errorf("%s selects %s, want %s", path, got, want)
		}
	}
}

// Filters of the whole document, which select it or nothing.
func TestFilters(t *testing.T) {
	t.Parallel()
	doc, err := decode.Exact([]byte(pathDocument))
	if err != nil {
		t.Fatal(err)
	}
	for expression, want := range map[string]bool{
		"@.n == 5": true, "@.n == 6": false, "@.n == 5.0": true, "@.n == 50e-1": true, "@.n == '5'": true, "5 == @.n": true, "@.n === '5'": false, "@.n !== '5'": true,
		"@.big == 9007199254740993": true, "@.big == 9007199254740992": false, "@.big > 9007199254740992": true, "@.n < 1e999999999": true,
		"@.n != 5": false, "@.nope != 5": true, "@.nope == null": false, "@.z == null": true, "@.z": true, "@.nope": false, "@..nope": false,
		"@.s == 'abc'": true, `@.s == "abc"`: true, "@.s > 'abb'": true, "@.s < 5": false, "@.n > '4'": false,
		"@.s =~ /a.*/": true, "@.s =~ /b/": false, "@.s =~ /A.*/i": true, `@.s =~ /a\/?bc/`: true, "@.t =~ /x/": true, "@.o =~ /.*/": false, "@.n =~ /5/": true,
		"@.s in ['abc','d']": true, "@.n in [4, 5]": true, "@.s nin ['abc']": false, "@.nope nin ['abc']": true, "@.n in $.a": false,
		"@.a contains 2": true, "@.s contains 'b'": true, "@.s contains 'x'": false,
		"@.t subsetof ['x','yy','z']": true, "@.t subsetof ['x']": false, "@.t anyof ['x']": true, "@.t anyof ['z']": false, "@.t noneof ['z']": true, "@.t noneof ['x']": false, "@.a all [1,2]": true, "@.a all [4]": false,
		"@.a size 3": true, "@.s size 3": true, "@.a size 2": false, "@.n size 1": false, "@.e empty true": true, "@.a empty true": false, "@.s empty false": true, "@.eo empty true": true, "@.n empty false": false,
		"@.a.length() == 3": true, "@.a.size() > 3": false, "@.a == [1,2,3.0]": true, "@.eo == {}": true, "@.b == true": true,
		"@.n == 6 || @.b == true": true, "@.n == 6 || @.b == false": false, "(@.n == 5) && !(@.s == 'x')": true, "@['n'] == 5": true, "@.o.p[?(@.q == 2)]": true,
	} {
		p, err := Parse("$[?(" + expression + ")]")
		if err != nil {
			t.Errorf("%s: %v", expression, err)
			continue
		}
		if found, err := p.Select(doc, effort.NewBudget(t.Context())); err != nil || (len(found) == 1) != want {
			t.Errorf("%s selects %v, %v, want %t", expression, found, err, want)
		}
	}
}

func TestPathsThatAreRefused(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]string{
		"":                                "is empty",
		"$.":                              "want a name",
		"$..":                             "want a name",
		" $.n":                            `has " $.n" at byte 2`,
		"$.a b":                           "a name in brackets such as ['two words']",
		"$.a[":                            "want an index",
		"$.a[x]":                          "want an index",
		"$.a[::2]":                        "want an index",
		"$.a[0":                           "want ]",
		"$['a":                            "want a closing quote",
		"$.a.sum()":                       "has the function sum(), want one of first(), keys(), last(), length(), size(), index(n)",
		"$.a.length(2)":                   "has the function length(2)",
		"$[?(@.n == )]":                   "want a path or a value",
		"$[?(@.n == 5]":                   "want )",
		"$[?(5)]":                         "want an operator",
		"$[?(@.s =~ 'a')]":                "want a regular expression",
		"$[?(@.s =~ /a)]":                 "want a regular expression that ends in /",
		"$[?(@.s =~ /(?=a)/)]":            "is no regular expression that can be used here",
		"$[?(@.n type 'x')]":              "want )",
		"$[?(@.a in ['x' 'y'])]":          "want , or ]",
		"$[?(" + strings.Repeat("(", 200): "want fewer parentheses",
		"$[?(" + strings.Repeat("!", 200): "want fewer !",
		"$" + strings.Repeat("..*", 200):  "want fewer parts",
		"$[?(@.a[?(@.b[?(@.c == 1)])])]":  "want fewer filters in filters",
		"$[?(@.n == 5) && @.s] x":         "want the end",
	} {
		if _, err := Parse(path); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.40s is refused with %v, want %s", path, err, want)
		}
	}
}

// A path that selects everything again and again ends, with an error.
func TestHostilePaths(t *testing.T) {
	t.Parallel()
	doc, err := decode.Exact([]byte(strings.Repeat("[", 200) + strings.Repeat("]", 200)))
	if err != nil {
		t.Fatal(err)
	}
	everything := "$" + strings.Repeat("..*", 20)
	for _, text := range []string{everything, "$[?(!" + "@" + everything[1:] + ")]"} {
		p, err := Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		if found, err := p.Select(doc, effort.NewBudget(t.Context())); !errors.Is(err, ErrTooMany) {
			t.Errorf("%s selects %d, %v", text, len(found), err)
		}
	}
}

// A path that looks at the whole document for each of its values ends, in whatever
// part of a filter it does so, and so does one that nobody waits for any more.
func TestAnEvaluationHasOneBudget(t *testing.T) {
	size.SkipUnderRace(t)
	t.Parallel()
	doc, err := decode.Exact([]byte("[" + strings.Repeat(`{"k":[1]},`, 10_000) + `{"k":"a","long":"` + strings.Repeat("a", 100_000) + `"}]`))
	if err != nil {
		t.Fatal(err)
	}
	left, cancel := context.WithCancel(t.Context())
	cancel()
	for _, text := range []string{
		"$..*[?(@.k == $..*[?(@.k)].k)]", "$[?(@.k in $..k)]", "$[?($ == $)]", "$[?($..k subsetof $..k)]", "$[?($..k anyof $..k)]",
		"$[?(@.long =~ /(" + strings.Repeat("(a|aa)*", 30) + "){10}q/)]", "$[?($.length() > 1 && $..*)]",
	} {
		p, err := Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		if found, err := p.Select(doc, effort.NewBudget(t.Context())); !errors.Is(err, effort.ErrSpent) {
			t.Errorf("%.40s selects %d, %v", text, len(found), err)
		}
		if found, err := p.Select(doc, effort.NewBudget(left)); !errors.Is(err, effort.ErrLate) {
			t.Errorf("%.40s selects %d without time, %v", text, len(found), err)
		}
	}
}
