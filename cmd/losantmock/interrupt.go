package main

import (
	"os"
	"os/signal"
)

// onSecondSignal calls a function at the second Ctrl-C or SIGTERM, unless stop is called
// before. The first one ends the context of the program.
func onSecondSignal(leave func()) (stop func()) {
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
		leave()
	}()
	return func() {
		signal.Stop(signals)
		close(done)
	}
}
