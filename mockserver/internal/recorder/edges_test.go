package recorder

import (
	"fmt"
	"log/slog"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/losantmock/losantmock/mockserver/internal/wire"
	"github.com/losantmock/losantmock/mockserver/journal"
)

// small is an entry whose size is always the same, but for its body.
func small(body string) (*Entry, Outcome) {
	return NewEntry(httptest.NewRequest("GET", "/x", nil), time.Time{}), Outcome{Body: []byte(body), Response: wire.Response{Status: 200}}
}

func record(r *Recorder, body string) *Entry {
	e, o := small(body)
	r.Arrive(e)
	r.Complete(e, o)
	return e
}

// The journal holds as many bytes as it may, and not one more; a request that
// is larger than that pushes out all others and stays.
func TestTheLastByteOfTheJournal(t *testing.T) {
	t.Parallel()
	e, o := small("body")
	e.outcome.Store(&o)
	each := e.size()
	for limit, kept := range map[int64]int{3 * each: 3, 3*each - 1: 2, 3*each + 1: 3} {
		r := New(100, limit, func(b []byte) { clear(b) })
		for range 5 {
			record(r, "body")
		}
		if entries, evicted := r.Snapshot(); len(entries) != kept || evicted != uint64(5-kept) || r.bytes != int64(kept)*each {
			t.Errorf("of %d bytes: %d kept, %d let go, %d counted", limit, len(entries), evicted, r.bytes)
		}
		huge := record(r, strings.Repeat("x", int(limit)))
		if entries, evicted := r.Snapshot(); len(entries) != 1 || entries[0] != huge || evicted != 5 {
			t.Errorf("of %d bytes: %d kept beside a huge one, %d let go", limit, len(entries), evicted)
		}
	}
}

// Triggers are numbered, know their request, count with what they cost, and go
// with the oldest.
func TestTheTriggersOfAJournal(t *testing.T) {
	t.Parallel()
	r := New(3, 1<<20, func(b []byte) { clear(b) })
	first := &Trigger{Body: make([]byte, 1000), Event: SocketEvent{Kind: ConnectEvent}}
	r.Fire(first, nil) // a journal without entries has none to go by
	e := record(r, "")
	before, revision := r.bytes, r.revision
	second := &Trigger{Body: make([]byte, 7), Event: SocketEvent{Kind: MessageEvent}}
	r.Fire(second, e)
	if first.Sequence != 1 || second.Sequence != 2 || second.Request != e.Sequence || e.Trigger.Load() != second || first.Request != 0 {
		t.Errorf("%+v %+v", first, second)
	}
	if r.bytes != before+triggerOverhead+7 {
		t.Errorf("a trigger of 7 bytes counts as %d", r.bytes-before)
	}
	changes, now, _ := r.Since(revision)
	if len(changes) != 1 || changes[0].Trigger != second || now != revision+1 {
		t.Errorf("%d changes since %d, now %d", len(changes), revision, now)
	}
	event := &Trigger{Event: SocketEvent{Kind: MessageEvent}, Request: e.Sequence} // an event of a WebSocket brings its request's number
	r.Fire(event, nil)
	if event.Request != e.Sequence {
		t.Errorf("%+v", event)
	}
	for range 5 {
		r.Fire(&Trigger{}, record(r, ""))
	}
	if triggers, evicted := r.FiredTriggers(); len(triggers) != 3 || evicted != 5 || triggers[2].Sequence != 8 {
		t.Errorf("%d triggers kept, %d let go", len(triggers), evicted)
	}
	var bytes int64
	entries, _ := r.Snapshot()
	for _, e := range entries {
		bytes += e.size()
	}
	kept, _ := r.FiredTriggers()
	for _, fired := range kept {
		bytes += fired.size()
	}
	if bytes != r.bytes {
		t.Errorf("%d bytes counted, %d held", r.bytes, bytes)
	}
	only := New(3, 1, func(b []byte) { clear(b) })
	only.Fire(&Trigger{Body: make([]byte, 5), Event: SocketEvent{Kind: MessageEvent}}, nil)
	only.Fire(&Trigger{Body: make([]byte, 5), Event: SocketEvent{Kind: MessageEvent}}, nil)
	if triggers, _ := only.FiredTriggers(); len(triggers) != 1 {
		t.Errorf("%d triggers are kept of those that are too large", len(triggers))
	}
}

// What is cut off a journal file is said, with its size; where nothing is,
// nothing is said.
func TestWhatIsSaidOfATornLine(t *testing.T) {
	t.Parallel()
	for text, cut := range map[string]int{"": 0, "\n": 0, "{}\n": 0, "{}\n{": 1, "\n{}": 2, "{}": 2, "x\n" + strings.Repeat("y", 70_000): 70_000} {
		path := filepath.Join(t.TempDir(), "journal.jsonl")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		var log strings.Builder
		f, err := OpenFile(FileSettings{Path: path}, slog.New(slog.NewTextHandler(&log, nil)))
		if err != nil {
			t.Fatal(err)
		}
		left, err := os.ReadFile(path)
		if err != nil || len(left) != len(text)-cut || f.seen.Size() != int64(len(left)) {
			t.Errorf("%.10q: %d bytes are left, size %d, %v", text, len(left), f.seen.Size(), err)
		}
		if want := fmt.Sprintf("bytes=%d\n", cut); (cut > 0) != strings.HasSuffix(log.String(), want) || cut == 0 && log.String() != "" {
			t.Errorf("%.10q: the log is %q", text, log.String())
		}
		_ = f.disk.Close()
	}
}

// The part of a line that was written is cut off, unless another program has
// written behind it.
func TestWhatIsCutOffAfterAShortWrite(t *testing.T) {
	t.Parallel()
	for behind, want := range map[string]string{"": "first\n", "other\n": "first\nparother\n"} {
		path := filepath.Join(t.TempDir(), "journal.jsonl")
		f, err := OpenFile(FileSettings{Path: path}, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		if err := f.append([]byte("first\n")); err != nil {
			t.Fatal(err)
		}
		if _, err := f.disk.WriteString("par" + behind); err != nil {
			t.Fatal(err)
		}
		if err := f.cutPart(3); err != nil {
			t.Fatal(err)
		}
		if err := f.append([]byte("second\n")); err != nil {
			t.Fatal(err)
		}
		if text, err := os.ReadFile(path); err != nil || string(text) != want+"second\n" {
			t.Errorf("%q, %v", text, err)
		}
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	}
}

// That a journal file can't be written is said once, and once that it can
// again.
func TestWhatIsSaidOfAFullDisk(t *testing.T) {
	t.Parallel()
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skip("skipped: there is no /dev/full here")
	}
	defer full.Close()
	var log strings.Builder
	f, err := OpenFile(FileSettings{Path: filepath.Join(t.TempDir(), "journal.jsonl")}, slog.New(slog.NewTextHandler(&log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	file := f.disk
	defer file.Close()
	for _, step := range []struct {
		to     *os.File
		writes int
		says   string
	}{
		{file, 2, ""}, {full, 3, "level=ERROR msg=\"the journal file can't be written\""}, {file, 2, "lost=3"}, {full, 1, "level=ERROR"}, {file, 1, "lost=4"},
	} {
		log.Reset()
		f.disk = step.to
		for range step.writes {
			if written := f.Write(journal.Request{}); written != (step.to == file) {
				t.Errorf("written: %t", written)
			}
		}
		if lines := strings.Count(log.String(), "\n"); !strings.Contains(log.String(), step.says) || (lines == 1) != (step.says != "") || lines > 1 {
			t.Errorf("want %q said once, the log is %q", step.says, log.String())
		}
	}
	if s := f.State(); s.Written != 5 || s.Lost != 4 || s.Problem != "" {
		t.Errorf("%+v", s)
	}
	if _, err := journal.Read(strings.NewReader("{}\n\nx\n")); err == nil || !strings.HasPrefix(err.Error(), "line 1 can't be read as a request") {
		t.Errorf("%v", err)
	}
}

// However many record at once, the bytes that are counted are those that are
// kept.
func TestBytesAreCountedExactly(t *testing.T) {
	t.Parallel()
	r := New(50, 1<<40, func(b []byte) { clear(b) })
	var recording sync.WaitGroup
	for n := range 4 {
		recording.Go(func() {
			for i := range 1000 {
				record(r, strings.Repeat("x", n*i%100))
			}
		})
	}
	recording.Wait()
	entries, _ := r.Snapshot()
	var held int64
	for _, e := range entries {
		held += e.size()
	}
	if held != r.bytes || r.total != 4000 {
		t.Errorf("counts %d bytes of %d requests, holds %d", r.bytes, r.total, held)
	}
}
