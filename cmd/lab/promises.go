package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"

	"github.com/losantmock/losantmock/cmd/lab/size"
	"github.com/spf13/cobra"
)

func newPromises() *cobra.Command {
	var list bool
	command := &cobra.Command{
		Use:   "promises [-]",
		Short: "Measure what is promised, and print each promise beside what was measured",
		Long: `Promises runs the tests of the module, then those that measure: times, rates,
memory and sizes, which go test ./... leaves out. The packages that measure run one
after another, so that nothing competes with what is measured. Then it prints each
promise with the figures that the tests report for it.

With "-" it reads the output of go test -json ./... from its standard input in place
of running the tests that do not measure. With --tests it prints a pattern of those
that do, for the flag -skip of that go test, and runs nothing.

It exits with 1 where a test failed or a promise is missed. A promise without a
figure, because a test skipped itself, is missed where the variable CI is set.

It takes the size "ci" of what is drawn and listed, unless ` + size.Variable + `
says otherwise.`,
		Example: `  go run ./cmd/lab promises
  ` + size.Variable + `=ci go test -json -skip "$(go run ./cmd/lab promises --tests)" ./... | go run ./cmd/lab promises -
  ` + size.Variable + `=all go run ./cmd/lab promises`,
		Args: cobra.MatchAll(cobra.MaximumNArgs(1), cobra.OnlyValidArgs), ValidArgs: []string{"-"},
		RunE: func(cmd *cobra.Command, args []string) error {
			measuring, err := measuringTests(cmd.Context())
			if err != nil {
				return err
			}
			if list {
				fmt.Fprintln(cmd.OutOrStdout(), measuring.pattern())
				return nil
			}
			run := newTestRun(cmd.OutOrStdout())
			if len(args) > 0 {
				if err := run.read(cmd.InOrStdin()); err != nil {
					return err
				}
				return measurePromises(cmd.Context(), run, measuring)
			}
			tested := run.test(cmd.Context(), "-skip", measuring.pattern(), module+"/...")
			return errors.Join(tested, measurePromises(cmd.Context(), run, measuring))
		},
	}
	command.Flags().BoolVar(&list, "tests", false, "print a pattern of the tests that measure")
	return command
}

// measurePromises runs the tests that measure, and prints the promises.
func measurePromises(ctx context.Context, run *testRun, measuring tests) error {
	measured := run.test(ctx, slices.Concat([]string{"-tags", tag, "-p", "1", "-run", measuring.pattern()}, measuring.packages())...)
	if err := run.conclude(os.Getenv("CI") != ""); err != nil {
		return err
	}
	return measured // what failed without a failed test
}

// module is the path of the module.
const module = "github.com/losantmock/losantmock"

// tag is the build tag of the tests that measure.
const tag = "promises"

// test names a test of a package.
type test struct{ pkg, name string }

type tests []test

// pattern matches the names of the tests.
func (all tests) pattern() string {
	var names []string
	for _, t := range all {
		names = append(names, t.name)
	}
	return "^(" + strings.Join(names, "|") + ")$"
}

// packages returns the packages of the tests, which follow each other in it.
func (all tests) packages() []string {
	var packages []string
	for _, t := range all {
		packages = append(packages, t.pkg)
	}
	return slices.Compact(packages)
}

// measuringTests returns the tests that measure: those behind the tag, and those that
// call promised, which compares a figure with its target only behind the tag.
func measuringTests(ctx context.Context) (found tests, err error) {
	const template = "{{$p := .}}{{range .TestGoFiles}}{{$p.ImportPath}} {{$p.Dir}}/{{.}}\n{{end}}{{range .XTestGoFiles}}{{$p.ImportPath}} {{$p.Dir}}/{{.}}\n{{end}}"
	out, err := exec.CommandContext(ctx, "go", "list", "-tags", tag, "-f", template, module+"/...").Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w", err)
	}
	for line := range strings.Lines(string(out)) {
		pkg, file, _ := strings.Cut(strings.TrimSpace(line), " ")
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		first, _, _ := strings.Cut(string(text), "\n")
		behind := strings.HasPrefix(first, "//go:build ") && strings.HasSuffix(first, tag)
		for function := range strings.SplitSeq(string(text), "\nfunc ") {
			if name := testName.FindString(function); name != "" && (behind || strings.Contains(function, "promised(")) {
				found = append(found, test{pkg, name})
			}
		}
	}
	return found, nil
}

var testName = regexp.MustCompile(`^Test\w+`)

// test runs go test with arguments, and reads what it prints.
func (r *testRun) test(ctx context.Context, args ...string) error {
	tests := exec.CommandContext(ctx, "go", append([]string{"test", "-json", "-timeout", size.Of("30m", "30m", "12h")}, args...)...)
	if os.Getenv(size.Variable) == "" {
		tests.Env = append(tests.Environ(), size.Variable+"=ci")
	}
	tests.Stderr = os.Stderr
	events, err := tests.StdoutPipe()
	if err != nil {
		return err
	}
	if err := tests.Start(); err != nil {
		return err
	}
	read := r.read(events)
	if err := tests.Wait(); err != nil && read == nil {
		return fmt.Errorf("go test: %w", err)
	}
	return read
}

// promises are the lines of the report, in its order.
var promises = []line{
	{"F1", "the first response within 10 times what a bare server takes to start, and with 1,000,000 webhooks within 1.5 times what encoding/json takes to decode them; 28 MB when idle; a program of 24 MB"},
	{"F2", "a page of 1,000,000 webhooks within 2 times what one of 1,000 takes, at any place and in any order; 700 bytes a webhook beside its texts; filters over 100,000 names within 30 ms"},
	{"F3", "a list of 100 of 100,000 beside a writer: p99 within 3 times what it is alone"},
	{"L1", "256 connections, 7 calls of a webhook to 3 of the API, beside a bare handler in the same run: 0.3 of its rate, 4 times its processor time a request, 6 times its p99; no 5xx, no broken connection, what was answered is what was recorded, 256 MiB with a journal of 64 MiB"},
	{"L2", "1,000 connections: the same, but 10 times its p99; 5,000 idle connections beside 64 busy ones: p99 within 3 times what it is without"},
	{"L3", "with a journal file: 0.3 of the rate without; every request with a response a line, every line whole"},
	{"L4", "of 20 times as many requests as are kept, 19 of 20 are evicted, and a question about them is marked incomplete"},
	{"L5", "1,000 bodies of 4 MiB, in CI 240: the journal within its 64 MiB, 256 MiB in all"},
	{"M1", "long hosts, methods and paths, compressed bodies for webhooks that wait, created webhooks, many tokens and many sandboxes at once: resident memory within the budget and 150 MB"},
	{"L6", "a list of 100 of 10,000: p99 50 ms; the response to a hostile filter within 250 ms, and others meanwhile within 50 ms"},
	{"L7", "who has a response finds the request in the journal, every time"},
	{"L8", "1,000 webhooks served within 200 ms of the start; memory rises by less than 1 MiB a minute under steady load; files come back to what they were"},
	{"W1", "a list of 100 among 100,000 items of a definition: at most 2 times what it takes among 1,000, in any order, also filtered by a property"},
	{"W2", "the whole API from a definition beside them: operations on webhooks take at most a tenth longer"},
	{"W3", "many items of a definition: a pattern of 20,000 devices within 1 s, a reset of 100,000 within 2 s, a list of 250,000 rows within 10 s"},
	{"L9", "8 suites side by side: none sees another"},
	{"X1", "clients that leave at every byte of six kinds of request: at most one entry, none lost, no leak"},
	{"X2", "500 clients that send headers slowly, and slow bodies and readers: dropped within 8 s; others meanwhile p99 within 5 times what it is alone"},
	{"X3", "300 malformed requests: a 4xx, 501 or an end, never another 5xx; counted; the next request gets its response"},
	{"X4", "SIGTERM under load, with 100 connections, 20 held calls and 10 streams: all that was begun gets its response and is recorded, exit 0 within 10 s"},
	{"X5", "SIGKILL while the journal is written: no request with a response lost, no torn line after the next start"},
	{"X6", "a full disk: the API goes on and health reports it, or with --journal-strict 503; whole lines alone; it recovers"},
	{"X7", "a watched file edited in every bad way, 100 saves: no failed request, the place of the mistake, the last good one wins"},
	{"X8", "clocks that stand, run and jump, 2038 and 9999: order and times of journal and API hold"},
	{"X9", "no file descriptors left: no end, back within 2 s, the journal goes on"},
	{"X10", "a limit of 128 MiB while 4 MiB bodies arrive: no crash, within the limit"},
	{"X11", "an API that refuses, resets, stalls, fails, redirects, or sends bombs: bounded, \"could not check\", the token goes nowhere else"},
	{"X12", "a handler that panics in each operation: 500 in JSON, an entry, and 1,000 good responses afterwards"},
	{"X13", "reloads, a full disk and SIGTERM at once under load: what each of them promises"},
	{"O1", "resets, replacements and reloads of a world at once: one order, which health, applications and journal show"},
	{"O2", "a clock that is set to any time at any moment: limits hold, nothing waits for longer than its limit, tokens expire by it"},
	{"O3", "a panic wherever code runs: a 500 where a response is possible, logged with its request, counted in health, no request left pending"},
	{"J1", "a journal file that is truncated, removed, renamed, written over or appended to: noticed, logged once, in health; whole lines, no NUL bytes, exact counts"},
	{"J2", "a strict journal whose file is gone: made anew or 503; rotated and reopened without loss"},
	{"J3", "record, pull and check open their files before the first request, and print what a full disk does not take"},
	{"T1", "the command of a recorded request, through bash and curl: the same bytes arrive, whatever they are"},
	{"T2", "a redacted export has no secret: drawn ones in every place where a request may hold them, in every encoding that the API reads"},
	{"T3", "what is shown on a terminal has no character that acts on it, and none that cannot be seen"},
	{"T4", "a page of another origin makes no sandbox"},
	{"T5", "contract.Transport fails only where the client that it sits in fails"},
	{"T6", "a request with two lengths is refused, and its connection closed, however it is sent"},
	{"N1", "4,000 created webhooks: exported, in each format and as a scenario, within 5 s"},
	{"N2", "beside clients who remove requests by hostile patterns: others wait for at most 1 s"},
	{"N3", "waits end within 3 s of their timeout, and within 3 s of the drop of their sandbox, whatever the pattern"},
	{"N4", "a full or a closed standard output: a non-zero exit code and a short reason"},
	{"X14", "210 clients that read nothing, and 256 files: health within 15 s, and each of them dropped after 10 s without progress"},
	{"K1", "load, exports, questions, streams, sandboxes, resets, other clocks, rotated journals and clients that misbehave, all at once: nothing lost, no 5xx, no leak, memory within the budget and 150 MB; for an hour at full length"},
	{"B1", "ten fuzz targets, in CI every tenth one: no crasher"},
	{"B2", "drawn requests to every operation, good and bad: what the contract says"},
	{"B3", "300 rules of the wire, over sockets: status, type, message"},
	{"B4", "all 500 values of responseCode"},
	{"B5", "odd numbers for page and perPage; JSON that is deep, wide, doubled or no JSON"},
	{"B6", "multipart: too many parts, no boundary, large headers, nested"},
	{"C1", "16 clients on 20 webhooks are linearizable; a planted stale read is found"},
	{"C2", "lists are whole while they change, and pages bring each item once"},
	{"C3", "no call succeeds once its webhook's deletion is acknowledged; tokens and ids are unique"},
	{"C4", "the race detector is silent, in the tests and in a server under load"},
	{"C5", "drawn sequences of requests, resets and reloads agree with a slow and obvious model"},
	{"C6", "mutation: 90 % of the mutants of the redactor are found; at full length also 90 % of the redaction of records, of the guard of the admin and of hosts, and 80 % of journal and patterns"},
	{"P1", "the page: a journal of 100,000 requests within 1 s, filtered within 300 ms, an arriving request within 200 ms"},
	{"P2", "the list of requests: 100 of 100,000 in which a text is searched, with their headers and bodies, within 500 ms"},
	{"S1", "loopback unless told otherwise, and then it is said"},
	{"S2", "every admin call needs the token, in 12 spellings of its path"},
	{"S3", "foreign Host 421, foreign Origin 403, other content types 415"},
	{"S4", "no Access-Control-Allow-Origin on an admin call"},
	{"S5", "hostile payloads in every place: no script runs in the page"},
	{"S6", "responses of webhooks have a type, nosniff and a sandbox"},
	{"S7", "200 spellings of a URL do not change where the proxy goes, and no name leads it to this machine"},
	{"S8", "a real token in 20 places is in no artefact, not 8 bytes of it"},
	{"S9", "the program runs no commands and loads no plugins, and a scenario reads no other file"},
	{"S10", "the image is one static file, runs as nobody and read-only; two builds are the same bytes"},
	{"D1", "docker-compose with a real engine: the examples build and run, over HTTPS as api.losant.com too, and the client's exit code is that of the run; a broken scenario's message is the last line of a log; the image says its version and commit, and its program has the bytes of one that is built outside"},
	{"D2", "in a container: healthy within 1 s of the start, ended within 1 s of SIGTERM with 0, also with HTTP/2, a held call, a long poll and a stream of events open"},
	{"S11", "check touches what it made, two requests a second, cleans up"},
}
