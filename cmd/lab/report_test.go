package main

import (
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// The report is red where a test failed and where a promise has no figure, and
// says so by failing.
func TestReport(t *testing.T) {
	t.Parallel()
	figures := func(without string) string {
		var b strings.Builder
		for _, l := range promises {
			if l.name != without {
				fmt.Fprintf(&b, `{"Action":"attr","Package":"p","Test":"Test%[1]s","Key":"%[1]s","Value":"figure of %[1]s"}`+"\n", l.name)
			}
		}
		return b.String() + `{"Action":"output","Package":"p","Output":"ok  \tp\t1s\n"}` + "\n" + `{"Action":"pass","Package":"p"}` + "\n"
	}
	for name, c := range map[string]struct {
		events, shows, fails string
	}{
		"all is well":              {figures(""), "ok  \tp\t1s", ""},
		"a figure is missing":      {figures("L1"), "no figure | RED", "1 promises are red"},
		"a test failed":            {figures("") + `{"Action":"output","Package":"p","Test":"TestL2","Output":"what happened\n"}` + "\n" + `{"Action":"fail","Package":"p","Test":"TestL2"}`, "what happened", "1 promises are red, and 1 tests failed: p.TestL2"},
		"another test failed":      {figures("") + `{"Action":"fail","Package":"q","Test":"TestOther"}`, "0 red", "0 promises are red, and 1 tests failed"},
		"a test did not end":       {figures("") + `{"Action":"output","Package":"q","Test":"TestLong","Output":"panic: test timed out\n"}` + "\n" + `{"Action":"fail","Package":"q"}`, "panic: test timed out", "and 1 tests failed: q"},
		"a figure of nothing":      {figures("") + `{"Action":"attr","Package":"p","Test":"T","Key":"Z9","Value":"x"}`, "", "a figure of Z9, which is no promise"},
		"what is no event":         {"# p\np.go:1: no such thing\n" + figures(""), "p.go:1: no such thing", ""},
		"nothing, as of no tests":  {"", "RED", fmt.Sprint(len(promises), " promises are red")},
		"two figures of a promise": {figures("") + `{"Action":"attr","Package":"q","Test":"T","Key":"L1","Value":"another"}`, "figure of L1; another", ""},
	} {
		var out strings.Builder
		err := reported(c.events, &out, true)
		if !strings.Contains(out.String(), c.shows) || (err == nil) != (c.fails == "") || err != nil && !strings.Contains(err.Error(), c.fails) {
			t.Errorf("%s: %v\n%s", name, err, out.String())
		}
	}
	var out strings.Builder
	if err := reported(figures("L1"), &out, false); err != nil || !strings.Contains(out.String(), "no figure | not measured") {
		t.Errorf("a figure is missing, and need not be there: %v\n%s", err, out.String())
	}
}

// The pattern of the tests that measure names each of them, and no other.
func TestMeasuringTests(t *testing.T) {
	t.Parallel()
	found, err := measuringTests(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	pattern := regexp.MustCompile(found.pattern())
	for name, measures := range map[string]bool{"TestStartAndSoak": true, "TestSignalUnderLoad": true, "TestTallies": false, "TestMeasuringTests": false, "TestSoakAndMore": false} {
		if pattern.MatchString(name) != measures {
			t.Errorf("%s measures: %t, in %s", name, !measures, pattern)
		}
	}
	if packages := found.packages(); len(packages) < 3 || !slices.Contains(packages, module+"/cmd/lab") {
		t.Errorf("they are in %v", packages)
	}
}

func reported(events string, out io.Writer, unmeasuredFails bool) error {
	run := newTestRun(out)
	return errors.Join(run.read(strings.NewReader(events)), run.conclude(unmeasuredFails))
}

// What was answered is held against what was recorded, id by id.
func TestTallies(t *testing.T) {
	t.Parallel()
	sent := &tally{acknowledged: map[string]int{"1-0": 200, "1-1": 201}, unanswered: []string{"2-0"}}
	target := func(id string) string { return "/applications?lab=" + id + "&perPage=10" }
	for name, c := range map[string]struct {
		recorded []string
		want     string
	}{
		"each once":               {[]string{target("1-0"), target("1-1")}, ""},
		"one without a response":  {[]string{target("1-0"), target("1-1"), target("2-0")}, ""},
		"one of somebody else":    {[]string{target("1-0"), target("1-1"), "/applications"}, ""},
		"one is missing":          {[]string{target("1-1")}, "1 requests with a response are not recorded 1-0"},
		"one twice":               {[]string{target("1-0"), target("1-1"), target("1-1")}, "1 are recorded twice 1-1"},
		"one that was never sent": {[]string{target("1-0"), target("1-1"), target("9-9")}, "1 were never sent 9-9"},
		"nothing":                 {nil, "2 requests with a response are not recorded"},
	} {
		err := sent.compare(c.recorded)
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := sent.among([]string{target("1-1")}).compare([]string{target("1-1")}); err != nil {
		t.Errorf("what was let go is missed: %v", err)
	}
}
