package size

import "testing"

// SkipUnderRace skips a test that the race detector has nothing for, and that go
// test runs without it: one that compares texts with other programs, that reads
// the verdicts of a run, or whose work is in other processes.
func SkipUnderRace(t testing.TB) {
	t.Helper()
	if UnderRace {
		t.Skip("the race detector has nothing for this test")
	}
}
