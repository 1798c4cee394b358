package recorder

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"

	"github.com/losantmock/losantmock/mockserver/journal"
)

// File is the journal on disk: a line of JSON for each request.
//
// Other programs may change the file while it is written. It is looked at before
// and after each line, so that a file that was removed or renamed is made anew,
// the line that was written meanwhile is written again, and nothing is written
// behind the end of a file that was truncated.
type File struct {
	path   string
	Strict bool  // whether the response to a request that can't be written is 503
	rotate int64 // the size in bytes that the file does not exceed; 0 for none
	logger *slog.Logger

	mu      sync.Mutex
	disk    *os.File    // nil if it could not be made anew, or is closed
	seen    os.FileInfo // of the file after the latest look; nil if it is no regular file
	base    int64       // the size of what the file held before
	here    uint64      // how many lines were written to the file since
	written uint64
	lost    uint64
	problem error  // of the latest write; nil if it succeeded
	damage  string // the latest change by another program; blank for none
	closed  bool
	shared  bool   // whether another program appends to it
	news    []news // to log when the lock is free
}

// FileSettings are how a journal file is kept.
type FileSettings struct {
	Path   string
	Strict bool  // whether the response to a request that can't be written is 503
	Rotate int64 // the size in bytes at which the file is renamed to Path.1; 0 for none
}

// FileState is what health reports of the file.
type FileState struct {
	Path string `json:"path"`
	// Written counts the requests that were written and are still in the file, or
	// in one that was rotated.
	Written uint64 `json:"written"`
	// Lost counts requests that could not be written, or that another program has
	// removed from the file. Problem is why the latest could not be written; it is
	// blank when writing works again.
	Lost    uint64 `json:"lost"`
	Problem string `json:"problem,omitempty"`
	// Damage is the latest change of the file by another program.
	Damage string `json:"damage,omitempty"`
}

// OpenFile opens a file to append to. It cuts off a torn line at the end, which a
// process leaves that is killed in the middle of a write.
func OpenFile(set FileSettings, logger *slog.Logger) (*File, error) {
	f := &File{path: set.Path, Strict: set.Strict, rotate: set.Rotate, logger: logger}
	defer f.logNews()
	return f, f.open()
}

// Write appends a request. A line that could not be written whole is cut off
// again, so that the file has whole lines alone. Write reports whether the
// request is in the file.
func (f *File) Write(r journal.Request) bool {
	line, err := r.Line()
	defer f.logNews()
	f.mu.Lock()
	defer f.mu.Unlock()
	if err == nil {
		err = f.append(line)
	}
	f.note(err)
	return err == nil
}

// attempts is how often a line is written if other programs remove it.
const attempts = 3

// append appends a line, and makes sure that it is in the file of the path.
func (f *File) append(line []byte) error {
	for range attempts {
		if err := f.look(); err != nil {
			return err
		}
		if err := f.makeRoom(int64(len(line))); err != nil {
			return err
		}
		if err := f.write(line); err != nil {
			return err
		}
		kept, err := f.keeps(int64(len(line)))
		if err != nil || kept {
			return err
		}
	}
	return errors.New("another program removes what is written")
}

// write appends a line, or nothing.
func (f *File) write(line []byte) error {
	n, err := f.disk.Write(line)
	if err != nil && n > 0 && f.seen != nil {
		err = errors.Join(err, f.disk.Truncate(f.seen.Size()))
		f.seen, _ = f.disk.Stat()
	}
	return err
}

// keeps reports whether a file has a line of some bytes that was just written. None
// has it if the file was removed or truncated meanwhile; one that was renamed does.
func (f *File) keeps(n int64) (bool, error) {
	if f.seen == nil {
		return true, nil
	}
	now, err := os.Stat(f.path)
	if err != nil || !os.SameFile(now, f.seen) {
		open, err := f.disk.Stat()
		return err == nil && !removed(open), nil // look finds out what has happened
	}
	if now.Size() < n {
		return false, nil
	}
	if now.Size() >= f.seen.Size()+n {
		f.seen = now
		f.here++
		return true, nil
	}
	// It was truncated before the line was written.
	f.damaged(now.Size()-n, "truncated")
	f.seen = now
	f.here++
	return true, nil
}

// makeRoom renames the file if so many bytes more are too many for it.
func (f *File) makeRoom(n int64) error {
	if f.rotate == 0 || f.seen == nil || f.seen.Size() == 0 || f.seen.Size()+n <= f.rotate {
		return nil
	}
	if err := os.Rename(f.path, f.path+".1"); err != nil {
		return fmt.Errorf("the file can't be rotated: %w", err)
	}
	return f.reopen()
}

// note counts a write.
func (f *File) note(err error) {
	if err != nil {
		f.lost++
		if f.problem == nil {
			f.tell(slog.LevelError, "the journal file can't be written", "problem", err)
		}
	} else {
		f.written++
		if f.problem != nil {
			f.tell(slog.LevelWarn, "the journal file is written again", "lost", f.lost)
		}
	}
	f.problem = err
}

// State returns what health reports of the file; nil for a nil file.
func (f *File) State() *FileState {
	if f == nil {
		return nil
	}
	f.Look()
	f.mu.Lock()
	defer f.mu.Unlock()
	s := &FileState{Path: f.path, Written: f.written, Lost: f.lost, Damage: f.damage}
	if f.problem != nil {
		s.Problem = f.problem.Error()
	}
	return s
}

// lookInterval is how often [File.Watch] looks at a file that is not written.
const lookInterval = time.Second

// Watch looks at the file at intervals, until the context is done. It ignores a
// nil file.
func (f *File) Watch(ctx context.Context) {
	if f == nil {
		return
	}
	ticker := time.NewTicker(lookInterval)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			f.Look()
		case <-ctx.Done():
			return
		}
	}
}

// Close closes the file. What is written afterwards is lost. It ignores a nil file.
func (f *File) Close() error {
	if f == nil {
		return nil
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.closed = true
	return f.release()
}
