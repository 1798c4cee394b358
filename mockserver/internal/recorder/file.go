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
	Strict bool // whether a request that can't be written is answered with 503

	mu      sync.Mutex
	file    *os.File
	size    int64 // up to the end of the last whole line
	written uint64
	lost    uint64
	problem error // of the latest write; nil when it went well
}

// FileState is what health tells of the file.
type FileState struct {
	Path    string `json:"path"`
	Written uint64 `json:"written"`
	// Lost counts requests that could not be written. Problem says why the
	// latest of them could not; it is blank when writing works again.
	Lost    uint64 `json:"lost"`
	Problem string `json:"problem,omitempty"`
}

// OpenFile opens a file to append to and cuts off a torn line at its
// end, which a process leaves that is killed in the middle of a write.
func OpenFile(path string, strict bool, logger *slog.Logger) (*File, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return nil, fmt.Errorf("journal file: %w", err)
	}
	j := &File{logger: logger, Strict: strict, file: file}
	torn, err := j.cutTornLine()
	if err != nil {
		return nil, errors.Join(fmt.Errorf("journal file %s: %w", path, err), file.Close())
	}
	if torn > 0 {
		logger.Warn("cut a torn line off the journal file", "path", path, "bytes", torn)
	}
	return j, nil
}

// cutTornLine finds the last end of a line and tells how many bytes it cut off
// behind it.
func (j *File) cutTornLine() (int64, error) {
	info, err := j.file.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return 0, err // a device has no tail
	}
	end := info.Size()
	const block = 64 << 10
	buffer := make([]byte, block)
	for j.size = end; j.size > 0; {
		n := min(block, j.size)
		if _, err := j.file.ReadAt(buffer[:n], j.size-n); err != nil {
			return 0, err
		}
		if i := bytes.LastIndexByte(buffer[:n], '\n'); i >= 0 {
			j.size += int64(i) + 1 - n
			break
		}
		j.size -= n
	}
	if j.size == end {
		return 0, nil
	}
	return end - j.size, j.file.Truncate(j.size)
}

// Write appends a request. A line that could not be written whole is cut off
// again, so that the file has whole lines alone; the next request is tried
// anew. It tells whether the request is in the file.
func (j *File) Write(r journal.Request) bool {
	line, err := r.Line()
	if err == nil {
		err = j.append(line)
	}
	j.note(err)
	return err == nil
}

func (j *File) append(line []byte) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	n, err := j.file.Write(line)
	if err != nil {
		if n > 0 {
			err = errors.Join(err, j.file.Truncate(j.size))
		}
		return err
	}
	j.size += int64(n)
	return nil
}

// note counts a write, and logs when writing begins to fail or works again.
func (j *File) note(err error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if err != nil {
		j.lost++
		if j.problem == nil {
			j.logger.Error("the journal file can't be written", "path", j.file.Name(), "problem", err)
		}
	} else {
		j.written++
		if j.problem != nil {
			j.logger.Warn("the journal file is written again", "path", j.file.Name(), "lost", j.lost)
		}
	}
	j.problem = err
}

func (j *File) State() *FileState {
	if j == nil {
		return nil
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	s := &FileState{Path: j.file.Name(), Written: j.written, Lost: j.lost}
	if j.problem != nil {
		s.Problem = j.problem.Error()
	}
	return s
}
