package main

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

// target is a file that is written when work is done. It is opened before the
// work begins: what was learnt is not lost to a path that can't be written.
type target struct {
	path   string // behind symbolic links
	file   *os.File
	direct bool // whether the file itself is open, such as a device, and no temporary one
}

// openTarget opens a target, and returns an error of how the program was called if
// that is not possible. It does not wait for a program that reads a pipe.
func openTarget(path string) (*target, error) {
	info, err := os.Stat(path)
	t := &target{path: path, direct: err == nil && !info.Mode().IsRegular()}
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
		return nil, misused(fmt.Errorf("%s can't be written: %w", path, err))
	}
	return t, nil
}

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

// sameFile reports whether one of two targets would replace the other.
func (t *target) sameFile(other *target) bool {
	if t.direct || other.direct {
		return false
	}
	a, err := filepath.Abs(t.path)
	b, otherErr := filepath.Abs(other.path)
	return err == nil && otherErr == nil && a == b
}

// unreadPatience is how long a program that was told to end waits for another that
// reads a target.
const unreadPatience = 5 * time.Second

// write writes the file in one go, for its owner alone to read: a file that was
// there stays whole if writing fails. Once the context is done, a pipe that no
// program reads ends the write.
func (t *target) write(ctx context.Context, write func(io.Writer) error) error {
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

// discard removes what is left of a target that was not written. It does nothing
// after a write.
func (t *target) discard() {
	_ = t.file.Close() // it may be closed
	if !t.direct {
		_ = os.Remove(t.file.Name()) // it may be renamed
	}
}

func discardAll(targets []*target) {
	for _, t := range targets {
		t.discard()
	}
}
