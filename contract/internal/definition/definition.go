// Package definition compares an API's description of itself with the contract's.
package definition

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/decode"
)

// comparing is a description under comparison.
type comparing struct {
	api   *contract.API
	found contract.Findings
}

// Compare holds a description, as JSON decodes it, against that of an API, and returns
// what differs; none where Losant's generator makes the same of both.
func Compare(api *contract.API, theirs map[string]any) contract.Findings {
	decoded, err := decode.JSON(api.Definition())
	if err != nil {
		panic(err) // a test decodes it
	}
	ours, _ := decoded.(map[string]any)
	c := &comparing{api: api}
	for _, part := range []string{"bravado", "basePath", "params", "deprecatedAuthScopes"} {
		c.compare(part, ours[part], theirs[part])
	}
	c.compareVersions(theirs["info"])
	for _, part := range []string{"resources", "definitions", "examples"} {
		known, _ := ours[part].(map[string]any)
		described, _ := theirs[part].(map[string]any)
		for _, name := range slices.Sorted(maps.Keys(known)) {
			switch {
			case described[name] == nil:
				c.breaks(contract.Documented, part+"."+name, "is not described")
			case part == "examples" && reflect.DeepEqual(described[name], known[name]):
			case part == "examples":
				c.checkExample(name, described[name])
			default:
				c.compare(part+"."+name, known[name], described[name])
			}
		}
	}
	known, _ := ours["authGroups"].(map[string]any)
	described, _ := theirs["authGroups"].(map[string]any)
	c.compareGroups(known, described)
	return c.found
}

func (c *comparing) breaks(source contract.Source, field, format string, args ...any) {
	c.found = append(c.found, contract.NewFinding(contract.CheckSelfDescribed, source, field, fmt.Sprintf(format, args...)))
}

func (c *comparing) news(field, format string, args ...any) {
	c.found = append(c.found, contract.Finding{Check: contract.CheckSelfDescribed, Verdict: contract.News, Field: field, Message: fmt.Sprintf(format, args...)})
}

// compareVersions compares which version is described. The real API grows; another
// major version is another API.
func (c *comparing) compareVersions(info any) {
	described, ok := info.(map[string]any)
	got, _ := described["version"].(string)
	want := c.api.Version.String()
	major, _, _ := strings.Cut(want, ".")
	switch {
	case !ok:
		c.breaks(contract.Observed, "info", "is missing, and Losant's generator needs it")
	case got == want:
	case strings.HasPrefix(got, major+"."):
		c.news("info.version", "the API describes its version %s, and the contract is that of %s", got, want)
	default:
		c.breaks(contract.Observed, "info.version", "want %q, got %s", want, contract.Brief(described["version"]))
	}
}

// checkExample checks that an example has its own schema, as far as the contract knows
// the properties.
func (c *comparing) checkExample(name string, example any) {
	schema := c.api.Schema(name)
	fields, ok := example.(map[string]any)
	if !ok {
		c.breaks(contract.Inferred, "examples."+name, "want an object, got %s", contract.Brief(example))
		return
	}
	known := maps.Clone(fields)
	maps.DeleteFunc(known, func(property string, _ any) bool { return !slices.Contains(schema.Properties(), property) })
	for _, v := range schema.CheckAll("examples."+name, known) {
		c.breaks(contract.Inferred, v.Field, "%s", v.What)
	}
}

// compareGroups compares which groups of scopes grant what the contract knows. The
// real groups grant much more.
func (c *comparing) compareGroups(known, theirs map[string]any) {
	scopes := map[string]bool{}
	for _, group := range known {
		for scope := range named(list(group)) {
			scopes[scope] = true
		}
	}
	for _, name := range slices.Sorted(maps.Keys(known)) {
		want, got := named(list(known[name])), named(list(theirs[name]))
		for _, scope := range slices.Sorted(maps.Keys(scopes)) {
			if want[scope] != got[scope] {
				c.breaks(contract.Documented, "authGroups."+name, "%s: want %t, got %t", scope, want[scope] != nil, got[scope] != nil)
			}
		}
	}
}

func list(value any) []any { items, _ := value.([]any); return items }
