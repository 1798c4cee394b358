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
		inside := 0
		enter := func(bytes int64) func() {
			leave := gate.Enter(bytes)
			inside++
			return func() { inside--; leave() }
		}
		first, second := enter(6), enter(4)
		go func() { enter(99)() }()
		if synctest.Wait(); inside != 2 {
			t.Error("work has passed without room")
		}
		first()
		if synctest.Wait(); inside != 1 {
			t.Error("work that is larger than the gate has not passed alone")
		}
		second()
		if synctest.Wait(); inside != 0 || gate.used != 0 {
			t.Errorf("%d are inside, and %d bytes stay", inside, gate.used)
		}
	})
}
