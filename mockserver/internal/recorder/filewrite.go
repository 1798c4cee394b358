package recorder

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"time"
)

// attempts is how often a line is written if other programs remove it.
const attempts = 3

// append appends a line, and makes sure that it is in the file of the path.
func (f *File) append(line []byte) error {
	for range attempts {
		if err := f.look(); err != nil {
			return err
		}
		if f.seen == nil {
			return f.writeDevice(line)
		}
		if err := f.makeRoom(int64(len(line))); err != nil {
			return err
		}
		if err := f.write(line); err != nil {
			return err
		}
		if f.keeps(line) {
			return nil
		}
	}
	return errors.New("another program removes what is written")
}

// write appends a line, or nothing.
func (f *File) write(line []byte) error {
	n, err := f.disk.Write(f.separated(line))
	if err != nil && n > 0 {
		return errors.Join(err, f.cutPart(int64(n)))
	}
	return err
}

// separated returns a line with a line break in front if the file does not end
// with one: another program may have written half a line.
func (f *File) separated(line []byte) []byte {
	if f.whole || f.seen.Size() == 0 {
		return line
	}
	var last [1]byte
	if _, err := f.disk.ReadAt(last[:], f.seen.Size()-1); err != nil || last[0] == '\n' {
		return line
	}
	return slices.Concat([]byte("\n"), line)
}

// cutPart cuts off the part of a line that was written. The part stays if another
// program has written behind it.
func (f *File) cutPart(n int64) error {
	f.whole = false
	now, err := f.disk.Stat()
	if err != nil {
		return err
	}
	if now.Size() == f.seen.Size()+n {
		if err := f.disk.Truncate(f.seen.Size()); err != nil {
			return err
		}
		if now, err = f.disk.Stat(); err != nil {
			return err
		}
	}
	f.seen = now
	return nil
}

// How long a write to a device or a pipe may take: devicePatience, and while the
// latest write has failed, stalledPatience.
const (
	devicePatience  = time.Second
	stalledPatience = 10 * time.Millisecond
)

// writeDevice writes a line to a device or a pipe. What was written of a line can't
// be cut off: the next line begins with a line break.
func (f *File) writeDevice(line []byte) error {
	patience := devicePatience
	if f.problem != nil {
		patience = stalledPatience
	}
	_ = f.disk.SetWriteDeadline(time.Now().Add(patience)) // a device such as /dev/null has none, and does not wait
	if !f.whole {
		line = slices.Concat([]byte("\n"), line)
	}
	n, err := f.disk.Write(line)
	f.whole = err == nil || f.whole && n == 0
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return fmt.Errorf("no program reads the pipe: %w", err)
	}
	return err
}

// keeps reports whether a file has a line that was just written. None has it if the
// file was removed or truncated meanwhile; one that was renamed does.
func (f *File) keeps(line []byte) bool {
	size := int64(len(line))
	now, err := os.Stat(f.path)
	if err != nil || !os.SameFile(now, f.seen) {
		return !f.isRemoved() // look finds out what has happened
	}
	if now.Size() < size {
		return false
	}
	start := f.seen.Size()
	if now.Size() < start+size { // it was truncated before the line was written
		f.truncated(now)
		start = now.Size() - size
	}
	f.whole = now.Size() == start+size
	f.seen = now
	f.lines.add(line, start)
	if f.lines.bytes > 2*comparedBytes { // many lines in a second, or nobody watches
		f.compareNewest()
	}
	return true
}

// makeRoom renames the file if so many bytes more are too many for it.
func (f *File) makeRoom(n int64) error {
	if f.rotate == 0 || f.seen.Size() == 0 || f.seen.Size()+n <= f.rotate {
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
