package main

import (
	"fmt"
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
		"a figure of nothing":      {figures("") + `{"Action":"attr","Package":"p","Test":"T","Key":"Z9","Value":"x"}`, "", "a figure of Z9, which is no promise"},
		"what is no event":         {"# p\np.go:1: no such thing\n" + figures(""), "p.go:1: no such thing", ""},
		"nothing, as of no tests":  {"", "RED", fmt.Sprint(len(promises), " promises are red")},
		"two figures of a promise": {figures("") + `{"Action":"attr","Package":"q","Test":"T","Key":"L1","Value":"another"}`, "figure of L1; another", ""},
	} {
		var out strings.Builder
		err := report(strings.NewReader(c.events), &out, true)
		if !strings.Contains(out.String(), c.shows) || (err == nil) != (c.fails == "") || err != nil && !strings.Contains(err.Error(), c.fails) {
			t.Errorf("%s: %v\n%s", name, err, out.String())
		}
	}
	var out strings.Builder
	if err := report(strings.NewReader(figures("L1")), &out, false); err != nil || !strings.Contains(out.String(), "no figure | not measured") {
		t.Errorf("a figure is missing, and need not be there: %v\n%s", err, out.String())
	}
}
