package recorder_test

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/mockserver/internal/mocktest"
	"github.com/losantmock/losantmock/mockserver/journal"
)

func readJournal(t *testing.T, path string) []mockserver.Request {
	t.Helper()
	requests, err := readLines(t, path)
	if err != nil {
		t.Fatal(err)
	}
	return requests
}

// readLines returns the requests of a file, and which lines can't be read.
func readLines(t *testing.T, path string) ([]mockserver.Request, error) {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	return journal.Read(file)
}

func TestTheJournalFileHoldsWhatTheJournalHolds(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "journal.jsonl")
	srv := mockserver.Start(t, mockserver.WithJournalFile(path))
	var clients sync.WaitGroup
	for range 4 {
		clients.Go(func() {
			for range 10 {
				mocktest.Send(t, srv.URL, "POST "+mocktest.WebhooksPath, "{\"name\":\"\xff\"}", mocktest.SendsJSON, "X-Twice: a", "X-Twice: b", "Cookie: a=b")
				mocktest.Send(t, srv.URL, "PUT /nope?x=%zz", "\x00\n\xff")
				mocktest.Send(t, srv.URL, "PATCH "+mocktest.WebhookPath, `{"responseCode":1}`, mocktest.SendsJSON)
			}
		})
	}
	clients.Wait()
	byID := map[string]mockserver.Request{}
	for _, r := range readJournal(t, path) {
		byID[r.ID] = r
	}
	all := srv.Requests().All()
	if len(all) != 120 || len(byID) != 120 {
		t.Fatalf("%d in memory, %d on disk", len(all), len(byID))
	}
	for _, want := range all {
		got := byID[want.ID]
		want.RemoteAddr, _, _ = strings.Cut(want.RemoteAddr, ":") // of the client the address is kept
		if len(want.Body) == 0 {
			want.Body = got.Body
		}
		want.Duration, want.Timeline = got.Duration, got.Timeline // in whole microseconds
		if want.Violation != nil {
			told := *want.Violation
			told.Path = nil // for Go alone
			want.Violation = &told
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatal(diff)
		}
	}
	srv.Reset() // the file goes on
	mocktest.Send(t, srv.URL, "GET /more", "")
	if n := len(readJournal(t, path)); n != 121 {
		t.Errorf("after a reset there are %d", n)
	}
}

func TestATornLineIsCutOff(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		tail string
		cut  bool
	}{
		"nothing": {"", false}, "half a line": {`{"id":"x`, true}, "much": {strings.Repeat("x", 200_000), true}, "one byte": {"{", true},
	} {
		path := filepath.Join(t.TempDir(), "journal.jsonl")
		first := mockserver.Start(t, mockserver.WithJournalFile(path))
		mocktest.Send(t, first.URL, "GET /first", "")
		file, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := file.WriteString(c.tail); err != nil {
			t.Fatal(err)
		}
		file.Close()
		if n := len(readJournal(t, path)); n != 1 {
			t.Errorf("%s: a torn line is read as %d requests", name, n-1)
		}
		second := mockserver.Start(t, mockserver.WithJournalFile(path))
		mocktest.Send(t, second.URL, "GET /second", "")
		if all := readJournal(t, path); len(all) != 2 || all[1].Path != "/second" {
			t.Errorf("%s: there are %d requests", name, len(all))
		}
	}
}

func TestAFullDiskStopsNothing(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat("/dev/full"); err != nil {
		t.Skip("skipped: there is no /dev/full here")
	}
	srv := mockserver.Start(t, mockserver.WithJournalFile("/dev/full"))
	mocktest.Create(t, srv, `{"name":"x"}`)
	mocktest.Create(t, srv, `{"name":"y"}`)
	if n := srv.Requests().Status(201).Count(); n != 2 {
		t.Errorf("%d are in memory", n)
	}
	health := mocktest.Decode[struct {
		Status      string
		JournalFile struct {
			Path, Problem string
			Written, Lost int
		}
	}](t, mocktest.Send(t, srv.URL, "GET /__admin/health", ""))
	file := health.JournalFile
	if health.Status != "healthy" || file.Path != "/dev/full" || file.Written != 0 || file.Lost != 2 || !strings.Contains(file.Problem, "no space left") {
		t.Errorf("health tells %+v", health)
	}
}

func TestAJournalFileThatCanNotBeOpened(t *testing.T) {
	t.Parallel()
	if _, err := mockserver.New(mockserver.WithJournalFile(t.TempDir())); err == nil || !strings.Contains(err.Error(), "is a directory") {
		t.Errorf("%v", err)
	}
}
