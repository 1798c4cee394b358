package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"
)

// bench measures the program against a bare net/http handler.
type bench struct {
	program    string
	definition string
	round      time.Duration
	rounds     int
	url        string
	tool       tool
	out        io.Writer
}

func newBench() *cobra.Command {
	var b bench
	own := false
	cmd := &cobra.Command{
		Use:   "bench",
		Short: "Measure losantmock against a bare net/http handler",
		Long: `Bench prints a Markdown table of how fast losantmock is, with the least, the median
and the greatest of several rounds, the target, and the tool that measured.

It starts a server on one core and sends it requests from the others on 32
connections, by turns with a bare net/http handler that writes a constant of the same
size, which is the limit of the platform. The requests are recorded as ever. The tool
is wrk where it is installed. Processor time is what the kernel accounts to the server,
in /proc. What runs inside of a test is measured by Go's package testing.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			b.out = cmd.OutOrStdout()
			b.tool = findTool(own)
			if b.url != "" {
				return b.measureOther()
			}
			return b.run(cmd.Context())
		},
	}
	cmd.Flags().StringVar(&b.program, "program", "", "losantmock `program` to measure (default: built from this module)")
	cmd.Flags().StringVar(&b.definition, "definition", "", "measure also what a `definition` of the whole API costs, such as node_modules/losant-rest")
	cmd.Flags().DurationVar(&b.round, "round", 3*time.Second, "how `long` each measurement takes")
	cmd.Flags().IntVar(&b.rounds, "rounds", 3, "how `many` measurements each row has")
	cmd.Flags().BoolVar(&own, "own", false, "use the tool of lab itself, though wrk is installed")
	cmd.Flags().StringVar(&b.url, "url", "", "base `URL` of another server, to be measured alone with the rows of the API")
	return cmd
}

// newBare is hidden: bench starts it.
func newBare() *cobra.Command {
	return &cobra.Command{
		Use:    "bare ADDRESS",
		Hidden: true,
		Short:  "Be the bare handler: respond with constants of the size that a path names",
		Args:   cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			var bodies sync.Map
			listener, err := net.Listen("tcp", args[0])
			if err != nil {
				return err
			}
			return http.Serve(listener, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				body, ok := bodies.Load(r.URL.Path)
				if !ok {
					size, _ := strconv.Atoi(r.URL.Path[1:])
					body, _ = bodies.LoadOrStore(r.URL.Path, []byte(strings.Repeat("x", min(max(size, 0), 1<<20))))
				}
				w.Header().Set("Content-Type", "application/json")
				w.Header().Set("Content-Length", strconv.Itoa(len(body.([]byte))))
				_, _ = w.Write(body.([]byte)) // a constant of our own
			}))
		},
	}
}

const benchWorld = `ids: {seed: 1}
triggers: {rateLimit: {calls: 1000000, per: 1ms}}
applications:
  - id: 575ec8687ae143cd83dc4a97
    name: My Application
    webhooks:
      - {id: 575ed78e7ae143cd83dc4aab, name: My Webhook, token: the_webhook_token}
      - generate: {count: 999, name: "Device {{n}}"}
`

const benchHooks = "/applications/575ec8687ae143cd83dc4a97/webhooks"

// benchRow is a request that is sent again and again.
type benchRow struct{ name, method, target, body string }

// benchRows are the requests that are measured, each with the least part of the rate of
// the bare handler that it is to have.
var benchRows = []struct {
	benchRow
	target float64
}{
	{benchRow{"one webhook", "GET", benchHooks + "/575ed78e7ae143cd83dc4aab", ""}, 0},
	{benchRow{"a list of 10", "GET", benchHooks + "?perPage=10", ""}, 0.75},
	{benchRow{"a list of 100", "GET", benchHooks + "?perPage=100", ""}, 0.85},
	{benchRow{"create a webhook, validated", "POST", benchHooks, `{"name":"Door opened"}`}, 0.55},
	{benchRow{"call a webhook", "POST", "/webhooks/the_webhook_token", `{"event":"opened"}`}, 0.70},
}

func (b *bench) run(ctx context.Context) error {
	dir, err := os.MkdirTemp("", "lab-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if b.program == "" {
		if b.program, err = build(ctx, dir); err != nil {
			return err
		}
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	bare, err := start(onOneCore(exec.CommandContext(ctx, self, "bare")))
	if err != nil {
		return err
	}
	defer bare.kill()
	fmt.Fprint(b.out, "| | target | least | median | greatest | by |\n|---|---|---|---|---|---|\n")
	if err := b.compareWithBare(ctx, dir, bare); err != nil {
		return err
	}
	if err := b.compareServers(ctx, dir); err != nil {
		return err
	}
	return b.measureInside()
}

// startMock starts the program with the world of the benchmark and some flags. Its log
// goes to /dev/null. Each row has a program of its own: another row's requests and
// webhooks would make it slower.
func (b *bench) startMock(ctx context.Context, dir string, flags ...string) (*server, error) {
	command, err := serveWorld(ctx, b.program, dir, flags...)
	if err != nil {
		return nil, err
	}
	return start(onOneCore(command))
}

// compareWithBare prints the rows that are parts of what a bare handler does.
func (b *bench) compareWithBare(ctx context.Context, dir string, bare *server) error {
	for _, row := range benchRows {
		mock, err := b.startMock(ctx, dir, "--quiet")
		if err != nil {
			return err
		}
		defer mock.kill()
		size, err := responseSize(mock.url, row.benchRow)
		if err != nil {
			return err
		}
		limit := benchRow{row.name, row.method, "/" + strconv.Itoa(size), row.body}
		var rates, times []float64
		for range b.rounds {
			theirs, err := b.measure(bare, limit)
			if err != nil {
				return err
			}
			ours, err := b.measure(mock, row.benchRow)
			if err != nil {
				return err
			}
			rates = append(rates, ours.perSecond/theirs.perSecond)
			times = append(times, ours.processor/theirs.processor)
		}
		mock.kill()
		target := ""
		if row.target > 0 {
			target = fmt.Sprintf("%.2f", row.target)
		}
		b.print(row.name+", rate beside a bare handler", target, rates, "%.2f", b.tool.name)
		if row.target == 0 {
			b.print(row.name+", processor time beside a bare handler", "1.5", times, "%.2f", "/proc")
		}
	}
	return nil
}

// compareServers prints what the log and a definition of the whole API cost.
func (b *bench) compareServers(ctx context.Context, dir string) error {
	others := []struct {
		what, target string
		flags        []string
		rows         int // how many of the rows are measured
	}{
		{"with its log, rate beside --quiet", "0.80", nil, 1},
		{"with a definition, rate beside that without", "0.90", []string{"--quiet", "--definition", b.definition}, len(benchRows)},
	}
	if b.definition == "" {
		others = others[:1]
	}
	for _, other := range others {
		for _, row := range benchRows[:other.rows] {
			mock, err := b.startMock(ctx, dir, "--quiet")
			if err != nil {
				return err
			}
			defer mock.kill()
			with, err := b.startMock(ctx, dir, other.flags...)
			if err != nil {
				return err
			}
			defer with.kill()
			var rates []float64
			for range b.rounds {
				without, err := b.measure(mock, row.benchRow)
				if err != nil {
					return err
				}
				got, err := b.measure(with, row.benchRow)
				if err != nil {
					return err
				}
				rates = append(rates, got.perSecond/without.perSecond)
			}
			mock.kill()
			with.kill()
			b.print(row.name+", "+other.what, other.target, rates, "%.2f", b.tool.name)
		}
	}
	return nil
}

// print prints a row of the table.
func (b *bench) print(what, target string, figures []float64, format, by string) {
	slices.Sort(figures)
	cells := []string{what, target}
	for _, figure := range []float64{figures[0], figures[len(figures)/2], figures[len(figures)-1]} {
		cells = append(cells, fmt.Sprintf(format, figure))
	}
	fmt.Fprintf(b.out, "| %s |\n", strings.Join(append(cells, by), " | "))
}

// measureOther measures a server that is there already, and prints what it
// took: the name of each row, the requests a second, and the p99.
func (b *bench) measureOther() error {
	for _, row := range benchRows {
		if strings.HasPrefix(row.benchRow.target, "/webhooks/") {
			continue // which nobody else has
		}
		took, err := b.tool.run(strings.TrimSuffix(b.url, "/"), row.benchRow, b.round)
		if err != nil {
			return fmt.Errorf("%s: %w", row.name, err)
		}
		if _, err := fmt.Fprintf(b.out, "%s\t%.0f\t%s\n", row.name, took.perSecond, took.p99.Round(10*time.Microsecond)); err != nil {
			return err
		}
	}
	return nil
}

// measuredPace is what a server took for requests of one kind.
type measuredPace struct {
	pace
	processor float64 // microseconds for each request
}

func (b *bench) measure(s *server, row benchRow) (measuredPace, error) {
	before := s.processorTime()
	took, err := b.tool.run(s.url, row, b.round)
	if err != nil {
		return measuredPace{}, fmt.Errorf("%s: %w", row.name, err)
	}
	spent := s.processorTime() - before
	return measuredPace{took, float64(spent.Microseconds()) / float64(took.requests)}, nil
}
