package wire

import (
	"errors"
	"log/slog"
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
	if n, err := (progressConn{slow, time.Hour}).Write([]byte("response")); n != 8 || err != nil || slow.read != "response" {
		t.Errorf("%d %v, read %q", n, err, slow.read)
	}
	stalled := &reader{takes: []int{3, 0, 0, 0}}
	if n, err := (progressConn{stalled, 0}).Write([]byte("response")); n != 3 || !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("%d %v", n, err)
	}
}

// A reserved connection is closed when its time is up, whatever its client does.
func TestAReservedConnectionExpires(t *testing.T) {
	t.Parallel()
	tcp, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l := NewListener(tcp, nil, Limits{Connections: 1, Urgent: func(string) bool { return true }}, nil, slog.New(slog.DiscardHandler))
	defer l.Close()
	l.reservedFor = time.Millisecond
	var accepted [2]net.Conn // of which the second has a reserved place
	for i := range accepted {
		client, err := net.Dial("tcp", tcp.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer client.Close()
		if accepted[i], err = l.Accept(); err != nil {
			t.Fatal(err)
		}
		defer accepted[i].Close()
	}
	_ = accepted[1].SetReadDeadline(time.Now().Add(2 * time.Minute))
	if _, err := accepted[1].Read(make([]byte, 1)); !errors.Is(err, net.ErrClosed) {
		t.Errorf("the reserved connection ends with %v", err)
	}
}
