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

// A consequence is drift like any finding: one that becomes a finding of its own has
// not changed.
func TestDriftOfConsequences(t *testing.T) {
	t.Parallel()
	cause := contract.Finding{Check: contract.CheckPositive, Verdict: contract.Breaks, Operation: "webhook.patch", Field: "name", Message: "got 403"}
	consequence := contract.Finding{Check: contract.CheckSchema, Verdict: contract.Breaks, Operation: "webhooks.get", Field: "a", Message: "is missing"}
	alone, beneath := report.New("http://localhost", contract.AtNewest()), report.New("http://localhost", contract.AtNewest())
	for _, r := range []*report.Report{alone, beneath} {
		r.Add(cause)
	}
	beneath.AddConsequence(cause, consequence)
	var got []string
	for _, change := range report.Drift(alone, beneath) {
		got = append(got, change.String())
	}
	want := []string{"response_schema_conformance: breaks, was not run", "new: response_schema_conformance: breaks: webhooks.get: a: is missing"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	alone.Add(consequence)
	if changes := report.Drift(alone, beneath); len(changes) > 0 {
		t.Errorf("%v", changes)
	}
}

// messages returns a report of one run, with one finding that was made with
// several messages.
func messages(runID string, texts ...string) *report.Report {
	r := report.New("http://localhost", contract.AtNewest())
	r.RunID = runID
	for _, text := range texts {
		r.Add(contract.Finding{Check: contract.CheckStatus, Verdict: contract.Breaks, Operation: "webhooks.get", Field: "status", Message: text})
	}
	return r
}

// What a finding is about is part of it: its messages, but for what differs from
// run to run, and whatever their order.
func TestDriftOfMessages(t *testing.T) {
	t.Parallel()
	for title, test := range map[string]struct {
		before, after *report.Report
		want          []string
	}{
		"ids, instants, the id of the run, and the order": {
			messages("run1", "losantmock-check-run1-a of 575ec8687ae143cd83dc4a97 at 2030-01-02T03:04:05.678Z", "got 500"),
			messages("run2", "got 500", "losantmock-check-run2-a of 000000000000000000000001 at 2031-01-02T03:04:05.678Z", "got 500"), nil,
		},
		"another first message": {
			messages("", "got 500"), messages("", "got 501"),
			[]string{"message: status_code_conformance: breaks: webhooks.get: status: got 501, was got 500"},
		},
		"one message more": {
			messages("", "got 500", "got 500"), messages("", "got 500", "got 502"),
			[]string{"message: status_code_conformance: breaks: webhooks.get: status: got 500 / got 502, was got 500 [2 times]"},
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
	many := messages("")
	for i := range 100 {
		many.Add(contract.Finding{Check: contract.CheckStatus, Verdict: contract.Breaks, Message: fmt.Sprint("got ", i)})
	}
	if f := many.Findings()[0]; f.Times != 100 || len(f.Others) != 9 {
		t.Errorf("%d times, %d other messages", f.Times, len(f.Others))
	}
}

// Runs that differ are said to, before what they found. Reports of before there
// were modes are compared without.
func TestDriftOfRuns(t *testing.T) {
	t.Parallel()
	before, after := found(contract.Breaks), found(contract.Breaks)
	before.ApplicationID, after.ApplicationID = "575ec8687ae143cd83dc4a97", "575ec8687ae143cd83dc4a98"
	before.Modes, after.Modes = []string{"read"}, []string{"write", "any token"}
	after.Target, after.APIVersion, after.LeftBehind = "http://other\x1b", "1.5.5", []string{"/w/1"}
	var got []string
	for _, change := range report.Drift(before, after) {
		got = append(got, change.String())
	}
	want := []string{
		"target: http://other\ufffd, was http://localhost",
		"application: 575ec8687ae143cd83dc4a98, was 575ec8687ae143cd83dc4a97",
		"against: the contract of Losant's API 1.5.5, was the contract of Losant's API 1.30.0",
		"modes: write, any token, was read",
		"leftBehind: 1, was 0",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	before.Modes, before.ApplicationID = nil, ""
	if got := report.Drift(before, after); len(got) != 3 {
		t.Errorf("%v", got)
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
