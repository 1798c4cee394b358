package exit

import (
	"os"
	"os/signal"
	"syscall"
)

// Signals returns the signals that end the program in order. SIGHUP, which a
// closed terminal sends, is one of them unless the caller ignores it, as nohup does.
func Signals() []os.Signal {
	signals := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) {
		signals = append(signals, syscall.SIGHUP)
	}
	return signals
}

// OnSecondSignal calls a function at the second Ctrl-C or SIGTERM, unless stop is called
// before. The first one ends the context of the program.
func OnSecondSignal(leave func()) (stop func()) {
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, Signals()...)
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
