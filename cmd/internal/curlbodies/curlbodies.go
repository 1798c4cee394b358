// Package curlbodies writes the long bodies that the curl lines of a report read from
// files.
package curlbodies

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/losantmock/losantmock/cmd/internal/output"
	"github.com/losantmock/losantmock/contract/report"
)

// Write writes the bodies into a folder; with none it says how to get them.
func Write(ctx context.Context, folder string, r *report.Report, stderr io.Writer) error {
	for _, f := range r.Findings() {
		_, rest, _ := strings.Cut(f.Curl, "--data-binary '@")
		name, _, _ := strings.Cut(rest, "'")
		body, long := r.Bodies[name]
		if !long {
			continue
		}
		if folder == "" {
			_, _ = fmt.Fprintln(stderr, "losantmock: curl lines read long bodies from files: --curl-bodies FOLDER writes them")
			return nil
		}
		t, err := output.Open(filepath.Join(folder, name))
		if err == nil {
			err = t.Write(ctx, func(w io.Writer) error { _, err := w.Write(body); return err })
		}
		if err != nil {
			return fmt.Errorf("--curl-bodies: %w", err)
		}
	}
	return nil
}
