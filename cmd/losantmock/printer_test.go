package main

import (
	"testing"
	"time"
)

// What takes longer than a second says that it goes on; what does not, says
// nothing.
func TestWhatTakesLongIsSaid(t *testing.T) {
	t.Parallel()
	var slow, quick output
	whileLong(&quick, "reading")()
	done := whileLong(&slow, "reading a large world")
	defer done()
	for deadline := time.Now().Add(2 * time.Minute); slow.String() == ""; time.Sleep(10 * time.Millisecond) { // between two looks
		if time.Now().After(deadline) {
			t.Fatal("nothing is printed within 2 minutes")
		}
	}
	if got := slow.String(); got != "losantmock: reading a large world ...\n" {
		t.Errorf("%q", got)
	}
	if got := quick.String(); got != "" {
		t.Errorf("%q", got)
	}
}
