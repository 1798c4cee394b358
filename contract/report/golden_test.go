package report_test

import (
	"bytes"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/report"
)

// Reports of every version that was ever written can be read. The files in
// testdata/golden never change: a new version gets a file of its own.
func TestOldReportsAreRead(t *testing.T) {
	t.Parallel()
	golden, err := os.ReadFile("testdata/golden/v1.json")
	if err != nil {
		t.Fatal(err)
	}
	read, err := report.Read(bytes.NewReader(golden))
	if err != nil {
		t.Fatal(err)
	}
	found := read.Findings()
	if read.Verdict != contract.Breaks || read.Requests != 170 || len(found) < 3 || found[0].Field != "webhooks.items.0.responseCode" || found[0].Times != 54 {
		t.Errorf("%+v", read)
	}
	read.Checks = slices.DeleteFunc(read.Checks, func(c report.CheckResult) bool { // those that came later
		return !strings.Contains(string(golden), `"name": "`+string(c.Name)+`"`)
	})
	var again bytes.Buffer
	if err := read.Write(&again, "json"); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(again.Bytes(), golden) {
		t.Errorf("reports are written in another form: raise Version if a program that reads version 1 could misunderstand them\n%s", again.String())
	}
	unversioned, err := report.Read(strings.NewReader(strings.Replace(string(golden), `  "v": 1,`+"\n", "", 1)))
	if err != nil || len(report.Drift(read, unversioned)) > 0 {
		t.Errorf("a report from before there were versions: %v", err)
	}
	_, err = report.Read(strings.NewReader(strings.Replace(string(golden), `"v": 1`, `"v": 2`, 1)))
	const told = "the report has version 2, and this losantmock reads versions up to 1: take a newer one"
	if err == nil || err.Error() != told {
		t.Errorf("%v, want %s", err, told)
	}
}
