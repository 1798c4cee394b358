package main

import (
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/losantmock/losantmock/contract"
)

// reportInterval is how often a run says how far it is where nobody watches.
const reportInterval = 30 * time.Second

// progress shows how far a run is: on a terminal in a line that is written over,
// elsewhere in a line every 30 seconds.
type progress struct {
	w        io.Writer
	terminal bool
	done     func() // ends the lines in between

	mu               sync.Mutex
	tried, all, sent int
	title            string
}

// showProgress begins to show progress. It must be stopped.
func showProgress(w io.Writer, terminal bool) *progress {
	p := &progress{w: w, terminal: terminal, done: func() {}}
	if !terminal {
		p.done = p.reportNowAndThen()
	}
	return p
}

// reportNowAndThen writes a line at each interval, until it is told that all is done.
func (p *progress) reportNowAndThen() (done func()) {
	ended := make(chan struct{})
	var running sync.WaitGroup
	running.Go(func() {
		ticker := time.NewTicker(reportInterval)
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
	short := whileLong(p.w, "checking: some hundreds of requests, two a second to the real API")
	return func() {
		short()
		close(ended)
		running.Wait()
	}
}

// begin notes that a case begins.
func (p *progress) begin(done, all int, title string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.tried, p.all, p.title = done, all, title
	if p.terminal {
		fmt.Fprintf(p.w, "\r\x1b[K[%d/%d] %s", done+1, all, title)
	}
}

// count notes that a request was sent.
func (p *progress) count(string, *contract.Exchange) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.sent++
}

// stop ends what is shown, and clears the line of a terminal.
func (p *progress) stop() {
	p.done()
	if p.terminal {
		fmt.Fprint(p.w, "\r\x1b[K")
	}
}
