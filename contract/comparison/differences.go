package comparison

import (
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strconv"

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
	pairs    map[string]string // ids of a, by what b has in their place
	redactor *secret.Redactor
	found    []difference // in the exchanges that are being compared
}

func (c *comparer) differ(field, a, b string) {
	c.found = append(c.found, difference{field, a, b})
}

// nothing stands for a property that a response lacks.
const nothing = "nothing"

// compare returns the differences between two exchanges.
func (c *comparer) compare(a, b *contract.Exchange) []difference {
	c.found = nil
	c.exchanges(a, b)
	return c.found
}

// comparedHeaders are the header fields that belong to the API rather than to
// the machines in between.
var comparedHeaders = []string{
	"Content-Type", "Allow", "Vary", "Location", "Retry-After",
	"Access-Control-Allow-Origin", "Access-Control-Allow-Headers", "Access-Control-Allow-Methods", "Access-Control-Max-Age",
}

func (c *comparer) exchanges(a, b *contract.Exchange) {
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
		c.values("$", "", decodedA, decodedB)
	case (errA == nil) != (errB == nil):
		c.differ("$", fmt.Sprintf("%.80s", a.Body), fmt.Sprintf("%.80s", b.Body))
	}
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
	default:
		c.values(place, key, x, y)
	}
}

// anyDate is an instant as the API writes it.
var anyDate = regexp.MustCompile(contract.DatePattern)

var anyID = regexp.MustCompile(`[A-Fa-f\d]{24}`)

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
		if paired, ok := c.pairs[idsB[i]]; ok && paired != idsA[i] {
			return false
		}
		c.pairs[idsB[i]] = idsA[i]
	}
	return true
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
