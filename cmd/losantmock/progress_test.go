package main

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// Where nobody watches, a run says every 30 seconds how far it is, and a terminal has
// a line that is written over.
func TestProgress(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var log, screen strings.Builder
		inLog, onScreen := showProgress(&log, false), showProgress(&screen, true)
		for i, title := range []string{"reaching the application", "pages of a list"} {
			for _, p := range []*progress{inLog, onScreen} {
				p.begin(i, 9, title)
				p.count("", nil)
			}
			time.Sleep(31 * time.Second) // of the bubble
		}
		inLog.stop()
		onScreen.stop()
		time.Sleep(time.Hour)
		const lines = "losantmock: checking: some hundreds of requests, two a second to the real API ...\n" +
			"losantmock: checking: 0 of 9 cases, 1 requests: reaching the application ...\n" +
			"losantmock: checking: 1 of 9 cases, 2 requests: pages of a list ...\n"
		if log.String() != lines {
			t.Errorf("%s", log.String())
		}
		if got := screen.String(); got != "\r\x1b[K[1/9] reaching the application\r\x1b[K[2/9] pages of a list\r\x1b[K" {
			t.Errorf("%q", got)
		}
	})
}
