// Package comparison says where two servers respond to the same requests in different
// ways: a live one, and a stand-in that holds the same.
//
// The requests are those of a suite, which runs on both servers with the same id and
// the same seed. Its Observe function keeps the exchanges.
package comparison

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/decode"
	"github.com/losantmock/losantmock/contract/live"
	"github.com/losantmock/losantmock/contract/report"
	"github.com/losantmock/losantmock/contract/secret"
	"github.com/losantmock/losantmock/contract/suite"
)

// Observed is an exchange that a suite made, with the title of its case.
type Observed struct {
	Title    string
	Exchange *contract.Exchange
}

// Of returns a report of where the responses of a live server differ from those of a
// stand-in to the same run of a suite. Its checks are the operations, those of webhooks
// first, and a case passes where two responses are the same. A difference breaks;
// properties that the contract does not know are news, one finding for each operation.
// Ids, dates and tokens that each server makes for itself are the same when they stand
// for the same thing throughout.
//
// The client is that of the live server.
func Of(client *live.Client, api *contract.API, theirs, mock []Observed) *report.Report {
	c := comparison{
		client: client, api: api,
		comparer: comparer{pairs: map[string]string{}, redactor: secret.NewRedactor()},
		report:   report.New(client.BaseURL(), api),
		unknown:  map[contract.CheckName]map[string]bool{},
	}
	c.report.Against = "a stand-in that holds the same"
	c.report.Checks = nil
	others := map[string][]*contract.Exchange{}
	for _, o := range mock {
		others[o.Title] = append(others[o.Title], o.Exchange)
	}
	for _, o := range theirs {
		var other *contract.Exchange
		if rest := others[o.Title]; len(rest) > 0 {
			other, others[o.Title] = rest[0], rest[1:]
		}
		c.add(o, other)
	}
	c.foldUnknown()
	c.sort()
	c.report.Requests = len(theirs)
	c.report.Scrub(secretsOf(client.Token(), slices.Concat(theirs, mock)))
	return c.report
}

// secretsOf returns what replaces a token, and the secrets in bodies of exchanges.
func secretsOf(token secret.Secret, all []Observed) *secret.Scrubber {
	secrets := secret.NewScrubber(token, suite.NamePrefix)
	for _, o := range all {
		for _, body := range [][]byte{o.Exchange.RequestBody, o.Exchange.Body} {
			if decoded, err := decode.JSON(body); err == nil {
				secrets.Learn(decoded)
			}
		}
	}
	return secrets
}

// comparison is a report of differences under way.
type comparison struct {
	comparer
	client  *live.Client
	api     *contract.API
	report  *report.Report
	unknown map[contract.CheckName]map[string]bool // properties, by operation
}

// otherRequests stands for the operation of requests that lead to none.
const otherRequests = "other requests"

// add compares an exchange with that of the stand-in, which is nil where it has
// received no such request.
func (c *comparison) add(o Observed, other *contract.Exchange) {
	operation := contract.CheckName(otherRequests)
	if op, _ := c.api.OperationAt(o.Exchange.Method, o.Exchange.URL); op != nil {
		operation = contract.CheckName(op.Name)
	}
	differences := []difference{{"", "responded", "received no such request"}}
	if other != nil {
		differences = c.compare(o.Exchange, other)
	}
	unknown := c.unknownProperties(o.Exchange)
	for _, d := range differences {
		if d.b == nothing && unknown[d.field] {
			if c.unknown[operation] == nil {
				c.unknown[operation] = map[string]bool{}
			}
			c.unknown[operation][withoutIndexes(d.field)] = true
			continue
		}
		c.report.Add(contract.Finding{
			Check: operation, Verdict: contract.Breaks, Operation: string(operation), Case: o.Title,
			Field: withoutIndexes(d.field), Message: fmt.Sprintf("live %s, mock %s", d.a, d.b), Curl: c.client.Curl(o.Exchange),
		})
	}
	if len(differences) == 0 {
		c.report.Pass(operation)
	}
}

// unknownProperties returns the places in a response of what the contract does not
// know.
func (c *comparison) unknownProperties(e *contract.Exchange) map[string]bool {
	places := map[string]bool{}
	for _, f := range c.api.Check(e) {
		if _, place, ok := strings.Cut(f.Field, "."); ok && f.Verdict == contract.News {
			places["$."+anyStep.ReplaceAllString(place, "[$1]")] = true
		}
	}
	return places
}

var (
	anyStep  = regexp.MustCompile(`\.(\d+)\b`)
	anyIndex = regexp.MustCompile(`\[\d+\]`)
)

// withoutIndexes returns a place whatever the item of a list.
func withoutIndexes(place string) string { return anyIndex.ReplaceAllString(place, "[]") }

// foldUnknown adds a finding for each operation with properties that the contract
// does not know.
func (c *comparison) foldUnknown() {
	for operation, places := range c.unknown {
		c.report.Add(contract.Finding{
			Check: operation, Verdict: contract.News, Operation: string(operation),
			Message: "has what the contract does not know: " + strings.Join(slices.Sorted(maps.Keys(places)), ", "),
		})
	}
}

// sort orders the operations: those of webhooks, the others, and what is none.
func (c *comparison) sort() {
	place := map[contract.CheckName]int{otherRequests: 2000}
	for i, resource := range c.api.Resources {
		for j, op := range resource.Actions {
			place[contract.CheckName(op.Name)] = 100*i + j
			if !strings.HasPrefix(resource.Name, "webhook") {
				place[contract.CheckName(op.Name)] += 1000
			}
		}
	}
	slices.SortFunc(c.report.Checks, func(a, b report.CheckResult) int { return cmp.Compare(place[a.Name], place[b.Name]) })
}
