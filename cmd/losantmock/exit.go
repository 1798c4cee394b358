package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/losantmock/losantmock/contract/visible"
)

// How the program ends, as README.md lists it.
const (
	exitOK     = 0
	exitFailed = 1 // the check failed, or the work could not be done
	exitUsage  = 2 // the program was called wrongly
	exitUnsure = 3 // what was to be checked could not be
)

// exit is an error with the code that the program ends with. An error of any other
// type is one of how the program was called.
type exit struct {
	code int
	err  error // nil if all was printed already
}

// Error returns the message of the error.
func (e *exit) Error() string {
	if e.err == nil {
		return fmt.Sprintf("ended with %d", e.code)
	}
	return e.err.Error()
}

// Unwrap returns the error without the code.
func (e *exit) Unwrap() error { return e.err }

// failed returns the error of a check that failed, or of work that can't be done.
func failed(err error) error { return &exit{exitFailed, err} }

// misused returns the error of something that the caller named wrongly: a file, a
// pattern, a webhook. No help of the command would say more.
func misused(err error) error { return &exit{exitUsage, err} }

// unsure returns the error of what could not be checked: no server responds, or its
// journal is incomplete.
func unsure(err error) error { return &exit{exitUnsure, err} }

// ended returns the end of a program that has printed all there is to say; nil if
// all is well.
func ended(code int) error {
	if code == exitOK {
		return nil
	}
	return &exit{code: code}
}

// orDone returns what a function returns, or an error as soon as the context is done: a
// function that reads from a pipe may wait for ever.
func orDone[T any](ctx context.Context, work func() (T, error)) (T, error) {
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
		return *new(T), failed(errors.New("ended before the input was read"))
	}
}

// checkedWriter is the standard output. It remembers why a write failed, so that no
// command ends well whose output is not complete.
type checkedWriter struct {
	io.Writer
	err error // of the first write that failed
}

// Write writes, unless an earlier write failed.
func (w *checkedWriter) Write(p []byte) (n int, err error) {
	if w.err == nil {
		n, w.err = w.Writer.Write(p)
	}
	return n, w.err
}

// unchecked returns the output for what the work does not depend on, such as the
// greeting of a server.
func unchecked(w io.Writer) io.Writer {
	if out, ok := w.(*checkedWriter); ok {
		return out.Writer
	}
	return w
}

// exitOf returns the error of a command, which fails if its output could not be
// written: the disk is full, or the program behind a pipe has ended.
func (w *checkedWriter) exitOf(err error) error {
	if w.err != nil && (err == nil || errors.Is(err, w.err)) {
		return failed(fmt.Errorf("can't write the output: %w", w.err))
	}
	return err
}

// reportExit prints an error of a command, and returns the code that the program ends
// with.
func reportExit(stderr io.Writer, command string, err error) int {
	var e *exit
	switch {
	case err == nil:
		return exitOK
	case !errors.As(err, &e):
		fmt.Fprintf(stderr, "losantmock: %s\nTry %s --help.\n", visible.Lines(err.Error()), command)
		return exitUsage
	case e.err == nil:
	case e.code == exitUnsure:
		fmt.Fprintf(stderr, "losantmock: could not check: %s\n", visible.Lines(err.Error()))
	default:
		fmt.Fprintf(stderr, "losantmock: %s\n", visible.Lines(err.Error()))
	}
	return e.code
}
