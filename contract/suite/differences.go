package suite

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
	"github.com/losantmock/losantmock/contract/visible"
)

// Observed is an exchange that a [Suite] made, with the title of its case.
type Observed struct {
	Title    string
	Exchange *contract.Exchange
}

// Difference is a place where two servers respond to the same request in
// different ways.
type Difference struct {
	// Case is the title of the suite's case.
	Case string `json:"case"`
	// Request is method and target, as they were sent to the first server.
	Request string `json:"request"`
	// Field is "status", the name of a header field, or a path in the body.
	Field string `json:"field"`
	// A and B are what the two servers have there, without secrets.
	A string `json:"a"`
	B string `json:"b"`
}

// Differences returns the differences between the responses of two servers to
// the same run of a suite, in the order of the run, without secrets. Ids, dates and tokens that
// each server makes for itself are the same when they stand for the same thing
// throughout.
func Differences(a, b []Observed) []Difference {
	secrets := secret.NewScrubber(secret.Secret{})
	for _, o := range slices.Concat(a, b) {
		for _, body := range [][]byte{o.Exchange.RequestBody, o.Exchange.Body} {
			if decoded, err := decode.JSON(body); err == nil {
				secrets.Learn(decoded)
			}
		}
	}
	c := comparer{pairs: map[string]string{}, redactor: secret.NewRedactor()}
	others := map[string][]*contract.Exchange{}
	for _, o := range b {
		others[o.Title] = append(others[o.Title], o.Exchange)
	}
	for _, o := range a {
		c.title, c.request = o.Title, o.Exchange.Method+" "+o.Exchange.URL.String()
		rest := others[o.Title]
		if len(rest) == 0 {
			c.differ("", "responded", "received no such request")
			continue
		}
		c.exchanges(o.Exchange, rest[0])
		others[o.Title] = rest[1:]
	}
	for i := range c.found {
		d := &c.found[i]
		secrets.Scrub(&d.Request, &d.Field, &d.A, &d.B)
		for _, text := range []*string{&d.Request, &d.Field, &d.A, &d.B} {
			*text = visible.Text(*text)
		}
	}
	return c.found
}

type comparer struct {
	title, request string
	pairs          map[string]string // ids of a, by what b has in their place
	redactor       *secret.Redactor
	seen           map[string]bool
	found          []Difference
}

// differ adds a difference, once for each field of a request.
func (c *comparer) differ(field, a, b string) {
	key := c.title + "\x00" + c.request + "\x00" + field
	if c.seen == nil {
		c.seen = map[string]bool{}
	}
	if !c.seen[key] {
		c.seen[key] = true
		c.found = append(c.found, Difference{c.title, c.request, field, a, b})
	}
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
		c.differ(place, c.shown(key, x), "nothing")
	case !inA:
		c.differ(place, "nothing", c.shown(key, y))
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
