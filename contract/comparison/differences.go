package comparison

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/decode"
	"github.com/losantmock/losantmock/contract/secret"
)

// difference is a place where two servers respond to the same request in
// different ways.
type difference struct {
	field string // "status", the name of a header field, or a path in the body
	a, b  string // what the two servers have there, without secrets
}

// comparer finds differences. Ids, dates and tokens that each server makes for
// itself are the same when they stand for the same thing throughout.
type comparer struct {
	toMock, toLive map[string]string // ids of one server, by those of the other
	redactor       *secret.Redactor
	differences    []difference // between the exchanges that are being compared
}

func (c *comparer) differ(field, a, b string) {
	c.differences = append(c.differences, difference{field, a, b})
}

// nothing stands for a property that a response lacks.
const nothing = "nothing"

// compare returns the differences between two exchanges of an operation.
func (c *comparer) compare(operation contract.CheckName, a, b *contract.Exchange) []difference {
	c.differences = nil
	c.exchanges(operation, a, b)
	return c.differences
}

// comparedHeaders are the header fields that belong to the API rather than to
// the machines in between.
var comparedHeaders = []string{
	"Content-Type", "Allow", "Vary", "Location", "Retry-After",
	"Access-Control-Allow-Origin", "Access-Control-Allow-Headers", "Access-Control-Allow-Methods", "Access-Control-Max-Age",
}

func (c *comparer) exchanges(operation contract.CheckName, a, b *contract.Exchange) {
	if a.Status != b.Status {
		c.differ("status", strconv.Itoa(a.Status), strconv.Itoa(b.Status))
	}
	for _, name := range comparedHeaders {
		if got, other := a.Header.Get(name), b.Header.Get(name); got != other {
			c.differ(http.CanonicalHeaderKey(name), strconv.Quote(got), strconv.Quote(other))
		}
	}
	decodedA, errA := decode.JSON(a.Body)
	decodedB, errB := decode.JSON(b.Body)
	switch {
	case errA == nil && errB == nil:
		if operation == contract.OperationApplicationsGet {
			decodedA, decodedB = common(decodedA, decodedB)
		}
		c.values("$", "", decodedA, decodedB)
	case (errA == nil) != (errB == nil):
		c.differ("$", contract.Brief(string(a.Body)), contract.Brief(string(b.Body)))
	}
}

// common returns two lists of applications without their counts, and with what both
// have: a token may see more applications than the stand-in holds.
func common(a, b any) (any, any) {
	x, y := listOf(a), listOf(b)
	if x == nil || y == nil {
		return a, b
	}
	for _, list := range []map[string]any{x, y} {
		delete(list, "count")
		delete(list, "totalCount")
	}
	x["items"], y["items"] = itemsIn(x, y), itemsIn(y, x)
	return x, y
}

// listOf returns a list of the API; nil for what is none.
func listOf(value any) map[string]any {
	list, _ := value.(map[string]any)
	if _, ok := list["items"].([]any); !ok {
		return nil
	}
	return maps.Clone(list)
}

// itemsIn returns the items of a list that another has too, by their ids.
func itemsIn(list, other map[string]any) []any {
	id := func(item any) any {
		fields, _ := item.(map[string]any)
		return fields["id"]
	}
	return slices.DeleteFunc(slices.Clone(list["items"].([]any)), func(item any) bool {
		return !slices.ContainsFunc(other["items"].([]any), func(o any) bool { return id(o) == id(item) })
	})
}

func (c *comparer) values(place, name string, a, b any) {
	switch x := a.(type) {
	case map[string]any:
		if y, ok := b.(map[string]any); ok {
			keys := maps.Clone(x)
			maps.Copy(keys, y)
			for _, key := range slices.Sorted(maps.Keys(keys)) {
				c.member(place+"."+key, key, x, y)
			}
			return
		}
	case []any:
		if y, ok := b.([]any); ok && len(x) == len(y) {
			for i := range x {
				c.values(fmt.Sprintf("%s[%d]", place, i), name, x[i], y[i])
			}
			return
		}
	case string:
		if y, ok := b.(string); ok && c.sameText(name, x, y) {
			return
		}
	default:
		if a == b {
			return
		}
	}
	c.differ(place, c.shown(name, a), c.shown(name, b))
}

func (c *comparer) member(place, key string, a, b map[string]any) {
	x, inA := a[key]
	y, inB := b[key]
	switch {
	case !inB:
		c.differ(place, c.shown(key, x), nothing)
	case !inA:
		c.differ(place, nothing, c.shown(key, y))
	case countOfOthers(place, x) && countOfOthers(place, y):
	default:
		c.values(place, key, x, y)
	}
}

// countOfOthers reports whether a value counts what an application has beside webhooks,
// which the stand-in can't hold.
func countOfOthers(place string, value any) bool {
	_, isNumber := value.(float64)
	return isNumber && strings.Contains(place, ".summary.") && !strings.HasSuffix(place, ".webhookCount")
}

// anyDate is an instant as the API writes it.
var anyDate = regexp.MustCompile(contract.DatePattern)

var anyID = regexp.MustCompile(strings.Trim(contract.IDPattern, "^$"))

// sameText compares texts with their ids paired: an id of one server stands
// for an id of the other, always the same one.
func (c *comparer) sameText(name, a, b string) bool {
	if a == b || anyDate.MatchString(a) && anyDate.MatchString(b) || name == "token" && a != "" && b != "" {
		return true
	}
	idsA, idsB := anyID.FindAllString(a, -1), anyID.FindAllString(b, -1)
	if len(idsA) != len(idsB) || anyID.ReplaceAllString(a, "") != anyID.ReplaceAllString(b, "") {
		return false
	}
	for i := range idsA {
		a, b := strings.ToLower(idsA[i]), strings.ToLower(idsB[i])
		if mock, ok := c.toMock[a]; ok && mock != b {
			return false
		}
		if live, ok := c.toLive[b]; ok && live != a {
			return false
		}
		c.toMock[a], c.toLive[b] = b, a
	}
	return true
}

// inStandIn returns a text of a request with the ids that the stand-in has for those of
// the live server.
func (c *comparer) inStandIn(text string) string {
	return anyID.ReplaceAllStringFunc(text, func(id string) string { return cmp.Or(c.toMock[strings.ToLower(id)], id) })
}

// shown returns a value for people, with a placeholder in place of a secret.
func (c *comparer) shown(name string, value any) string {
	kind, hidden := secret.KindOf(name)
	switch text := contract.Brief(value); {
	case value == nil:
		return "null"
	case hidden && value != "":
		return c.redactor.Placeholder(kind, text)
	default:
		return text
	}
}
