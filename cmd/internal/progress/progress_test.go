package progress_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/losantmock/losantmock/cmd/internal/progress"
)

// Where nobody watches, a run says every 30 seconds how far it is, and a terminal has
// a line that is written over.
func TestProgress(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var log, screen strings.Builder
		inLog, onScreen := progress.Show(&log, false), progress.Show(&screen, true)
		for i, title := range []string{"reaching the application", "pages of a list"} {
			for _, p := range []*progress.Progress{inLog, onScreen} {
				p.Begin(i, 9, title)
				p.Count("", nil)
			}
			time.Sleep(31 * time.Second) // of the bubble
		}
		inLog.Stop()
		onScreen.Stop()
		time.Sleep(time.Hour)
		const lines = "losantmock: checking: 0 of 9 cases, 1 requests: reaching the application ...\n" +
			"losantmock: checking: 1 of 9 cases, 2 requests: pages of a list ...\n"
		if log.String() != lines {
			t.Errorf("%s", log.String())
		}
		if got := screen.String(); got != "\r\x1b[K[1/9] reaching the application\r\x1b[K[2/9] pages of a list\r\x1b[K" {
			t.Errorf("%q", got)
		}
	})
}
