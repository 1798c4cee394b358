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
