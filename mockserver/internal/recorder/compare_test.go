package recorder_test

import (
	"bytes"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/mockserver/internal/mocktest"
)

// Lines that are written over while others are written are found and counted, each
// of them.
func TestLinesThatAreWrittenOverUnderLoad(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "journal.jsonl")
	srv := mockserver.Start(t, mockserver.WithJournalFile(path))
	var clients sync.WaitGroup
	done := make(chan struct{})
	for range 2 {
		clients.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
					list(t, srv.URL, 1)
				}
			}
		})
	}
	const damages = 40
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for line, offset := 0, int64(0); line < damages; {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		end := bytes.IndexByte(text[offset:], '\n')
		if end < 0 {
			continue
		}
		if _, err := file.WriteAt([]byte("XXXXXXXXXXXX"), offset+20); err != nil {
			t.Fatal(err)
		}
		offset += int64(end) + 1
		line++
	}
	mocktest.Until(t, "all damaged lines are lost", func() bool { return fileHealthOf(t, srv.URL).Lost == damages })
	close(done)
	clients.Wait()
	text, err := os.ReadFile(path)
	lines := bytes.Count(text, []byte("\n"))
	if got := fileHealthOf(t, srv.URL); err != nil || got.Written != lines-damages || got.Lost != damages {
		t.Errorf("health has %+v of %d lines, %v", got, lines, err)
	}
}

// A file whose time alone has changed has all its lines.
func TestATouchedJournalFileIsNotDamaged(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "journal.jsonl")
	srv := mockserver.Start(t, mockserver.WithJournalFile(path))
	for range 3 {
		list(t, srv.URL, 1)
		if err := os.Chtimes(path, time.Time{}, time.Now().Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
		if got := fileHealthOf(t, srv.URL); got.Damage != "" || got.Lost != 0 {
			t.Errorf("health has %+v", got)
		}
	}
}

// Lines that were lost and are put back are counted as written again.
func TestAJournalFileThatIsPutBack(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "journal.jsonl")
	srv := mockserver.Start(t, mockserver.WithJournalFile(path))
	list(t, srv.URL, 5)
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(path, 0); err != nil {
		t.Fatal(err)
	}
	mocktest.Until(t, "the lines are lost", func() bool { return fileHealthOf(t, srv.URL).Lost == 5 })
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	mocktest.Until(t, "the lines are there again", func() bool {
		got := fileHealthOf(t, srv.URL)
		return got.Lost == 0 && got.Written == 5
	})
}

// Lines that are too old to be compared are counted.
func TestAJournalFileOfManyLines(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "journal.jsonl")
	srv := mockserver.Start(t, mockserver.WithJournalFile(path))
	body := string(bytes.Repeat([]byte("x"), 1<<20))
	const lines = 40 // more than are compared
	for range lines {
		mocktest.Send(t, srv.URL, "PUT /nowhere", body)
	}
	if got := fileHealthOf(t, srv.URL); got.Written != lines || got.Lost != 0 {
		t.Errorf("health has %+v", got)
	}
	if err := saveAnew(3)(path); err != nil {
		t.Fatal(err)
	}
	mocktest.Until(t, "three lines are lost", func() bool {
		got := fileHealthOf(t, srv.URL)
		return got.Written == lines-3 && got.Lost == 3
	})
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	list(t, srv.URL, 1)
	if got := fileHealthOf(t, srv.URL); got.Written != 1 || got.Lost != lines {
		t.Errorf("health has %+v", got)
	}
}
