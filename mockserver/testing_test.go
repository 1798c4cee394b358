package mockserver

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/losantmock/losantmock/scenarios"
)

func get(url string) (string, error) {
	response, err := http.Get(url)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	return fmt.Sprintf("%d %s", response.StatusCode, body), err
}

func postJSON(t *testing.T, url, body string) int {
	t.Helper()
	response, err := http.Post(url, "application/json", strings.NewReader(body))
	if err != nil {
		t.Error(err)
		return 0
	}
	defer response.Body.Close()
	_, _ = io.Copy(io.Discard, response.Body)
	return response.StatusCode
}

// fakeTest is a test that can fail without failing this one.
type fakeTest struct {
	testing.TB
	cleanups []func()
	log      strings.Builder
	failed   bool
}

func (f *fakeTest) Helper()      {}
func (f *fakeTest) Name() string { return "TestFake" }
func (f *fakeTest) ArtifactDir() string {
	dir, err := os.MkdirTemp("", "artifacts")
	if err != nil {
		panic(err)
	}
	return dir
}
func (f *fakeTest) Logf(format string, args ...any) { fmt.Fprintf(&f.log, format+"\n", args...) }
func (f *fakeTest) Cleanup(do func())               { f.cleanups = append(f.cleanups, do) }
func (f *fakeTest) Failed() bool                    { return f.failed }
func (f *fakeTest) Log(args ...any)                 { fmt.Fprintln(&f.log, args...) }
func (f *fakeTest) Fatalf(format string, args ...any) {
	f.failed = true
	fmt.Fprintf(&f.log, format+"\n", args...)
	panic(f)
}

// run runs a test to its end, cleanups included.
func (f *fakeTest) run(test func()) {
	defer func() {
		if problem := recover(); problem != nil && problem != f {
			panic(problem)
		}
		for _, cleanup := range f.cleanups {
			cleanup()
		}
	}()
	test()
}

func TestFailedTestsLogWhatTheServerReceived(t *testing.T) {
	t.Parallel()
	for _, fails := range []bool{true, false} {
		f := &fakeTest{}
		var url string
		f.run(func() {
			srv := Start(f)
			url = srv.URL
			if _, err := get(url + "/nope?x=1"); err != nil {
				t.Fatal(err)
			}
			f.failed = fails
		})
		if logged := strings.Contains(f.log.String(), "GET    /nope?x=1  405"); logged != fails {
			t.Errorf("failed %t, logged %q", fails, f.log.String())
		}
		if _, err := get(url); err == nil {
			t.Error("the server outlives its test")
		}
	}
}

func TestMistakesOfATestFailIt(t *testing.T) {
	t.Parallel()
	for want, mistake := range map[string]func(*fakeTest){
		"nope: no built-in scenario has this name":                            func(f *fakeTest) { Start(f, WithScenario("nope")) },
		"API version 9.9.9 is not known":                                      func(f *fakeTest) { Start(f, WithAPIVersion("9.9.9")) },
		`API version "1.2" is not three numbers`:                              func(f *fakeTest) { Start(f, WithAPIVersion("1.2")) },
		"the body size is 0: it must be at least 1":                           func(f *fakeTest) { Start(f, WithMaxBodySize(0)) },
		"the journal limit is -1":                                             func(f *fakeTest) { Start(f, WithJournalLimits(-1, 1)) },
		`scenario: applications[0].name: "" has less length than allowed (1)`: func(f *fakeTest) { Start(f).AddApplication(scenarios.Application{}) },
		"responseCode: 999 is more than maximum": func(f *fakeTest) {
			Start(f).AddWebhook(scenarios.Webhook{Name: "x", ResponseCode: 999})
		},
		"there is no such application": func(f *fakeTest) {
			Start(f, WithScenario("empty")).AddWebhook(scenarios.Webhook{Name: "x"})
		},
		"the token is taken": func(f *fakeTest) {
			Start(f).AddWebhook(scenarios.Webhook{Name: "x", Token: "the_webhook_token"})
		},
		"the id is taken": func(f *fakeTest) {
			Start(f).AddWebhook(scenarios.Webhook{Name: "x", ID: "575ed78e7ae143cd83dc4aab"})
		},
	} {
		f := &fakeTest{}
		f.run(func() { mistake(f) })
		if !f.failed || !strings.Contains(f.log.String(), want) {
			t.Errorf("failed %t with %q, want %q", f.failed, f.log.String(), want)
		}
	}
}

func TestThingsAddedInGo(t *testing.T) {
	t.Parallel()
	srv := Start(t, WithScenario("empty"))
	a := srv.AddApplication(scenarios.Application{Name: "Plant", Webhooks: []scenarios.Webhook{{Name: "first"}}})
	if len(a.ID) != 24 || len(a.Webhooks) != 1 || a.Webhooks[0].ApplicationID != a.ID {
		t.Errorf("added %+v", a)
	}
	w := srv.AddWebhook(scenarios.Webhook{Name: "second", Token: "mine", Enabled: new(false)})
	if w.ApplicationID != a.ID || w.ResponseCode != 200 || w.Token != "mine" || *w.Enabled {
		t.Errorf("added %+v", w)
	}
	got, err := get(srv.URL + "/applications/" + a.ID + "/webhooks/" + w.ID + "?access_token=any")
	if err != nil || !strings.HasPrefix(got, "200 ") || !strings.Contains(got, `"token":"mine"`) || !strings.Contains(got, `"enabled":false`) {
		t.Errorf("%s %v", got, err)
	}
}

// Each method of a TestWorld that changes the world fails the test where that of
// the World returns an error.
func TestMethodsOfATestWorldFailTheTest(t *testing.T) {
	t.Parallel()
	fault := scenarios.Fault{Name: "slow", Effect: scenarios.Effect{Status: 500}}
	for name, call := range map[string]func(w *TestWorld){
		"an application whose id is taken": func(w *TestWorld) { w.AddApplication(w.Applications()[0]) },
		"a webhook without a name":         func(w *TestWorld) { w.AddWebhook(scenarios.Webhook{}) },
		"a fault whose name is taken":      func(w *TestWorld) { w.AddFault(fault) },
		"a fault that is not there":        func(w *TestWorld) { w.RemoveFault("fast") },
		"a scenario that is wrong":         func(w *TestWorld) { w.Replace(&scenarios.Scenario{Clock: scenarios.Clock{Mode: "wrong"}}) },
		"a reply that nobody waits for":    func(w *TestWorld) { w.Reply("nobody", Reply{}) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := &fakeTest{}
			f.run(func() {
				srv := Start(f)
				srv.AddFault(fault)
				call(&srv.TestWorld)
			})
			if !f.failed || !strings.HasPrefix(f.log.String(), "mockserver: ") {
				t.Errorf("failed %t, logged %q", f.failed, f.log.String())
			}
		})
	}
}

// What a TestWorld reports and sets is that of its world.
func TestATestWorldIsItsWorld(t *testing.T) {
	t.Parallel()
	srv := Start(t, WithScenario("paging"), WithAPIVersion("1.28.3"))
	at := time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC)
	srv.SetClock(at)
	srv.AdvanceClock(time.Hour)
	srv.AddFault(scenarios.Fault{Name: "slow", Effect: scenarios.Effect{Status: 500}})
	srv.RemoveFault("slow")
	if srv.ScenarioName() != "paging" || srv.APIVersion().String() != "1.28.3" || len(srv.Faults()) != 0 {
		t.Errorf("%s %s %v", srv.ScenarioName(), srv.APIVersion(), srv.Faults())
	}
	if made := srv.AddWebhook(scenarios.Webhook{Name: "a"}); !made.CreationDate.Equal(at.Add(time.Hour)) {
		t.Errorf("made at %s", made.CreationDate)
	}
}

// What is nil is refused, with what to do.
func TestNilIsRefused(t *testing.T) {
	t.Parallel()
	for name, option := range map[string]Option{"a scenario": WithWorld(nil), "a logger": WithLogger(nil)} {
		if _, err := New(option); err == nil || !strings.Contains(err.Error(), "is nil") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := Start(t).World().Replace(nil); err == nil || !strings.Contains(err.Error(), "is nil") {
		t.Errorf("Replace: %v", err)
	}
}
