package mockserver

import (
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/losantmock/losantmock/mockserver/internal/admin/page"
	"github.com/losantmock/losantmock/mockserver/journal"
)

// keepsArtifacts reports whether the artifacts of tests outlast them: go test has the
// flag -artifacts.
func keepsArtifacts() bool {
	kept := flag.Lookup("test.artifacts")
	return kept != nil && kept.Value.String() == "true"
}

// saveArtifacts writes what the world has recorded into the directory for artifacts of a
// test that has failed, and logs the path: the server is gone when somebody looks for the
// reason. Secrets are replaced, since artifacts leave the machine.
func (w *World) saveArtifacts(t testing.TB) {
	t.Helper()
	if !keepsArtifacts() {
		t.Log("mockserver: go test -artifacts writes what it received to a file")
		return
	}
	path, err := w.saveJournal(t.ArtifactDir())
	if err != nil {
		t.Logf("mockserver: the requests can't be written to a file: %v", err)
		return
	}
	t.Logf("mockserver: the requests, without secrets: %s", path)
	if path, err = w.saveReport(t.ArtifactDir(), filepath.Base(path)); err != nil {
		t.Logf("mockserver: the requests can't be written to a report: %v", err)
		return
	}
	t.Logf("mockserver: the same for a browser: %s", path)
}

// saveJournal writes the requests to a new file in a directory, and returns its path.
func (w *World) saveJournal(dir string) (path string, err error) {
	file, err := createNew(dir, "requests", ".jsonl")
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	return file.Name(), journal.Export(file, journal.JSONL, w.Requests().All(), false)
}

// saveReport writes the requests, and which assertions have failed, to a new file for a
// browser in a directory, and returns its path. The name is that of the file that they are
// in as well.
func (w *World) saveReport(dir, name string) (path string, err error) {
	file, err := createNew(dir, "report", ".html")
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	var failures []string
	for _, e := range w.base.Expectations.All() {
		failures = append(failures, e.Summary())
	}
	_, err = page.WriteReport(file, name, byArrival(w.Requests().All()), DefaultReportBytes, failures...)
	return file.Name(), err
}

// createNew creates a file of a name that no other has: a test may have several servers.
func createNew(dir, name, extension string) (*os.File, error) {
	number := ""
	for i := 2; ; i++ {
		file, err := os.OpenFile(filepath.Join(dir, name+number+extension), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
		if !errors.Is(err, fs.ErrExist) {
			return file, err
		}
		number = fmt.Sprint("-", i)
	}
}
