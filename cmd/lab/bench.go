package main

import (
	"context"
	"errors"
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
	program string
	round   time.Duration
	rounds  int
	url     string
	out     io.Writer
}

func newBench() *cobra.Command {
	var b bench
	cmd := &cobra.Command{
		Use:   "bench",
		Short: "Measure losantmock against a bare net/http handler",
		Long: `Bench starts a server on one core and asks it from the others on 32 connections, by turns with a bare net/http handler that writes a constant of the same size, which is the limit of the platform. It prints the middle of the ratios as a Markdown table.

The requests are recorded as ever; --quiet, so that none is logged.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			b.out = cmd.OutOrStdout()
			if b.url != "" {
				return b.measureOther()
			}
			return b.run(cmd.Context())
		},
	}
	cmd.Flags().StringVar(&b.program, "program", "", "losantmock `program` to measure (default: built from this module)")
	cmd.Flags().DurationVar(&b.round, "round", time.Second, "how `long` each measurement takes")
	cmd.Flags().IntVar(&b.rounds, "rounds", 5, "how `many` measurements each row has")
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

// benchRows are what is measured.
var benchRows = []struct{ name, method, target, body string }{
	{"one webhook", "GET", benchHooks + "/575ed78e7ae143cd83dc4aab", ""},
	{"a list of 10", "GET", benchHooks + "?perPage=10", ""},
	{"a list of 100", "GET", benchHooks + "?perPage=100", ""},
	{"create a webhook, validated", "POST", benchHooks, `{"name":"Door opened"}`},
	{"call a webhook", "POST", "/webhooks/the_webhook_token", `{"event":"opened"}`},
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
	command, err := serveLoaded(ctx, b.program, dir)
	if err != nil {
		return err
	}
	mock, err := start(onOneCore(command))
	if err != nil {
		return err
	}
	defer mock.kill()
	fmt.Fprintf(b.out, "| | bytes | a part of the bare handler | requests a second | p99 |\n|---|---|---|---|---|\n")
	for _, row := range benchRows {
		size, err := responseSize(mock.url, row.method, row.target, row.body)
		if err != nil {
			return err
		}
		var ratios []float64
		var best pace
		for range b.rounds {
			limit, err := measure(bare.url, row.method, "/"+strconv.Itoa(size), row.body, b.round)
			if err != nil {
				return err
			}
			got, err := measure(mock.url, row.method, row.target, row.body, b.round)
			if err != nil {
				return err
			}
			ratios = append(ratios, got.perSecond/limit.perSecond)
			if got.perSecond > best.perSecond {
				best = got
			}
		}
		slices.Sort(ratios)
		fmt.Fprintf(b.out, "| %s | %d | %.2f | %.0f | %s |\n", row.name, size, ratios[len(ratios)/2], best.perSecond, best.p99.Round(10*time.Microsecond))
	}
	return nil
}

// measureOther measures a server that is there already, and prints what it
// took: the name of each row, the requests a second, and the p99.
func (b *bench) measureOther() error {
	for _, row := range benchRows {
		if strings.HasPrefix(row.target, "/webhooks/") {
			continue // which nobody else has
		}
		took, err := measure(strings.TrimSuffix(b.url, "/"), row.method, row.target, row.body, b.round)
		if err != nil {
			return fmt.Errorf("%s: %w", row.name, err)
		}
		if _, err := fmt.Fprintf(b.out, "%s\t%.0f\t%s\n", row.name, took.perSecond, took.p99.Round(10*time.Microsecond)); err != nil {
			return err
		}
	}
	return nil
}

func responseSize(url, method, target, body string) (int, error) {
	request, err := http.NewRequest(method, url+target, strings.NewReader(body))
	if err != nil {
		return 0, err
	}
	request.Header.Set("Authorization", "Bearer any")
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Accept-Encoding", "identity")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, err
	}
	defer response.Body.Close()
	received, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode > 299 {
		err = fmt.Errorf("%s %s responds with %s", method, target, response.Status)
	}
	return len(received), err
}

// pace is what a server took.
type pace struct {
	perSecond float64
	p99       time.Duration
}

// connections is how many connections ask at once, each as fast as the responses
// come.
const connections = 32

func measure(url, method, target, body string, round time.Duration) (pace, error) {
	var mu sync.Mutex
	var all []time.Duration
	var problem error
	var asking sync.WaitGroup
	end := time.Now().Add(round)
	for range connections {
		asking.Go(func() {
			took, err := askUntil(url, method, target, body, end)
			mu.Lock()
			defer mu.Unlock()
			all, problem = append(all, took...), errors.Join(problem, err)
		})
	}
	asking.Wait()
	if problem != nil || len(all) == 0 {
		return pace{}, errors.Join(problem, errors.New("there was no response"))
	}
	slices.Sort(all)
	return pace{float64(len(all)) / round.Seconds(), all[len(all)*99/100]}, nil
}

func askUntil(url, method, target, body string, end time.Time) ([]time.Duration, error) {
	c, err := dial(url)
	if err != nil {
		return nil, err
	}
	defer c.close()
	request := c.text(method, target, body)
	var took []time.Duration
	for now := time.Now(); now.Before(end); {
		status, response, err := c.ask(request)
		if err == nil && status > 299 {
			err = fmt.Errorf("%s %s responds with %d %s", method, target, status, response)
		}
		if err != nil {
			return took, err
		}
		then := now
		now = time.Now()
		took = append(took, now.Sub(then))
	}
	return took, nil
}
