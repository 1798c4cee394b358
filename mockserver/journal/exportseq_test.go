package journal_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/losantmock/losantmock/mockserver/journal"
)

// lines accepts a number of lines, and then fails as a full disk does.
type lines struct {
	left int
	text strings.Builder
}

var errFull = errors.New("no space left")

func (l *lines) Write(p []byte) (int, error) {
	l.left -= strings.Count(string(p), "\n")
	if l.left < 0 {
		return 0, errFull
	}
	return l.text.Write(p)
}

// A secret that only the last request shows where it stands is replaced in the
// first one, and the requests behind a failed write are not looked at.
func TestAnExportLearnsFirstAndWritesOneByOne(t *testing.T) {
	t.Parallel()
	const secret = "canary-0123456789"
	for _, c := range []struct{ room, lastLooked, written int }{{10, 6, 6}, {2, 3, 2}} {
		looked := 0
		requests := func(yield func(journal.Request) bool) {
			for looked = 1; looked <= 6; looked++ {
				r := journal.Request{Method: "GET", Host: "x", Target: "/?note=" + secret}
				if looked == 6 {
					r.Target = "/?access_token=" + secret
				}
				if !yield(r) {
					return
				}
			}
			looked = 6
		}
		out := &lines{left: c.room}
		err := journal.ExportSeq(out, journal.Curl, requests, false)
		if failed := c.written < 6; failed != errors.Is(err, errFull) {
			t.Error(err)
		}
		text := out.text.String()
		if looked != c.lastLooked || strings.Count(text, "\n") != c.written || strings.Contains(text, secret) || !strings.Contains(text, "/?note=TOKEN-1") {
			t.Errorf("room for %d lines: looked at %d\n%s", c.room, looked, text)
		}
	}
}
