package suite_test

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/losantmock/losantmock/cmd/lab/size"
	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/report"
	"github.com/losantmock/losantmock/contract/secret"
)

// otherApp is an application beside that of a run.
func otherApp(t testing.TB, server http.Handler) string {
	t.Helper()
	a := &altered{next: server}
	a.replay("POST", "/applications", `{"name":"Another application"}`)
	id, _ := a.fields["id"].(string)
	if id == "" {
		t.Fatalf("no other application: %d %s", a.status, a.raw)
	}
	return id
}

// leastNoticed is how many lies of a hundred a run notices.
const leastNoticed = 95

// Lies are noticed, each by the check that is there for it.
func TestLiesAreNoticed(t *testing.T) {
	size.SkipUnderRace(t)
	lies := slices.Concat(liesOfWriting, liesOfReading, liesOfProtocol, liesOfTriggers, liesBesideCalls, liesOfPasswords,
		liesOfRareRequests, liesOfTheWire, liesOfValues, liesOfTheState)
	if len(lies) < 200 {
		t.Fatalf("only %d lies", len(lies))
	}
	step := size.Of(60, 40, 1)
	var tried atomic.Int32
	missed := make(chan string, len(lies))
	t.Run("lies", func(t *testing.T) {
		for i := 0; i < len(lies); i += step {
			t.Run(strings.ReplaceAll(lies[i].name, " ", "_"), func(t *testing.T) {
				t.Parallel()
				tried.Add(1)
				if result := told(t, lies[i]); !noticed(result, lies[i]) {
					missed <- lies[i].name
					t.Logf("NOT NOTICED %s: %s did not notice it:\n%s", lies[i].name, lies[i].check, text(result))
				}
			})
		}
	})
	close(missed)
	var unnoticed []string
	for name := range missed {
		unnoticed = append(unnoticed, name)
	}
	all := int(tried.Load())
	t.Logf("%d of %d lies were noticed; not noticed: %q", all-len(unnoticed), all, unnoticed)
	if 100*len(unnoticed) > (100-leastNoticed)*all {
		t.Error("fewer lies were noticed than there should be")
	}
	for _, check := range contract.Checks() {
		if check != contract.CheckOfRequest && !slices.ContainsFunc(lies, func(l lie) bool { return l.check == check }) {
			t.Errorf("no lie shows that %s works", check)
		}
	}
}

// A run against the proxy of the lies conforms where it tells none.
func TestTheProxyOfTheLiesIsHonest(t *testing.T) {
	size.SkipUnderRace(t)
	t.Parallel()
	checks := map[string]contract.CheckName{"calls": contract.CheckTrigger}
	for name, honest := range map[string]wrapper{
		"calls":     changed(calls, func(*http.Request, *altered) {}),
		"responses": changed(all, func(*http.Request, *altered) {}),
		"requests":  before(all, func(*http.Request) {}),
		"bodies":    before(all, func(r *http.Request) { rewriteQuery(r, func(url.Values) {}) }),
	} {
		if result := told(t, lie{name: name, tell: honest, check: checks[name]}); result.Verdict != contract.Conforms {
			t.Errorf("%s: %s", name, text(result))
		}
	}
}

// triggerChecks are those of calls of webhooks' own URLs.
var triggerChecks = []contract.CheckName{contract.CheckTrigger, contract.CheckTriggerAssumption}

// told returns the report of a run against a server that tells a lie.
func told(t *testing.T, l lie) *report.Report {
	t.Helper()
	server := standIn(t, "strict-auth")
	other := otherApp(t, server)
	s := newSuite(t, serve(t, l.tell(server)).URL)
	s.Write, s.Seed = true, 1
	s.OtherApplicationID, s.ReadOnlyToken = other, secret.New("reader")
	if slices.Contains(triggerChecks, l.check) {
		s.Triggers, s.Only = s.Client.BaseURL(), triggerChecks
	}
	return s.Run(t.Context())
}

// otherVerdicts are those of lies that are no breaks for certain: about rules that are
// ours, and in the place of a proxy.
var otherVerdicts = map[string]contract.Verdict{
	"a perPage of 0":                    contract.News,
	"a page of -1":                      contract.News,
	"a list leaves out enabled":         contract.News,
	"a list leaves out passwords":       contract.News,
	"an application counts no webhooks": contract.News,
	"a PATCH of isWebsocket is ignored": contract.News,
	"an error in HTML":                  contract.CouldNotCheck,
}

// noticed reports whether the check of a lie found what it should.
func noticed(r *report.Report, l lie) bool {
	want := cmp.Or(otherVerdicts[l.name], contract.Breaks)
	return slices.ContainsFunc(r.Findings(), func(f report.CountedFinding) bool {
		return f.Check == l.check && (f.Verdict == want || l.check == contract.CheckTriggerAssumption && f.Source == contract.Ours)
	})
}
