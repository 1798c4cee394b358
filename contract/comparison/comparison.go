// Package comparison says where two servers respond to the same requests in different
// ways: a live one, and a stand-in that holds the same.
//
// The requests are those of a suite on the live server. Each one is sent to the
// stand-in as soon as the live server has responded:
//
//	c := comparison.New(ctx, client, standIn, contract.AtNewest())
//	run := suite.Suite{Client: client, ApplicationID: id, Observe: c.Observe}
//	result := c.Report(run.Run(ctx))
package comparison

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"net/http"
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

// Comparison compares the responses of two servers. It is not safe for concurrent use.
type Comparison struct {
	comparer
	ctx           context.Context
	live, standIn *live.Client
	api           *contract.API
	found         *report.Report
	secrets       *secret.Scrubber
	unknown       map[contract.CheckName]map[string]bool // properties, by operation
	lost          string                                 // the first request to write whose response was lost
	shared        []contract.Finding                     // what others may have changed
	others        bool                                   // whether somebody else writes to the application
}

// New returns a comparison of a live server with a stand-in that holds the same and
// knows the same tokens, of which others than that of the client are given. The end of
// the context does not end the calls to the stand-in.
func New(ctx context.Context, client, standIn *live.Client, api *contract.API, others ...secret.Secret) *Comparison {
	c := &Comparison{
		comparer: comparer{toMock: map[string]string{}, toLive: map[string]string{}, redactor: secret.NewRedactor()},
		ctx:      context.WithoutCancel(ctx), live: client, standIn: standIn, api: api,
		found: report.New(client.BaseURL(), api), secrets: secret.NewScrubber(client.Token(), suite.NamePrefix),
		unknown: map[contract.CheckName]map[string]bool{},
	}
	c.found.Checks = nil
	for _, token := range others {
		c.secrets.AddToken(token)
	}
	return c
}

// Observe sends the request of an exchange with the live server to the stand-in too,
// and compares the responses. Once the outcome of a request to write is unknown, the
// servers may hold different things, and Observe compares nothing more.
func (c *Comparison) Observe(title string, e *contract.Exchange) {
	op, _ := c.api.OperationAt(e.Method, e.URL)
	switch {
	case c.lost != "" || op != nil && op.FromDefinition:
	case e.Status != 0:
		c.compareWith(title, op, e)
	case e.Method != http.MethodGet:
		c.lost = e.Method + " " + e.URL.String()
	}
}

// compareWith compares an exchange with that of the stand-in.
func (c *Comparison) compareWith(title string, op *contract.Operation, e *contract.Exchange) {
	operation := contract.CheckName(otherRequests)
	if op != nil {
		operation = contract.CheckName(op.Name)
	}
	finding := contract.Finding{Check: operation, Verdict: contract.Breaks, Operation: string(operation), Case: title}
	other, err := c.repeat(e)
	if err != nil {
		finding.Verdict, finding.Message = contract.CouldNotCheck, "the stand-in: "+err.Error()
		c.found.Add(finding)
		return
	}
	c.learn(e, other)
	differences := c.compare(operation, e, other)
	unknown := c.unknownProperties(e)
	for _, d := range differences {
		if d.b == nothing && unknown[d.field] {
			if c.unknown[operation] == nil {
				c.unknown[operation] = map[string]bool{}
			}
			c.unknown[operation][withoutIndexes(d.field)] = true
			continue
		}
		finding.Field, finding.Message, finding.Curl = withoutIndexes(d.field), fmt.Sprintf("live %s, mock %s", d.a, d.b), c.live.Curl(e)
		if isShared(e, d.field) {
			c.others = c.others || c.isByOthers(e, other)
			c.shared = append(c.shared, finding)
			continue
		}
		c.found.Add(finding)
	}
	if len(differences) == 0 {
		c.found.Pass(operation)
	}
}

// repeat sends the request of an exchange to the stand-in, with the ids that it has
// given to what the live server has made.
func (c *Comparison) repeat(e *contract.Exchange) (*contract.Exchange, error) {
	call := live.Call{Method: e.Method, Target: c.inStandIn(e.URL.String()), Header: e.RequestHeader.Clone()}
	if e.RequestBody != nil {
		call.Body = []byte(c.inStandIn(string(e.RequestBody)))
	}
	if authorization, other := call.Header["Authorization"]; other {
		call.Auth = &authorization[0]
	}
	return c.standIn.Do(c.ctx, call)
}

// learn remembers the secrets in the bodies of exchanges.
func (c *Comparison) learn(exchanges ...*contract.Exchange) {
	for _, e := range exchanges {
		for _, body := range [][]byte{e.RequestBody, e.Body} {
			if decoded, err := decode.JSON(body); err == nil {
				c.secrets.Learn(decoded)
			}
		}
	}
}

// Report returns the report of the run that the exchanges come from, with what the
// comparison found in place of what the run found, and with what the run could not
// check. Its checks are the operations, those of webhooks first, and a case passes where
// two responses are the same. A difference breaks; properties that the contract does not
// know are news, one finding for each operation. Ids, dates and tokens that each server
// makes for itself are the same when they stand for the same thing throughout.
//
// Others may create and delete webhooks of the application during the run, as another run
// does. What lists of all have, and how much, is not compared then.
func (c *Comparison) Report(run *report.Report) *report.Report {
	for _, f := range c.shared {
		if !c.others {
			c.found.Add(f)
		}
	}
	c.foldUnknown()
	if c.lost != "" {
		c.found.Add(contract.Finding{
			Check: otherRequests, Verdict: contract.CouldNotCheck, Field: "run",
			Message: "nothing was compared any more: whether the live server has carried out " + c.lost + " is unknown",
		})
	}
	c.sort()
	compared := *run
	compared.Against = Against
	compared.Checks, compared.Verdict = c.found.Checks, c.found.Verdict
	addUnchecked(&compared, run)
	compared.Scrub(c.secrets)
	return &compared
}

// Against is what the report of a comparison has as Against.
const Against = "a stand-in that holds the same"

// addUnchecked adds what a run could not check to the report of a comparison.
func addUnchecked(compared, run *report.Report) {
	for i := range run.Checks {
		for _, f := range run.Checks[i].Findings {
			if f.Verdict == contract.CouldNotCheck {
				compared.Add(f.Finding)
			}
			for _, c := range f.Consequences {
				if c.Verdict == contract.CouldNotCheck {
					compared.AddConsequence(f.Finding, c.Finding)
				}
			}
		}
	}
}

// otherRequests stands for the operation of requests that lead to none.
const otherRequests = "other requests"

// unknownProperties returns the places in a response of what the contract does not
// know.
func (c *Comparison) unknownProperties(e *contract.Exchange) map[string]bool {
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
func (c *Comparison) foldUnknown() {
	for operation, places := range c.unknown {
		c.found.Add(contract.Finding{
			Check: operation, Verdict: contract.News, Operation: string(operation),
			Message: "has what the contract does not know: " + strings.Join(slices.Sorted(maps.Keys(places)), ", "),
		})
	}
}

// sort orders the operations: those of webhooks, the others, and what is none.
func (c *Comparison) sort() {
	place := map[contract.CheckName]int{otherRequests: 2e6}
	for i, resource := range c.api.Resources {
		for j, op := range resource.Actions {
			place[contract.CheckName(op.Name)] = 1e3*i + j
			if !strings.HasPrefix(resource.Name, "webhook") {
				place[contract.CheckName(op.Name)] += 1e6
			}
		}
	}
	slices.SortFunc(c.found.Checks, func(a, b report.CheckResult) int { return cmp.Compare(place[a.Name], place[b.Name]) })
}
