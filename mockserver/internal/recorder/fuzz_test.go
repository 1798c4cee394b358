package recorder

import (
	"bytes"
	"log/slog"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/losantmock/losantmock/mockserver/internal/wire"
	"github.com/losantmock/losantmock/mockserver/journal"
)

// FuzzJournal reads whatever stands in a journal file. What is read as a
// request is written as the same again, and opening a file leaves it with
// whole lines.
func FuzzJournal(f *testing.F) {
	e := NewEntry(httptest.NewRequest("POST", "/webhooks/the_webhook_token?x=%25zz", nil), time.Time{})
	e = e.With(Outcome{Body: []byte("\x00\xff"), Response: wire.Response{Status: 200}})
	line, err := New(1, 1, func(b []byte) { clear(b) }).Request(e).Line()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(line)
	f.Add(append(line, `{"id":`...))
	f.Add([]byte("\n\n{}\n"))
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, text []byte) {
		requests, _ := journal.Read(bytes.NewReader(text)) // a line that is none is told
		for _, r := range requests {
			written, err := r.Line()
			if err != nil {
				t.Fatal(err)
			}
			again, err := journal.Read(bytes.NewReader(written))
			if err != nil || len(again) != 1 {
				t.Fatalf("%s is read as %+v, %v", written, again, err)
			}
			if twice, err := again[0].Line(); err != nil || !bytes.Equal(twice, written) {
				t.Fatalf("%s\nis written as\n%s%v", written, twice, err)
			}
		}
		path := filepath.Join(dir, "journal.jsonl")
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
		file, err := OpenFile(FileSettings{Path: path}, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		_ = file.disk.Close()
		left, err := os.ReadFile(path)
		if err != nil || len(left) > 0 && left[len(left)-1] != '\n' || !bytes.HasPrefix(text, left) {
			t.Fatalf("%q is left of %q, %v", left, text, err)
		}
	})
}
