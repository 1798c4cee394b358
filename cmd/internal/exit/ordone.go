package exit

import (
	"context"
	"errors"
)

// OrDone returns what a function returns, or an error as soon as the context is done: a
// function that reads from a pipe may wait for ever.
func OrDone[T any](ctx context.Context, work func() (T, error)) (T, error) {
	type outcome struct {
		value T
		err   error
	}
	done := make(chan outcome, 1)
	go func() {
		value, err := work()
		done <- outcome{value, err}
	}()
	select {
	case result := <-done:
		return result.value, result.err
	case <-ctx.Done():
		return *new(T), Failed(errors.New("ended before the input was read"))
	}
}
