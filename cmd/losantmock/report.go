package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"

	"github.com/losantmock/losantmock/cmd/internal/bytesize"
	"github.com/losantmock/losantmock/cmd/internal/exit"
	"github.com/losantmock/losantmock/cmd/internal/journalfile"
	"github.com/losantmock/losantmock/cmd/internal/output"
	"github.com/losantmock/losantmock/contract/visible"
	"github.com/losantmock/losantmock/mockserver"
	"github.com/spf13/cobra"
)

// reportCommand writes the page with the requests of a journal file.
type reportCommand struct {
	out      string
	maxBytes bytesize.Size
}

func newReport() *cobra.Command {
	c := reportCommand{maxBytes: mockserver.DefaultReportBytes}
	cmd := &cobra.Command{
		Use:   "report FILE --out FILE",
		Short: "Write the requests of a journal file as one HTML file",
		Long:  "Report writes the page with the requests of a journal file into one HTML file, which needs neither a server nor a network: an artifact of a CI run. Tokens, passwords, codes and cookies are replaced by placeholders, and payloads of triggers are left out. The newest requests are in it that --max-bytes allows; it says how many older ones are not. Lines that are no requests are skipped, with a warning; a file in which all are such ends it with 2.",
		Example: `  losantmock report requests.jsonl --out report.html
  losantmock report requests.jsonl --out report.html --max-bytes 5MB`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.run(cmd.Context(), args[0], cmd.OutOrStdout(), cmd.ErrOrStderr())
		},
	}
	cmd.Flags().StringVar(&c.out, "out", "", "HTML `file` to write (required)")
	cmd.Flags().Var(&c.maxBytes, "max-bytes", "`size` of the requests in it, as JSON: the older ones are left out")
	return cmd
}

func (c *reportCommand) run(ctx context.Context, file string, stdout, stderr io.Writer) error {
	if c.out == "" {
		return errors.New("--out is missing: the HTML file to write")
	}
	out, err := output.Open(c.out)
	if err != nil {
		return exit.Misused(err)
	}
	defer out.Discard()
	if out.Replaces(file) {
		return fmt.Errorf("--out %s is the journal file itself: name another one to write", c.out)
	}
	requests, err := exit.OrDone(ctx, func() ([]mockserver.Request, error) { return journalfile.Read(file, stderr) })
	if err != nil {
		return err
	}
	left := 0
	err = out.Write(ctx, func(w io.Writer) (err error) {
		left, err = mockserver.WriteReport(w, filepath.Base(file), requests, int64(c.maxBytes))
		return err
	})
	if err != nil {
		return exit.Failed(err)
	}
	line := fmt.Sprintf("%s: %d request(s)", c.out, len(requests)-left)
	if left > 0 {
		line += fmt.Sprintf(", without %d older one(s): raise --max-bytes", left)
	}
	_, err = fmt.Fprintln(stdout, visible.Text(line))
	return err
}
