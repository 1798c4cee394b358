package recorder

import "testing"

// A condition may be slow, as a pattern is, or read the journal itself: Remove
// calls it while the journal is not locked.
func TestRemoveCallsItsConditionWithoutTheLock(t *testing.T) {
	t.Parallel()
	r := New(10, 1<<20, func(b []byte) { clear(b) })
	kept, removed := record(r, "kept"), record(r, "removed")
	got := r.Remove(func(e *Entry) bool {
		if !r.mu.TryLock() {
			t.Error("the journal is locked while the condition is called")
			return false
		}
		r.mu.Unlock()
		return e == removed
	})
	if len(got) != 1 || got[0] != removed {
		t.Errorf("removed %v", got)
	}
	if entries, evicted := r.Snapshot(); len(entries) != 1 || entries[0] != kept || evicted != 0 {
		t.Errorf("%v are kept, %d evicted", entries, evicted)
	}
}
