package main

import (
	"os"
	"os/signal"

	"github.com/losantmock/losantmock/cmd/internal/exit"
)

// whileInterrupted ends the program at the second Ctrl-C or SIGTERM, once it has called
// a function, until stop is called. The first one ends the context of the program.
func whileInterrupted(last func()) (stop func()) {
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, endSignals()...)
	done := make(chan struct{})
	go func() {
		for range 2 {
			select {
			case <-signals:
			case <-done:
				return
			}
		}
		last()
		os.Exit(exit.CodeUnsure)
	}()
	return func() {
		signal.Stop(signals)
		close(done)
	}
}
