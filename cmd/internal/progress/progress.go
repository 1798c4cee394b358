// Package progress shows how far a run of a suite is.
package progress

import (
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/losantmock/losantmock/contract"
)

// interval is the time between two lines where there is no terminal.
const interval = 30 * time.Second

// Progress shows how far a run is: on a terminal in a line that is written over,
// elsewhere in a line every 30 seconds. It is safe for concurrent use.
type Progress struct {
	w        io.Writer
	terminal bool
	done     func() // ends the lines in between

	mu               sync.Mutex
	tried, all, sent int
	title            string
}

// Show begins to show the progress of a run. The caller stops it.
func Show(w io.Writer, terminal bool) *Progress {
	p := &Progress{w: w, terminal: terminal, done: func() {}}
	if !terminal {
		p.done = p.reportNowAndThen()
	}
	return p
}

// reportNowAndThen writes a line at each interval, until it is told that all is done.
func (p *Progress) reportNowAndThen() (done func()) {
	ended := make(chan struct{})
	var running sync.WaitGroup
	running.Go(func() {
		ticker := time.NewTicker(interval)
		defer ticker.Stop()
		for {
			select {
			case <-ticker.C:
				p.mu.Lock()
				fmt.Fprintf(p.w, "losantmock: checking: %d of %d cases, %d requests: %s ...\n", p.tried, p.all, p.sent, p.title)
				p.mu.Unlock()
			case <-ended:
				return
			}
		}
	})
	return func() {
		close(ended)
		running.Wait()
	}
}

// Begin notes that a case begins.
func (p *Progress) Begin(done, all int, title string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.tried, p.all, p.title = done, all, title
	if p.terminal {
		fmt.Fprintf(p.w, "\r\x1b[K[%d/%d] %s", done+1, all, title)
	}
}

// Count notes that a request was sent.
func (p *Progress) Count(string, *contract.Exchange) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.sent++
}

// Stop ends what is shown, and clears the line of a terminal.
func (p *Progress) Stop() {
	p.done()
	if p.terminal {
		fmt.Fprint(p.w, "\r\x1b[K")
	}
}

// Estimate returns how long a run of some requests takes, with a pace between them and
// a time in which calls are held.
func Estimate(requests int, pace, held time.Duration) string {
	about := (time.Duration(requests)*pace + held).Round(time.Second)
	switch {
	case about == 0:
		return "some seconds, without a pause between them on this machine"
	case pace == 0:
		return fmt.Sprintf("about %s, without a pause between them on this machine", about)
	default:
		return fmt.Sprintf("about %s, with %s between them", about, pace)
	}
}
