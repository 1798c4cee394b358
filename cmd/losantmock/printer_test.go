package main

import (
	"testing"
	"time"

	"github.com/losantmock/losantmock/cmd/internal/progress"
)

// What takes longer than a second says that it goes on; what does not, says
// nothing.
func TestWhatTakesLongIsSaid(t *testing.T) {
	t.Parallel()
	var slow, quick collected
	progress.WhileLong(&quick, "reading")()
	done := progress.WhileLong(&slow, "reading a large world")
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

// What others have written is shown to people without anything that a terminal acts
// upon, as a text and as JSON.
func TestPrintedTextsHaveNothingToActUpon(t *testing.T) {
	t.Parallel()
	for asJSON, want := range map[bool]string{false: `a\u009b\x1b\u202e` + "\n", true: `"a\u009b\u001b\u202e"` + "\n"} {
		var out collected
		if err := (&printer{json: asJSON}).print(&out, "a\u009b\x1b\u202e", "a\u009b\x1b\u202e"); err != nil || out.String() != want {
			t.Errorf("%q, %v", out.String(), err)
		}
	}
}
