package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// target is a file that is written when work is done. It is opened before the
// work begins: what was learnt is not lost to a path that can't be written.
type target struct {
	path   string
	file   *os.File
	direct bool // whether the file itself is open, such as a device, and no temporary one
}

// openTarget opens a target, and returns an error of how the program was called if
// that is not possible.
func openTarget(path string) (*target, error) {
	info, err := os.Stat(path)
	t := &target{path: path, direct: err == nil && !info.Mode().IsRegular()}
	if t.direct {
		t.file, err = os.OpenFile(path, os.O_WRONLY, 0)
	} else {
		t.file, err = os.CreateTemp(filepath.Dir(path), ".losantmock-*")
	}
	if err != nil {
		return nil, misused(fmt.Errorf("%s can't be written: %w", path, err))
	}
	return t, nil
}

// write writes the file in one go, for its owner alone to read: a file that was
// there stays whole if writing fails.
func (t *target) write(write func(io.Writer) error) error {
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
