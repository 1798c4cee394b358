package recorder

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"syscall"
	"time"
)

// open opens the file of the path, and makes it if there is none. A device or a
// pipe is opened without waiting for who reads it.
func (f *File) open() error {
	flags := os.O_RDWR | os.O_CREATE | os.O_APPEND
	if info, err := os.Stat(f.path); err == nil && !info.Mode().IsRegular() {
		flags = os.O_WRONLY | syscall.O_NONBLOCK
	}
	disk, err := os.OpenFile(f.path, flags, 0o600)
	if errors.Is(err, syscall.ENXIO) {
		err = fmt.Errorf("no program reads the pipe: %w", err)
	}
	if err != nil {
		return fmt.Errorf("journal file: %w", err)
	}
	info, err := disk.Stat()
	if err != nil {
		return errors.Join(fmt.Errorf("journal file: %w", err), disk.Close())
	}
	f.disk, f.seen, f.checked, f.base = disk, nil, nil, 0
	f.whole = !info.Mode().IsRegular()
	f.lines = newFileLines()
	if info.Mode().IsRegular() {
		f.seen, f.base = info, info.Size()
	}
	return nil
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

// look compares the place and the size of the file with those that were seen last.
// A file that is gone is made anew.
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
	case err != nil:
		return f.gone()
	case !os.SameFile(now, f.seen):
		return f.replaced()
	case now.Size() < f.seen.Size():
		f.truncated(now)
	case now.Size() > f.seen.Size():
		f.appended()
	}
	f.seen = now
	return nil
}

// gone makes the file anew. One that was renamed keeps its lines; those of one that
// was removed are lost.
func (f *File) gone() error {
	if f.isRemoved() {
		f.recount(f.lines.present(), 0)
		f.damaged("removed", f.seen.Size(), 0)
	} else {
		f.tell(slog.LevelInfo, "the journal file was renamed, and is made anew")
	}
	return f.reopen()
}

// replaced opens another file that has the path now. If the former has no name any
// more, as after an editor has saved, the lines that the new one has are not lost.
func (f *File) replaced() error {
	if !f.isRemoved() {
		return f.gone()
	}
	lines, base, size := f.lines, f.base, f.seen.Size()
	if err := f.reopen(); err != nil || f.seen == nil {
		f.recount(lines.present(), 0)
		return err
	}
	f.lines, f.base = lines, min(base, f.seen.Size())
	f.compare(0)
	f.damaged("replaced", size, f.seen.Size())
	return nil
}

// isRemoved reports whether the open file has no name any more.
func (f *File) isRemoved() bool {
	info, err := f.disk.Stat()
	return err != nil || removed(info)
}

// truncated notes that the file is shorter than it was.
func (f *File) truncated(now os.FileInfo) {
	size := f.seen.Size()
	f.seen, f.whole = now, false
	f.base = min(f.base, now.Size())
	f.compare(0)
	f.damaged("truncated", size, now.Size())
}

// appended notes that another program writes to the file too. Each line is in the
// file all the same, so that it is logged once.
func (f *File) appended() {
	f.whole = false
	if !f.shared {
		f.shared = true
		f.tell(slog.LevelWarn, "another program appends to the journal file")
	}
}

// compareNewest compares the newest lines with those of the file, if it has changed.
func (f *File) compareNewest() {
	if f.seen == nil || f.checked != nil && f.checked.Size() == f.seen.Size() && f.checked.ModTime().Equal(f.seen.ModTime()) {
		return
	}
	f.checked = nil
	if time.Since(f.seen.ModTime()) > lookInterval { // another change now would have another time
		f.checked = f.seen
	}
	if f.compare(f.lines.start(f.seen.Size())) {
		f.damaged("written over", f.seen.Size(), f.seen.Size())
	}
	f.lines.trim()
}

// compare reads the file from an offset on, and counts which lines are there. It
// reports whether there are fewer than before.
func (f *File) compare(offset int64) bool {
	before := f.lines.present()
	others, err := f.lines.find(io.NewSectionReader(f.disk, offset, f.seen.Size()-offset), offset, f.base)
	if err != nil {
		return false // nothing is known
	}
	if offset == 0 {
		f.lines.findOlder(others)
	}
	after := f.lines.present()
	f.recount(before, after)
	return after < before
}

// recount counts that so many lines are in the file that had others before.
func (f *File) recount(before, after uint64) {
	f.written = f.written + after - before
	f.lost = f.lost + before - after
}

// damaged notes what another program has done to the file, and its sizes before and
// after that.
func (f *File) damaged(how string, before, after int64) {
	f.damage = fmt.Sprintf("it was %s by another program, from %d to %d bytes", how, before, after)
	f.tell(slog.LevelError, "another program has changed the journal file", "damage", f.damage)
}

// cutTornLine cuts off what follows the last line break.
func (f *File) cutTornLine() error {
	if f.seen == nil {
		return nil // a device has no tail
	}
	end := f.seen.Size()
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
	if size == end {
		return nil
	}
	if err := f.disk.Truncate(size); err != nil {
		return err
	}
	now, err := f.disk.Stat()
	if err != nil {
		return err
	}
	f.seen, f.base = now, size
	f.tell(slog.LevelWarn, "cut a torn line off the journal file", "bytes", end-size)
	return nil
}
