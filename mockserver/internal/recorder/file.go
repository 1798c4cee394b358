package recorder

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/losantmock/losantmock/mockserver/journal"
)

// File is the journal on disk: a line of JSON for each request.
//
// Other programs may change the file while it is written. Before and after each
// line its place and size are looked at, so that a file that was removed, renamed
// or replaced is opened anew, and a line that was removed meanwhile is written
// again. Once a second the newest [comparedBytes] that were written are read and
// compared, if the file has changed: a line among them that was written over is
// found within that time.
//
// The file may also be a device or a pipe, which is written and never read. A pipe
// that nobody reads delays a request by [devicePatience] at most.
type File struct {
	path   string
	Strict bool  // whether the response to a request that can't be written is 503
	rotate int64 // the size in bytes that the file does not exceed; 0 for none
	logger *slog.Logger
	shown  atomic.Pointer[FileState] // as of the end of the latest turn

	turn    sync.Mutex  // held while the file is looked at or written; guards what follows
	disk    *os.File    // nil if it could not be made anew, or is closed
	seen    os.FileInfo // of the file after the latest look; nil if it is no regular file
	checked os.FileInfo // of the file when its lines were compared; nil if they are to be compared
	whole   bool        // whether the file is known to end with a line break
	base    int64       // the size of what the file held before
	lines   fileLines   // what was written to the file since
	written uint64
	lost    uint64
	problem error  // of the latest write; nil if it succeeded
	damage  string // the latest change by another program; blank for none
	closed  bool
	shared  bool   // whether another program appends to it
	news    []news // to log after the turn
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
	// Written counts the requests that were written and not found to be lost. They
	// are in the file, or in one that it was renamed to. A rotation removes the file
	// of the one before, whose requests still count.
	Written uint64 `json:"written"`
	// Lost counts requests that could not be written, or that another program has
	// removed from the file or written over. Problem is why the latest could not be
	// written; it is blank when writing works again.
	Lost    uint64 `json:"lost"`
	Problem string `json:"problem,omitempty"`
	// Damage is the latest change of the file by another program.
	Damage string `json:"damage,omitempty"`
}

// OpenFile opens a file to append to. It cuts off a torn line at the end, which a
// process leaves that is killed in the middle of a write. It fails for a pipe that
// no program reads.
func OpenFile(set FileSettings, logger *slog.Logger) (*File, error) {
	f := &File{path: set.Path, Strict: set.Strict, rotate: set.Rotate, logger: logger}
	f.turn.Lock()
	defer f.endTurn()
	if err := f.open(); err != nil {
		return nil, err
	}
	if err := f.cutTornLine(); err != nil {
		_ = f.release() // the first error says more
		return nil, fmt.Errorf("journal file %s: %w", f.path, err)
	}
	return f, nil
}

// Write appends a request. A line that could not be written whole is cut off
// again, so that the file has whole lines alone. Write reports whether the
// request is in the file.
func (f *File) Write(r journal.Request) bool {
	line, err := r.Line()
	f.turn.Lock()
	defer f.endTurn()
	if err == nil {
		err = f.append(line)
	}
	f.note(err)
	return err == nil
}

// State returns what health reports of the file; nil for a nil file. It does not
// wait for a write.
func (f *File) State() *FileState {
	if f == nil {
		return nil
	}
	f.Look()
	return f.shown.Load()
}

// Look finds out whether another program has changed the file. While the file is
// written it does nothing: it does not wait.
func (f *File) Look() {
	if !f.turn.TryLock() {
		return
	}
	defer f.endTurn()
	if err := f.look(); err == nil { // what can't be opened is tried again at the next write
		f.compareNewest()
	}
}

// lookInterval is how often [File.Watch] looks at a file.
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

// Reopen opens the file of the path anew, as after it was renamed. It ignores a
// nil file.
func (f *File) Reopen() error {
	if f == nil {
		return nil
	}
	f.turn.Lock()
	defer f.endTurn()
	f.tell(slog.LevelInfo, "the journal file is opened again")
	return f.reopen()
}

// Close closes the file. What is written afterwards is lost. It ignores a nil file.
func (f *File) Close() error {
	if f == nil {
		return nil
	}
	f.turn.Lock()
	defer f.endTurn()
	f.closed = true
	return f.release()
}

// news is a message for the log.
type news struct {
	level   slog.Level
	message string
	fields  []any
}

// tell keeps a message until the turn ends.
func (f *File) tell(level slog.Level, message string, fields ...any) {
	f.news = append(f.news, news{level, message, append([]any{"path", f.path}, fields...)})
}

// endTurn shows the state of the file, lets the next caller have its turn, and logs
// what was kept.
func (f *File) endTurn() {
	s := &FileState{Path: f.path, Written: f.written, Lost: f.lost, Damage: f.damage}
	if f.problem != nil {
		s.Problem = f.problem.Error()
	}
	f.shown.Store(s)
	all := f.news
	f.news = nil
	f.turn.Unlock()
	for _, n := range all {
		f.logger.Log(context.Background(), n.level, n.message, n.fields...)
	}
}
