package mockserver

import (
	"strings"
	"testing"
	"time"
)

// An assertion on a sandbox that was dropped fails the test, even one that
// nothing matches, and so does what would change nothing.
func TestADroppedSandboxFailsTheTest(t *testing.T) {
	t.Parallel()
	for name, call := range map[string]func(*TestWorld){
		"Never":        func(w *TestWorld) { w.Requests().Never(w.t) },
		"Times":        func(w *TestWorld) { w.Requests().Times(w.t, 0) },
		"Within":       func(w *TestWorld) { w.Triggers().Within(time.Hour).Never(w.t) },
		"InOrder":      func(w *TestWorld) { InOrder(w.t, w.Requests()) },
		"Token":        func(w *TestWorld) { w.Token() },
		"SetClock":     func(w *TestWorld) { w.SetClock(time.Time{}) },
		"AdvanceClock": func(w *TestWorld) { w.AdvanceClock(time.Hour) },
		"RemoveFault":  func(w *TestWorld) { w.RemoveFault("slow") },
		"OnTrigger":    func(w *TestWorld) { w.OnTrigger(nil) },
		"Reset":        func(w *TestWorld) { w.Reset() },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := Start(t)
			f := &fakeTest{}
			f.run(func() {
				w := srv.Sandbox(t)
				w.t = f
				srv.server.DropSandbox(strings.TrimPrefix(w.URL, srv.URL+"/__sandbox/"))
				call(w)
			})
			if said := f.log.String(); !f.failed || !strings.Contains(said, "was dropped") || name != "InOrder" && strings.Contains(said, "invalid") {
				t.Errorf("failed %t, logged %q", f.failed, f.log.String())
			}
		})
	}
}

// A wait that is under way when the sandbox is dropped fails at once.
func TestDroppingASandboxEndsAWait(t *testing.T) {
	t.Parallel()
	srv := Start(t)
	f := &fakeTest{}
	f.run(func() {
		w := srv.Sandbox(t)
		go srv.server.DropSandbox(strings.TrimPrefix(w.URL, srv.URL+"/__sandbox/"))
		w.Requests().Within(time.Hour).Never(f)
	})
	if !f.failed || !strings.Contains(f.log.String(), "was dropped") {
		t.Errorf("failed %t, logged %q", f.failed, f.log.String())
	}
}

// A wait of InOrder that is cut short says so.
func TestDroppingASandboxEndsInOrder(t *testing.T) {
	t.Parallel()
	srv := Start(t)
	said := asserted(func(f *fakeTest) {
		w := srv.Sandbox(t)
		go srv.server.DropSandbox(strings.TrimPrefix(w.URL, srv.URL+"/__sandbox/"))
		InOrder(f, w.Requests().Within(time.Hour))
	})
	if !strings.Contains(said, "question 1: the question has no result: ") || !strings.Contains(said, "was dropped") {
		t.Errorf("it says %q", said)
	}
}

// So does one that a shutdown cuts short.
func TestAShutdownEndsInOrder(t *testing.T) {
	t.Parallel()
	s, err := New()
	if err != nil {
		t.Fatal(err)
	}
	said := asserted(func(f *fakeTest) {
		go s.worlds.Shutdown()
		InOrder(f, s.Requests().Within(time.Hour))
	})
	if !strings.Contains(said, "the question has no result: the server was shut down") {
		t.Errorf("it says %q", said)
	}
}

// The zero value of a question is about no world.
func TestAZeroQuestionFails(t *testing.T) {
	t.Parallel()
	for name, ask := range map[string]func(*fakeTest){
		"Requests": func(f *fakeTest) { Requests{}.Once(f) },
		"Triggers": func(f *fakeTest) { Triggers{}.Webhook("x").Within(time.Hour).Never(f) },
		"InOrder":  func(f *fakeTest) { InOrder(f, Requests{}) },
	} {
		if said := asserted(ask); !strings.Contains(said, "is about no world") {
			t.Errorf("%s: it says %q", name, said)
		}
	}
	var zero Requests
	if zero.Err() == nil || zero.Count() != 0 || zero.Evicted() != 0 || len(zero.All()) != 0 {
		t.Errorf("%v, %d found", zero.Err(), zero.Count())
	}
}
