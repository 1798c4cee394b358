package recorder_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/mockserver/internal/mocktest"
	"github.com/losantmock/losantmock/mockserver/internal/recorder"
	"github.com/losantmock/losantmock/mockserver/journal"
)

// fileHealth is what health reports of the journal file.
type fileHealth struct {
	Written, Lost   int
	Problem, Damage string
}

func fileHealthOf(t *testing.T, url string) fileHealth {
	t.Helper()
	return mocktest.Decode[struct{ JournalFile fileHealth }](t, mocktest.Send(t, url, "GET /__admin/health", "")).JournalFile
}

func list(t *testing.T, url string, n int) {
	t.Helper()
	for range n {
		if a := mocktest.Send(t, url, "GET /applications", ""); a.Status != http.StatusOK {
			t.Errorf("%d %s", a.Status, a.Body)
		}
	}
}

// Whatever another program does to the journal file, the server notices it, goes
// on with whole lines at the path, and counts what is there.
func TestAJournalFileThatAnotherProgramChanges(t *testing.T) {
	t.Parallel()
	t.Attr("J1", "8 kinds of change between two requests")
	for name, c := range map[string]struct {
		change        func(path string) error
		lines         int    // of 5 that were written before, and 3 afterwards
		written, lost int    // by what health reports
		damage        string // by what health reports
		logged        string
	}{
		"truncated":        {func(path string) error { return os.Truncate(path, 0) }, 3, 3, 5, "truncated", "has changed the journal file"},
		"truncated partly": {truncateInLine(3), 5, 5, 3, "truncated", "has changed the journal file"},
		"removed":          {os.Remove, 3, 3, 5, "removed", "has changed the journal file"},
		"renamed":          {func(path string) error { return os.Rename(path, path+".old") }, 3, 8, 0, "", "was renamed"},
		"damaged":          {damageLine, 7, 7, 1, "written over", "has changed the journal file"},
		"replaced":         {saveAnew(0), 8, 8, 0, "replaced", "has changed the journal file"},
		"replaced in part": {saveAnew(2), 6, 6, 2, "replaced", "has changed the journal file"},
		"appended to":      {appendTorn, 8, 8, 0, "", "appends to the journal file"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "journal.jsonl")
			var log mocktest.Log
			srv := mockserver.Start(t, mockserver.WithJournalFile(path), mockserver.WithLogger(slog.New(slog.NewTextHandler(&log, nil))))
			list(t, srv.URL, 5)
			if err := c.change(path); err != nil {
				t.Fatal(err)
			}
			mocktest.Until(t, "the change is logged before the next request", func() bool { return strings.Contains(log.String(), c.logged) })
			list(t, srv.URL, 3)
			text, err := os.ReadFile(path)
			if err != nil || bytes.IndexByte(text, 0) >= 0 || !bytes.HasSuffix(text, []byte("\n")) {
				t.Errorf("%v, the file is %.300q", err, text)
			}
			if requests, _ := readLines(t, path); len(requests) != c.lines {
				t.Errorf("%d requests can be read, want %d", len(requests), c.lines)
			}
			got := fileHealthOf(t, srv.URL)
			if got.Written != c.written || got.Lost != c.lost || !strings.Contains(got.Damage, c.damage) || c.damage == "" && got.Damage != "" || got.Problem != "" {
				t.Errorf("health has %+v", got)
			}
			if n := strings.Count(log.String(), c.logged); n != 1 {
				t.Errorf("it is logged %d times", n)
			}
		})
	}
}

// truncateInLine truncates a file in the middle of a line.
func truncateInLine(line int) func(string) error {
	return func(path string) error {
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		size := 10
		for range line - 1 {
			size += bytes.IndexByte(text[size-10:], '\n') + 1
		}
		return os.Truncate(path, int64(size))
	}
}

// saveAnew replaces a file as an editor does, without some of its first lines.
func saveAnew(without int) func(string) error {
	return func(path string) error {
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		lines := bytes.SplitAfter(text, []byte("\n"))
		if err := os.WriteFile(path+".new", bytes.Join(lines[without:], nil), 0o600); err != nil {
			return err
		}
		return os.Rename(path+".new", path)
	}
}

func damageLine(path string) error {
	file, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	defer file.Close()
	_, err = file.WriteAt([]byte("XXXX"), 0)
	return err
}

func appendTorn(path string) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		return err
	}
	defer file.Close()
	_, err = file.WriteString("no line")
	return err
}

// A strict journal keeps its promise when its file is gone: either the line is in
// a file that is made anew, or the response is 503.
func TestAStrictJournalWhoseFolderIsGone(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "folder")
	path := filepath.Join(folder, "journal.jsonl")
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	srv := mockserver.Start(t, mockserver.WithJournalFile(path), mockserver.WithStrictJournal())
	list(t, srv.URL, 1)
	if err := os.RemoveAll(folder); err != nil {
		t.Fatal(err)
	}
	if a := mocktest.Send(t, srv.URL, "GET /applications", ""); a.Status != http.StatusServiceUnavailable {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	t.Attr("J2", "503 while the folder is gone, made anew afterwards")
	list(t, srv.URL, 2)
	if all := readJournal(t, path); len(all) != 2 {
		t.Errorf("%d requests are in the file", len(all))
	}
	if got := fileHealthOf(t, srv.URL); got.Written != 2 || got.Lost != 2 || got.Problem != "" {
		t.Errorf("health has %+v", got)
	}
}

// A file that has its size is renamed, and no request is lost between the two.
func TestAJournalFileIsRotated(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "journal.jsonl")
	const size = 5000
	srv := mockserver.Start(t, mockserver.WithJournalFile(path), mockserver.WithJournalRotation(size))
	n := 0
	for {
		list(t, srv.URL, 1)
		n++
		if _, err := os.Stat(path + ".1"); err == nil {
			break
		}
	}
	before, after := readJournal(t, path+".1"), readJournal(t, path)
	if len(before)+len(after) != n || len(after) != 1 || before[len(before)-1].Sequence+1 != after[0].Sequence {
		t.Errorf("of %d requests %d are in the first file and %d in the second", n, len(before), len(after))
	}
	info, err := os.Stat(path + ".1")
	if err != nil || info.Size() > size || n < 2 {
		t.Errorf("%v, %d requests", err, n)
	}
	if got := fileHealthOf(t, srv.URL); got.Written != n || got.Lost != 0 || got.Damage != "" {
		t.Errorf("health has %+v", got)
	}
}

// The file is opened anew when a program that rotates logs asks for it.
func TestAJournalFileIsReopened(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "journal.jsonl")
	s, err := mockserver.New(mockserver.WithJournalFile(path))
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	ctx, stop := context.WithCancel(t.Context())
	go func() { ended <- s.Serve(ctx, listener) }()
	defer func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}()
	url := "http://" + listener.Addr().String()
	list(t, url, 2)
	if err := os.Rename(path, path+".old"); err != nil {
		t.Fatal(err)
	}
	if err := s.ReopenJournal(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); err != nil {
		t.Error(err)
	}
	list(t, url, 1)
	if before, after := readJournal(t, path+".old"), readJournal(t, path); len(before) != 2 || len(after) != 1 {
		t.Errorf("%d and %d requests", len(before), len(after))
	}
}

// A file that is renamed again and again while it is written has each line once.
func TestARenamedJournalFileHasEachLineOnce(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "journal.jsonl")
	file, err := recorder.OpenFile(recorder.FileSettings{Path: path}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	const lines = 5000
	written, renames := make(chan bool), 0
	go func() {
		defer close(written)
		for i := range lines {
			if !file.Write(journal.Request{ID: strconv.Itoa(i), Method: "GET"}) {
				t.Errorf("request %d is lost", i)
			}
		}
	}()
	for done := false; !done; {
		select {
		case <-written:
			done = true
		default:
			if os.Rename(path, fmt.Sprintf("%s.%d", path, renames)) == nil { // fails while there is none
				renames++
			}
		}
	}
	files, err := filepath.Glob(path + "*")
	times := map[string]int{}
	for _, name := range files {
		requests, err := readLines(t, name)
		if err != nil {
			t.Error(err)
		}
		for _, r := range requests {
			times[r.ID]++
		}
	}
	for id, n := range times {
		if n != 1 {
			t.Errorf("request %s is there %d times", id, n)
		}
	}
	if state := file.State(); err != nil || len(times) != lines || state.Written != lines || state.Lost != 0 || renames == 0 {
		t.Errorf("%d of %d requests, %d renames, %+v", len(times), lines, renames, state)
	}
	if err := file.Close(); err != nil {
		t.Error(err)
	}
}
