// Package exit ends the program: with a code that says how its work ended, and with what
// is printed of an error.
package exit

import (
	"errors"
	"fmt"
	"io"

	"github.com/losantmock/losantmock/contract/visible"
)

// How the program ends, as README.md lists it.
const (
	CodeOK     = 0
	CodeFailed = 1 // the check failed, or the work could not be done
	CodeUsage  = 2 // the program was called wrongly
	CodeUnsure = 3 // what was to be checked could not be
)

// exitError is an error with the code that the program ends with. An error of any other
// type is one of how the program was called.
type exitError struct {
	code int
	err  error // nil if all was printed already
}

// Error returns the message of the error.
func (e *exitError) Error() string {
	if e.err == nil {
		return fmt.Sprintf("ended with %d", e.code)
	}
	return e.err.Error()
}

// Unwrap returns the error without the code.
func (e *exitError) Unwrap() error { return e.err }

// Failed returns the error of a check that failed, or of work that can't be done.
func Failed(err error) error { return &exitError{CodeFailed, err} }

// Misused returns the error of something that the caller named wrongly: a file, a
// pattern, a webhook. No help of the command would say more.
func Misused(err error) error { return &exitError{CodeUsage, err} }

// Unsure returns the error of what could not be checked: no server responds, or its
// journal is incomplete.
func Unsure(err error) error { return &exitError{CodeUnsure, err} }

// WithError returns the error of work that ends with a code.
func WithError(code int, err error) error { return &exitError{code, err} }

// With returns the end of a program that has printed all there is to say; nil if
// all is well.
func With(code int) error {
	if code == CodeOK {
		return nil
	}
	return &exitError{code: code}
}

// CheckedWriter is the standard output. It remembers why a write failed, so that no
// command ends well whose output is not complete.
type CheckedWriter struct {
	io.Writer
	err error // of the first write that failed
}

// Write writes, unless an earlier write failed.
func (w *CheckedWriter) Write(p []byte) (n int, err error) {
	if w.err == nil {
		n, w.err = w.Writer.Write(p)
	}
	return n, w.err
}

// Unchecked returns the output for what the work does not depend on, such as the
// greeting of a server.
func Unchecked(w io.Writer) io.Writer {
	if out, ok := w.(*CheckedWriter); ok {
		return out.Writer
	}
	return w
}

// ErrorOf returns the error of a command, which fails if its output could not be
// written: the disk is full, or the program behind a pipe has ended.
func (w *CheckedWriter) ErrorOf(err error) error {
	if w.err != nil && (err == nil || errors.Is(err, w.err)) {
		return Failed(fmt.Errorf("can't write the output: %w", w.err))
	}
	return err
}

// CodeOf returns the code that the program ends with after an error; nil is none.
func CodeOf(err error) int {
	var e *exitError
	switch {
	case err == nil:
		return CodeOK
	case !errors.As(err, &e):
		return CodeUsage
	default:
		return e.code
	}
}

// Report prints an error of a command, and returns the code that the program ends
// with.
func Report(stderr io.Writer, command string, err error) int {
	var e *exitError
	code := CodeOf(err)
	switch {
	case err == nil:
	case !errors.As(err, &e):
		fmt.Fprintf(stderr, "losantmock: %s\nTry %s --help.\n", visible.Lines(err.Error()), command)
	case e.err == nil:
	case code == CodeUnsure:
		fmt.Fprintf(stderr, "losantmock: could not check: %s\n", visible.Lines(err.Error()))
	default:
		fmt.Fprintf(stderr, "losantmock: %s\n", visible.Lines(err.Error()))
	}
	return code
}
