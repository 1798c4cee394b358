package recorder

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"

	"github.com/losantmock/losantmock/mockserver/journal"
)

// File is the journal on disk: a line of JSON for each request.
type File struct {
	logger *slog.Logger
	Strict bool // whether the response to a request that can't be written is 503

	mu      sync.Mutex
	file    *os.File
	size    int64 // up to the end of the last whole line
	written uint64
	lost    uint64
	problem error // of the latest write; nil if it succeeded
}

// FileState is what health reports of the file.
type FileState struct {
	Path    string `json:"path"`
	Written uint64 `json:"written"`
	// Lost counts requests that could not be written. Problem is the latest
	// reason; it is blank when writing works again.
	Lost    uint64 `json:"lost"`
	Problem string `json:"problem,omitempty"`
}

// OpenFile opens a file to append to. It cuts off a torn line at the end, which a
// process leaves that is killed in the middle of a write.
func OpenFile(path string, strict bool, logger *slog.Logger) (*File, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return nil, fmt.Errorf("journal file: %w", err)
	}
	f := &File{logger: logger, Strict: strict, file: file}
	torn, err := f.cutTornLine()
	if err != nil {
		return nil, errors.Join(fmt.Errorf("journal file %s: %w", path, err), file.Close())
	}
	if torn > 0 {
		logger.Warn("cut a torn line off the journal file", "path", path, "bytes", torn)
	}
	return f, nil
}

// cutTornLine cuts off what follows the last line break, and returns how many
// bytes that were.
func (f *File) cutTornLine() (int64, error) {
	info, err := f.file.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return 0, err // a device has no tail
	}
	end := info.Size()
	const block = 64 << 10
	buffer := make([]byte, block)
	for f.size = end; f.size > 0; {
		n := min(block, f.size)
		if _, err := f.file.ReadAt(buffer[:n], f.size-n); err != nil {
			return 0, err
		}
		if i := bytes.LastIndexByte(buffer[:n], '\n'); i >= 0 {
			f.size += int64(i) + 1 - n
			break
		}
		f.size -= n
	}
	if f.size == end {
		return 0, nil
	}
	return end - f.size, f.file.Truncate(f.size)
}

// Write appends a request. A line that could not be written whole is cut off
// again, so that the file has whole lines alone. Write reports whether the
// request is in the file.
func (f *File) Write(r journal.Request) bool {
	line, err := r.Line()
	if err == nil {
		err = f.append(line)
	}
	f.note(err)
	return err == nil
}

func (f *File) append(line []byte) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	n, err := f.file.Write(line)
	if err != nil {
		if n > 0 {
			err = errors.Join(err, f.file.Truncate(f.size))
		}
		return err
	}
	f.size += int64(n)
	return nil
}

// note counts a write, and logs when writing begins to fail or works again.
func (f *File) note(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err != nil {
		f.lost++
		if f.problem == nil {
			f.logger.Error("the journal file can't be written", "path", f.file.Name(), "problem", err)
		}
	} else {
		f.written++
		if f.problem != nil {
			f.logger.Warn("the journal file is written again", "path", f.file.Name(), "lost", f.lost)
		}
	}
	f.problem = err
}

// State returns what health reports of the file; nil for a nil file.
func (f *File) State() *FileState {
	if f == nil {
		return nil
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	s := &FileState{Path: f.file.Name(), Written: f.written, Lost: f.lost}
	if f.problem != nil {
		s.Problem = f.problem.Error()
	}
	return s
}
