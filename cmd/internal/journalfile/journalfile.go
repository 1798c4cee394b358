// Package journalfile reads the journal files that are named on the command line.
package journalfile

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/losantmock/losantmock/cmd/internal/exit"
	"github.com/losantmock/losantmock/mockserver/journal"
)

var errNoRequest = errors.New("no line is a request: want a file that losantmock serve --journal has written")

// errCutOff is what is wrong with a last line that has no end.
var errCutOff = errors.New("the line is cut off")

// Read reads the requests of a journal file, as [journal.Read] does. Lines that can't be read are named
// on stderr, and skipped; it fails for a file in which all are such.
func Read(path string, stderr io.Writer) ([]journal.Request, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, exit.Misused(err)
	}
	defer file.Close()
	all, err := journal.Read(file)
	var bad journal.LineErrors
	if err != nil && !errors.As(err, &bad) {
		return nil, exit.Misused(fmt.Errorf("%s: %w", path, err))
	}
	if isCutOff(file) {
		bad = append(bad, journal.LineError{Line: len(all) + len(bad) + 1, Err: errCutOff})
	}
	switch {
	case len(bad) > 0 && len(all) == 0:
		return nil, exit.Misused(fmt.Errorf("%s: %w\n%s", path, errNoRequest, badLines(path, bad)))
	case len(bad) > 0:
		fmt.Fprintf(stderr, "losantmock: %d of %d lines are skipped\n%s\n", len(bad), len(bad)+len(all), badLines(path, bad))
	}
	return all, nil
}

// isCutOff reports whether a file ends without a line break, as a process leaves it that
// is killed in the middle of a write.
func isCutOff(file *os.File) bool {
	info, err := file.Stat()
	if err != nil || info.Size() == 0 {
		return false
	}
	last := make([]byte, 1)
	_, err = file.ReadAt(last, info.Size()-1)
	return err == nil && last[0] != '\n'
}

// mostNamed is how many lines that can't be read are named.
const mostNamed = 10

// badLines names lines of a journal file that can't be read, each with the file.
func badLines(path string, bad journal.LineErrors) string {
	var lines []string
	for _, line := range bad[:min(len(bad), mostNamed)] {
		lines = append(lines, fmt.Sprintf("%s:%d: %v", path, line.Line, line.Err))
	}
	if more := len(bad) - mostNamed; more > 0 {
		lines = append(lines, fmt.Sprintf("%s: others that can't be read: %d", path, more))
	}
	return strings.Join(lines, "\n")
}
