package wire

import (
	"errors"
	"net"
	"os"
	"testing"
	"time"
)

// reader is a connection whose client reads some bytes until each deadline, and
// at last all.
type reader struct {
	net.Conn
	takes []int
	read  string
}

func (r *reader) SetWriteDeadline(time.Time) error { return nil }

func (r *reader) Write(p []byte) (int, error) {
	if len(r.takes) == 0 {
		r.read += string(p)
		return len(p), nil
	}
	n := r.takes[0]
	r.takes = r.takes[1:]
	r.read += string(p[:n])
	return n, os.ErrDeadlineExceeded
}

func TestAClientThatReadsSlowlyIsServedToTheEnd(t *testing.T) {
	t.Parallel()
	slow := &reader{takes: []int{1, 0, 0, 2, 0, 1}}
	if n, err := writeWithProgress(slow, []byte("response"), time.Hour); n != 8 || err != nil || slow.read != "response" {
		t.Errorf("%d %v, read %q", n, err, slow.read)
	}
	stalled := &reader{takes: []int{3, 0, 0, 0}}
	if n, err := writeWithProgress(stalled, []byte("response"), 0); n != 3 || !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("%d %v", n, err)
	}
}
