package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/losantmock/losantmock/cmd/internal/curlbodies"
	"github.com/losantmock/losantmock/cmd/internal/exit"
	"github.com/losantmock/losantmock/cmd/internal/output"
	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/report"
	"github.com/spf13/pflag"
)

// checkResults is what becomes of the report of check: what is printed, the files
// that are written, and how the program ends.
type checkResults struct {
	output     printer
	coverage   bool
	reports    []string
	acceptNews string
	curlBodies string
	failOn     string

	accepted *report.Report // nil for none
	targets  []*output.Target
}

func (c *checkResults) addFlags(flags *pflag.FlagSet) {
	flags.BoolVar(&c.output.json, "json", false, "print the report as JSON")
	flags.StringArrayVar(&c.reports, "report", nil, "also write a report as `FORMAT=FILE`, such as json=check.json: "+strings.Join(names(report.Formats()), ", "))
	flags.StringVar(&c.acceptNews, "accept-news", "", "`file` of an earlier report in JSON, whose news count no more")
	flags.StringVar(&c.failOn, "fail-on", string(contract.Breaks), "`verdict` from which on the command ends with 1: "+strings.Join(names(failOnVerdicts), " or "))
	flags.BoolVar(&c.coverage, "coverage", false, "print which operations, statuses and parameters were tried, and why the others were not")
	flags.StringVar(&c.curlBodies, "curl-bodies", "", "write the long bodies of requests into a `folder`, in which the curl lines of findings run")
}

// failOnVerdicts are the values of --fail-on.
var failOnVerdicts = []contract.Verdict{contract.Breaks, contract.News}

// read reads what the flags name.
func (c *checkResults) read(againstMock bool) (err error) {
	for _, r := range c.reports {
		format, file, ok := strings.Cut(r, "=")
		if !ok || file == "" || !slices.Contains(report.Formats(), report.Format(format)) {
			return fmt.Errorf("--report %q: want FORMAT=FILE, with one of the formats %s", r, strings.Join(names(report.Formats()), ", "))
		}
		if file == "-" {
			return fmt.Errorf("--report %q: want the name of a file; --json prints the report as JSON", r)
		}
	}
	if !slices.Contains(failOnVerdicts, contract.Verdict(c.failOn)) {
		return fmt.Errorf("--fail-on %q: want %s", c.failOn, strings.Join(names(failOnVerdicts), " or "))
	}
	if c.acceptNews == "" {
		return nil
	}
	c.accepted, err = readReport(c.acceptNews)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return exit.Misused(fmt.Errorf("--accept-news: %w: write it with --report json=%s", err, c.acceptNews))
	case err != nil:
		return exit.Misused(fmt.Errorf("--accept-news: %w", err))
	case (c.accepted.Against != "") != againstMock:
		return exit.Misused(fmt.Errorf("--accept-news: %s is a report of another kind: of check with --against-mock and without, each accepts its own", c.acceptNews))
	default:
		return nil
	}
}

// open opens the files of the reports that were asked for, in their order, and the
// folder of bodies. Two reports can't have one file.
func (c *checkResults) open() error {
	if c.curlBodies != "" {
		if err := os.MkdirAll(c.curlBodies, 0o700); err != nil {
			return exit.Misused(fmt.Errorf("--curl-bodies: %w", err))
		}
	}
	for _, wanted := range c.reports {
		_, path, _ := strings.Cut(wanted, "=")
		t, err := output.Open(path)
		if err == nil {
			if slices.ContainsFunc(c.targets, t.SameFile) {
				err = fmt.Errorf("%s is the file of two reports: name one for each", path)
			}
			c.targets = append(c.targets, t)
		}
		if err != nil {
			c.discard()
			return exit.Misused(fmt.Errorf("--report: %w", err))
		}
	}
	return nil
}

func (c *checkResults) discard() { output.DiscardAll(c.targets) }

// names returns the names of formats, checks or verdicts.
func names[N ~string](all []N) []string {
	var texts []string
	for _, name := range all {
		texts = append(texts, string(name))
	}
	return texts
}

// write writes the reports that were asked for, and prints one. If one can't be
// written, the others are all the same.
func (c *checkResults) write(ctx context.Context, r *report.Report, stdout, stderr io.Writer) error {
	if c.accepted != nil {
		r.Accept(c.accepted)
	}
	var problems []error
	for i, t := range c.targets {
		format, _, _ := strings.Cut(c.reports[i], "=")
		if err := t.Write(ctx, func(w io.Writer) error { return r.Write(w, report.Format(format)) }); err != nil {
			problems = append(problems, fmt.Errorf("--report: %w", err))
		}
	}
	problems = append(problems, curlbodies.Write(ctx, c.curlBodies, r, stderr), c.print(stdout, r))
	if err := errors.Join(problems...); err != nil {
		return exit.Failed(err)
	}
	return exit.With(c.exitCode(r.Verdict))
}

// print prints a report, and the coverage if that was asked for. JSON has it anyway.
func (c *checkResults) print(w io.Writer, r *report.Report) error {
	if c.output.json {
		return r.Write(w, report.JSON)
	}
	var err error
	if isTerminal(w) && os.Getenv("NO_COLOR") == "" {
		err = r.WriteColored(w)
	} else {
		err = r.Write(w, report.Text)
	}
	if err == nil && c.coverage {
		_, _ = fmt.Fprintln(w)
		err = r.WriteCoverage(w)
	}
	return err
}

// exitCode returns how the program ends for a verdict.
func (c *checkResults) exitCode(v contract.Verdict) int {
	switch {
	case v == contract.CouldNotCheck:
		return exit.CodeUnsure
	case v.Compare(contract.Verdict(c.failOn)) >= 0:
		return exit.CodeFailed
	default:
		return exit.CodeOK
	}
}
