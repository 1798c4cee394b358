package report_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/report"
)

// read returns a report as it is read back from JSON.
func read(t *testing.T, r *report.Report) *report.Report {
	t.Helper()
	again, err := report.Read(strings.NewReader(written(t, r, report.JSON)))
	if err != nil {
		t.Fatal(err)
	}
	return again
}

// decided returns a report with a rule of ours that the API decides otherwise.
func decided(otherwise string) *report.Report {
	r := found(contract.News, "webhooks.items.0.x")
	f := contract.NewFinding(contract.CheckNegative, contract.Ours, "page", otherwise)
	f.Curl = "curl http://h/page"
	r.Add(f)
	return r
}

// News that were accepted count no more, in the next run too; what they say is part
// of them.
func TestAcceptedNewsConform(t *testing.T) {
	t.Parallel()
	first := decided("got 200")
	second := decided("got 200")
	second.Accept(read(t, first))
	third := decided("got 200")
	third.Accept(read(t, second))
	for name, r := range map[string]*report.Report{"second": second, "third": third} {
		if r.Verdict != contract.Conforms || len(r.NoLongerFound) > 0 || strings.Contains(written(t, r, report.GitHub), "::notice") {
			t.Errorf("%s: %s", name, written(t, r, report.Text))
		}
		if text := written(t, r, report.Text); !strings.Contains(text, "    accepted news: webhooks.get: webhooks.items.0.x: is missing\n") {
			t.Errorf("%s: %s", name, text)
		}
	}
	other := decided("got 404")
	other.Accept(first)
	if other.Verdict != contract.News || len(other.NoLongerFound) > 0 || !other.Findings()[0].Accepted || other.Findings()[1].Accepted {
		t.Errorf("%s", written(t, other, report.Text))
	}
	const shown = "    news: page: the real API decides this otherwise: got 404\n        curl http://h/page\n"
	if text := written(t, other, report.Text); !strings.Contains(text, shown) {
		t.Errorf("%s", text)
	}
}

// Accepted news that do not occur any more are said, in every format, unless their
// check was not run. What breaks is never accepted.
func TestAcceptedNewsThatAreGone(t *testing.T) {
	t.Parallel()
	later := found(contract.News)
	later.Pass(contract.CheckSchema)
	later.Accept(decided("got 200"))
	if diff := cmp.Diff([]string{"webhooks.items.0.x", "page"}, fields(later.NoLongerFound)); diff != "" {
		t.Error(diff)
	}
	if text := written(t, later, report.Text); strings.Count(text, "no longer found") != 1 {
		t.Errorf("%s", text)
	}
	for _, format := range report.Formats() {
		if text := written(t, later, format); !strings.Contains(text, "webhooks") {
			t.Errorf("%s: %s", format, text)
		}
	}
	broken := found(contract.Breaks, "a")
	broken.Accept(broken)
	if broken.Verdict != contract.Breaks || broken.Findings()[0].Accepted {
		t.Errorf("%s", written(t, broken, report.Text))
	}
}

func fields(findings []report.CountedFinding) []string {
	var all []string
	for _, f := range findings {
		all = append(all, f.Field)
	}
	return all
}

// Accepted news that come and go stay accepted, also when a run in between does not try
// their check.
func TestAcceptedNewsThatComeAndGo(t *testing.T) {
	t.Parallel()
	first, without, unreached := decided("got 200"), found(contract.News), found(contract.News)
	without.Pass(contract.CheckSchema)
	without.Accept(read(t, first))
	unreached.Accept(read(t, without))
	if text := written(t, unreached, report.Text); strings.Contains(text, "no longer found") {
		t.Errorf("%s", text)
	}
	back := decided("got 200")
	back.Accept(read(t, unreached))
	if back.Verdict != contract.Conforms || len(back.NoLongerFound) > 0 {
		t.Errorf("%s", written(t, back, report.Text))
	}
}

// A rule that is inferred is shown as such.
func TestInferredRulesAreShown(t *testing.T) {
	t.Parallel()
	r := report.New("http://localhost", contract.AtNewest())
	r.Add(contract.NewFinding(contract.CheckFiltering, contract.Inferred, "filter", "want whole names"))
	if text := written(t, r, report.Text); !strings.Contains(text, "    breaks: filter: want whole names (inferred)\n") {
		t.Errorf("%s", text)
	}
	if text := written(t, r, report.JSON); !strings.Contains(text, `"source": "inferred"`) {
		t.Errorf("%s", text)
	}
}

// Coverage shows what was received, what is documented and was not, and why.
func TestCoverage(t *testing.T) {
	t.Parallel()
	r := found(contract.Breaks)
	r.Coverage = []report.Coverage{
		{Operation: "webhooks.get", Responses: map[int]int{200: 45, 400: 12, 404: 0}, Reason: "404: not received"},
		{Operation: "webhooks.get", Parameter: "page", Responses: map[int]int{200: 3, 400: 0}},
	}
	var text strings.Builder
	if err := r.WriteCoverage(&text); err != nil {
		t.Fatal(err)
	}
	const want = `Operation     Parameter  200  400  404  Not tried
webhooks.get             45   12   -    404: not received
webhooks.get  page       3    -
`
	if diff := cmp.Diff(want, text.String()); diff != "" {
		t.Error(diff)
	}
	if text := written(t, r, report.Markdown); !strings.Contains(text, "| webhooks.get | page | 3 | - |  |  |\n") {
		t.Errorf("%s", text)
	}
	if diff := cmp.Diff(r.Coverage, read(t, r).Coverage); diff != "" {
		t.Error(diff)
	}
}
