//go:build unix

package recorder_test

import (
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/mockserver/internal/mocktest"
	"github.com/losantmock/losantmock/mockserver/journal"
)

func makePipe(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// A pipe that no program reads is refused at the start.
func TestAPipeWithoutAReaderIsNoJournalFile(t *testing.T) {
	t.Parallel()
	if _, err := mockserver.New(mockserver.WithJournalFile(makePipe(t))); err == nil || !strings.Contains(err.Error(), "no program reads the pipe") {
		t.Errorf("%v", err)
	}
}

// A reader of the journal that stalls stops nothing. When it goes on it gets whole
// lines.
func TestAPipeWhoseReaderStalls(t *testing.T) {
	t.Parallel()
	path := makePipe(t)
	reader, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		t.Fatal(err)
	}
	srv := mockserver.Start(t, mockserver.WithJournalFile(path))
	requests := 0
	send := func() {
		requests++
		if a := mocktest.Send(t, srv.URL, "GET /applications", "", "X-Long: "+strings.Repeat("x", 4000)); a.Status != http.StatusOK {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
	}
	for fileHealthOf(t, srv.URL).Lost < 3 {
		send()
	}
	if got := fileHealthOf(t, srv.URL); !strings.Contains(got.Problem, "no program reads the pipe") {
		t.Errorf("health has %+v", got)
	}
	var text strings.Builder
	var reading sync.WaitGroup
	reading.Go(func() {
		for buffer := make([]byte, 64<<10); !strings.Contains(text.String(), "/last"); {
			n, err := reader.Read(buffer)
			text.Write(buffer[:n])
			if err != nil {
				t.Error(err)
				return
			}
		}
	})
	mocktest.Until(t, "the pipe is written again", func() bool {
		send()
		return fileHealthOf(t, srv.URL).Problem == ""
	})
	mocktest.Send(t, srv.URL, "GET /last", "")
	requests++
	reading.Wait()
	read, err := journal.Read(strings.NewReader(text.String()))
	var bad journal.LineErrors
	errors.As(err, &bad)
	got := fileHealthOf(t, srv.URL)
	if len(bad) > got.Lost || got.Written+got.Lost != requests || len(read) < got.Written-1 {
		t.Errorf("%d requests, %d lines, %d bad ones, health has %+v", requests, len(read), len(bad), got)
	}
	reader.Close()
	send() // the reader has left
	if got := fileHealthOf(t, srv.URL); !strings.Contains(got.Problem, "broken pipe") {
		t.Errorf("health has %+v", got)
	}
}
