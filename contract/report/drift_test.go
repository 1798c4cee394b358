package report_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/report"
)

// found returns a report with findings of one check.
func found(verdict contract.Verdict, fields ...string) *report.Report {
	r := report.New("http://localhost", contract.AtNewest())
	for _, field := range fields {
		r.Add(contract.Finding{Check: contract.CheckSchema, Verdict: verdict, Operation: "webhooks.get", Field: field, Message: "is missing"})
	}
	return r
}

// A drift is what one report has and the other lacks, whatever the item of a
// list.
func TestDrift(t *testing.T) {
	t.Parallel()
	for title, test := range map[string]struct {
		before, after *report.Report
		want          []string
	}{
		"nothing":                 {found(contract.Breaks, "webhooks.items.1.id"), found(contract.Breaks, "webhooks.items.2.id"), nil},
		"reports without a check": {&report.Report{}, &report.Report{}, nil},
		"a new finding": {
			found(contract.Breaks, "a"), found(contract.Breaks, "a", "b"),
			[]string{"new: response_schema_conformance: breaks: webhooks.get: b: is missing"},
		},
		"a finding that is gone, and a check that was not run": {
			found(contract.News, "a"), found(contract.News),
			[]string{"response_schema_conformance: not run, was news", "gone: response_schema_conformance: news: webhooks.get: a: is missing"},
		},
		"another verdict": {
			found(contract.News, "a"), found(contract.Breaks, "a"),
			[]string{
				"response_schema_conformance: breaks, was news",
				"new: response_schema_conformance: breaks: webhooks.get: a: is missing", "gone: response_schema_conformance: news: webhooks.get: a: is missing",
			},
		},
	} {
		var got []string
		for _, change := range report.Drift(test.before, test.after) {
			got = append(got, change.String())
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s: %s", title, diff)
		}
	}
}

// A report is read as it was written, with the checks that its writer did not
// know.
func TestRead(t *testing.T) {
	t.Parallel()
	first := found(contract.Breaks, "a", "a")
	read, err := report.Read(strings.NewReader(written(t, first, report.JSON)))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(first, read); diff != "" {
		t.Error(diff)
	}
	if read, err = report.Read(strings.NewReader(`{"checks":[{"name":"idempotence","verdict":"conforms","passed":2}]}`)); err != nil || len(read.Checks) != len(contract.Checks()) {
		t.Errorf("%v, %v", read, err)
	}
	for text, want := range map[string]string{
		"[":                                 "not a report in JSON: unexpected EOF",
		"{}":                                "not a report: it has no checks",
		`{"checks":[{"name":"telepathy"}]}`: `the report has a check "telepathy", which this program does not know`,
	} {
		if _, err := report.Read(strings.NewReader(text)); fmt.Sprint(err) != want {
			t.Errorf("%s: %v", text, err)
		}
	}
}
