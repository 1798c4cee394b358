package faults_test

import (
	"testing"

	"github.com/losantmock/losantmock/mockserver/internal/faults"
	"github.com/losantmock/losantmock/scenarios"
)

// A pattern that takes its time stops no other request: it is matched without the
// lock. One that is removed meanwhile does not apply.
func TestPatternsAreMatchedWithoutTheLock(t *testing.T) {
	t.Parallel()
	fault := scenarios.Fault{Name: "slow", Matching: "$.name", Effect: scenarios.Effect{Status: 500}}
	set, err := faults.New([]scenarios.Fault{fault}, nil, func([]byte) {})
	if err != nil {
		t.Fatal(err)
	}
	matching, release, picked := make(chan struct{}), make(chan struct{}), make(chan *faults.Fired)
	go func() {
		picked <- set.Pick(func() faults.Subject {
			return faults.Subject{Body: func() any {
				close(matching)
				<-release
				return map[string]any{"name": "a"}
			}}
		})
	}()
	<-matching
	if states := set.States(); len(states) != 1 || states[0].Matched != 0 {
		t.Errorf("%+v", states)
	}
	if !set.Remove("slow") {
		t.Error("the fault is not there")
	}
	close(release)
	if fired := <-picked; fired != nil {
		t.Errorf("%s applies, and was removed", fired.Name())
	}
}
