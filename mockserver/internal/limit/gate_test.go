package limit

import (
	"testing"
	"testing/synctest"
)

// Work passes together as far as there is room, and alone where it is larger.
func TestAGateBoundsTheWorkAtTheSameTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		gate := NewGate(10)
		first, second := gate.Enter(6), gate.Enter(4)
		passed := false
		go func() {
			defer gate.Enter(99)()
			passed = true
		}()
		if synctest.Wait(); passed {
			t.Error("work has passed without room")
		}
		first()
		if synctest.Wait(); passed {
			t.Error("work that is larger than the gate has not passed alone")
		}
		second()
		if synctest.Wait(); !passed || gate.used != 0 {
			t.Errorf("the work has passed: %t, and %d bytes stay", passed, gate.used)
		}
	})
}
