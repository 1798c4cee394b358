// Package output writes files when work is done, and finds out before it begins whether
// that is possible.
package output

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// Target is a file that is written when work is done. It is opened before the
// work begins: what was learnt is not lost to a path that can't be written.
type Target struct {
	path   string // behind symbolic links
	file   *os.File
	direct bool // whether the file itself is open, such as a device, and no temporary one
}

// Open opens a target. It does not wait for a program that reads a pipe.
func Open(path string) (*Target, error) {
	info, err := os.Stat(path)
	t := &Target{path: path, direct: err == nil && !info.Mode().IsRegular()}
	if t.direct {
		t.file, err = os.OpenFile(path, os.O_WRONLY|syscall.O_NONBLOCK, 0)
	} else {
		t.path = behindLinks(path)
		t.file, err = os.CreateTemp(filepath.Dir(t.path), ".losantmock-*")
	}
	if errors.Is(err, syscall.ENXIO) {
		err = fmt.Errorf("no program reads the pipe: %w", err)
	}
	if err != nil {
		return nil, fmt.Errorf("%s can't be written: %w", path, err)
	}
	return t, nil
}

// Path returns the path of the file that is written, behind symbolic links.
func (t *Target) Path() string { return t.path }

// mostLinks is how many symbolic links are followed, as on Linux.
const mostLinks = 40

// behindLinks returns the file that a path leads to, which need not be there.
func behindLinks(path string) string {
	for range mostLinks {
		to, err := os.Readlink(path)
		if err != nil {
			break
		}
		if !filepath.IsAbs(to) {
			to = filepath.Join(filepath.Dir(path), to)
		}
		path = to
	}
	return path
}

// SameFile reports whether one of two targets would replace the other.
func (t *Target) SameFile(other *Target) bool {
	if t.direct || other.direct {
		return false
	}
	a, err := filepath.Abs(t.path)
	b, otherErr := filepath.Abs(other.path)
	return err == nil && otherErr == nil && a == b
}

// Replaces reports whether the target is written over a file that is there.
func (t *Target) Replaces(file string) bool {
	own, err := os.Stat(t.path)
	other, otherErr := os.Stat(file)
	return err == nil && otherErr == nil && os.SameFile(own, other)
}

// unreadPatience is how long a program that was told to end waits for another that
// reads a target.
const unreadPatience = 5 * time.Second

// Write writes the file in one go, for its owner alone to read: a file that was
// there stays whole if writing fails. Once the context is done, a pipe that no
// program reads ends the write.
func (t *Target) Write(ctx context.Context, write func(io.Writer) error) error {
	stop := context.AfterFunc(ctx, func() {
		_ = t.file.SetWriteDeadline(time.Now().Add(unreadPatience)) // a file has none, and does not wait
	})
	defer stop()
	err := write(t.file)
	if !t.direct {
		err = errors.Join(err, t.file.Sync())
	}
	err = errors.Join(err, t.file.Close())
	if err == nil && !t.direct {
		err = os.Rename(t.file.Name(), t.path)
	}
	return err
}

// Discard removes what is left of a target that was not written. It does nothing
// after a write.
func (t *Target) Discard() {
	_ = t.file.Close() // it may be closed
	if !t.direct {
		_ = os.Remove(t.file.Name()) // it may be renamed
	}
}

// DiscardAll discards targets.
func DiscardAll(targets []*Target) {
	for _, t := range targets {
		t.Discard()
	}
}
