package recorder

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
)

// open opens the file of the path, makes it if there is none, and cuts off a torn
// line.
func (f *File) open() error {
	disk, err := os.OpenFile(f.path, os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return fmt.Errorf("journal file: %w", err)
	}
	f.disk, f.seen, f.base, f.here = disk, nil, 0, 0
	if err := f.cutTornLine(); err != nil {
		return errors.Join(fmt.Errorf("journal file %s: %w", f.path, err), f.release())
	}
	if f.seen != nil {
		f.base = f.seen.Size()
	}
	return nil
}

// Reopen opens the file of the path anew, as after it was renamed. It ignores a
// nil file.
func (f *File) Reopen() error {
	if f == nil {
		return nil
	}
	defer f.logNews()
	f.mu.Lock()
	defer f.mu.Unlock()
	f.tell(slog.LevelInfo, "the journal file is opened again")
	return f.reopen()
}

func (f *File) reopen() error {
	if f.closed {
		return os.ErrClosed
	}
	_ = f.release() // all was written
	return f.open()
}

// release closes what is open.
func (f *File) release() error {
	if f.disk == nil {
		return nil
	}
	err := f.disk.Close()
	f.disk = nil
	return err
}

// Look finds out whether another program has changed the file.
func (f *File) Look() {
	defer f.logNews()
	f.mu.Lock()
	defer f.mu.Unlock()
	_ = f.look() // what can't be opened is tried again at the next write
}

// look compares the file of the path with the one that was seen last. A file that
// is gone is made anew.
func (f *File) look() error {
	switch {
	case f.closed:
		return os.ErrClosed
	case f.disk == nil:
		return f.open()
	case f.seen == nil:
		return nil // a device
	}
	now, err := os.Stat(f.path)
	switch {
	case err != nil || !os.SameFile(now, f.seen):
		return f.replaced()
	case now.Size() < f.seen.Size():
		f.damaged(now.Size(), "truncated")
		return f.cutTornLine()
	case now.Size() > f.seen.Size():
		f.appended()
		return f.cutTornLine()
	case !now.ModTime().Equal(f.seen.ModTime()):
		f.damaged(now.Size(), "written over")
	}
	f.seen = now
	return nil
}

// replaced opens the file of the path where another one was. One that was renamed
// keeps its lines; of one that was removed they are lost.
func (f *File) replaced() error {
	if info, err := f.disk.Stat(); err != nil || removed(info) {
		f.damaged(0, "removed")
	} else {
		f.tell(slog.LevelInfo, "the journal file was renamed, and is made anew")
	}
	return f.reopen()
}

// damaged notes a change of the file by another program, after which it has some
// size: the lines behind it are lost.
func (f *File) damaged(size int64, how string) {
	f.damage = fmt.Sprintf("it was %s by another program, from %d to %d bytes", how, f.seen.Size(), size)
	left := f.here
	switch {
	case size <= f.base:
		left = 0
	case size < f.seen.Size():
		left = min(left, f.linesUntil(size))
	}
	f.base = min(f.base, size)
	f.written -= f.here - left
	f.lost += f.here - left
	f.here = left
	f.tell(slog.LevelError, "another program has changed the journal file", "damage", f.damage)
}

// appended notes that another program writes to the file too. Each line is in the
// file all the same, so that it is noted once.
func (f *File) appended() {
	if f.shared {
		return
	}
	f.shared = true
	f.tell(slog.LevelWarn, "another program appends to the journal file")
}

// linesUntil returns how many whole lines there are from the base to an offset.
func (f *File) linesUntil(end int64) uint64 {
	part := io.NewSectionReader(f.disk, f.base, end-f.base)
	n := uint64(0)
	for buffer := make([]byte, 64<<10); ; {
		read, err := part.Read(buffer)
		n += uint64(bytes.Count(buffer[:read], []byte{'\n'}))
		if err != nil {
			return n
		}
	}
}

// cutTornLine cuts off what follows the last line break.
func (f *File) cutTornLine() error {
	info, err := f.disk.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return err // a device has no tail
	}
	end := info.Size()
	size := end
	const block = 64 << 10
	buffer := make([]byte, block)
	for size > 0 {
		n := min(block, size)
		if _, err := f.disk.ReadAt(buffer[:n], size-n); err != nil {
			return err
		}
		if i := bytes.LastIndexByte(buffer[:n], '\n'); i >= 0 {
			size += int64(i) + 1 - n
			break
		}
		size -= n
	}
	if size < end {
		if err := f.disk.Truncate(size); err != nil {
			return err
		}
		f.tell(slog.LevelWarn, "cut a torn line off the journal file", "bytes", end-size)
	}
	f.seen, err = f.disk.Stat()
	return err
}

// news is a message for the log.
type news struct {
	level   slog.Level
	message string
	fields  []any
}

// tell keeps a message until the lock is free.
func (f *File) tell(level slog.Level, message string, fields ...any) {
	f.news = append(f.news, news{level, message, append([]any{"path", f.path}, fields...)})
}

// logNews logs what was kept. The lock must be free.
func (f *File) logNews() {
	f.mu.Lock()
	all := f.news
	f.news = nil
	f.mu.Unlock()
	for _, n := range all {
		f.logger.Log(context.Background(), n.level, n.message, n.fields...)
	}
}
