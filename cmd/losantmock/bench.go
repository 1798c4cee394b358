package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"
)

// benchCommand measures the program against a bare net/http handler.
type benchCommand struct {
	round  time.Duration
	rounds int
	bare   string
	rival  string
	dir    string
	out    io.Writer
}

// newBench is hidden: it measures the program rather than use it.
func newBench() *cobra.Command {
	var c benchCommand
	cmd := &cobra.Command{
		Use:    "bench",
		Hidden: true,
		Short:  "Measure this program against a bare net/http handler",
		Long: `Bench starts a server on one core and asks it from the others on 32 connections, by turns with a bare net/http handler that writes a constant of the same size, which is the limit of the platform. It prints the middle of the ratios as a Markdown table.

The requests are recorded as ever; --quiet, so that none is logged.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if c.bare != "" {
				return serveBare(cmd.Context(), c.bare)
			}
			c.out = cmd.OutOrStdout()
			if c.rival != "" {
				return c.measureRival()
			}
			if err := c.run(cmd.Context()); err != nil {
				return &failure{fmt.Errorf("losantmock: %w", err)}
			}
			return nil
		},
	}
	cmd.Flags().DurationVar(&c.round, "round", time.Second, "how `long` each measurement takes")
	cmd.Flags().IntVar(&c.rounds, "rounds", 5, "how `many` measurements each row has")
	cmd.Flags().StringVar(&c.bare, "bare", "", "`address` to be the bare handler at")
	cmd.Flags().StringVar(&c.rival, "rival", "", "base `URL` of another server, to be measured alone with the rows of the API")
	return cmd
}

// serveBare is the bare handler: it answers constants of the size that a path
// names.
func serveBare(ctx context.Context, address string) error {
	var bodies sync.Map
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return &failure{err}
	}
	return serveUntil(ctx, listener, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, ok := bodies.Load(r.URL.Path)
		if !ok {
			size, _ := strconv.Atoi(r.URL.Path[1:])
			body, _ = bodies.LoadOrStore(r.URL.Path, []byte(strings.Repeat("x", min(max(size, 0), 1<<20))))
		}
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Length", strconv.Itoa(len(body.([]byte))))
		_, _ = w.Write(body.([]byte)) // a constant of our own
	}))
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

func (c *benchCommand) run(ctx context.Context) error {
	var err error
	if c.dir, err = os.MkdirTemp("", "losantmock-bench-"); err != nil {
		return err
	}
	defer os.RemoveAll(c.dir)
	world := filepath.Join(c.dir, "bench.yaml")
	if err := os.WriteFile(world, []byte(benchWorld), 0o600); err != nil {
		return err
	}
	bare, stopBare, err := startOnOneCore(ctx, "bench", "--bare")
	if err != nil {
		return err
	}
	defer stopBare()
	mock, stopMock, err := startOnOneCore(ctx, "serve", "--quiet", "--scenario", world, "--listen")
	if err != nil {
		return err
	}
	defer stopMock()
	fmt.Fprintf(c.out, "| | bytes | a part of the bare handler | requests a second | p99 |\n|---|---|---|---|---|\n")
	for _, row := range benchRows {
		size, err := answerSize(mock, row.method, row.target, row.body)
		if err != nil {
			return err
		}
		var ratios []float64
		var best load
		for range c.rounds {
			limit, err := measure(bare, row.method, "/"+strconv.Itoa(size), row.body, c.round)
			if err != nil {
				return err
			}
			got, err := measure(mock, row.method, row.target, row.body, c.round)
			if err != nil {
				return err
			}
			ratios = append(ratios, got.perSecond/limit.perSecond)
			if got.perSecond > best.perSecond {
				best = got
			}
		}
		slices.Sort(ratios)
		fmt.Fprintf(c.out, "| %s | %d | %.2f | %.0f | %s |\n", row.name, size, ratios[len(ratios)/2], best.perSecond, best.p99.Round(10*time.Microsecond))
	}
	return nil
}

// measureRival measures a server that is there already, and prints what it
// took: the name of each row, the requests a second, and the p99.
func (c *benchCommand) measureRival() error {
	for _, row := range benchRows {
		if strings.HasPrefix(row.target, "/webhooks/") {
			continue // which nobody else has
		}
		took, err := measure(strings.TrimSuffix(c.rival, "/"), row.method, row.target, row.body, c.round)
		if err != nil {
			return &failure{fmt.Errorf("losantmock: %s: %w", row.name, err)}
		}
		if _, err := fmt.Fprintf(c.out, "%s\t%.0f\t%s\n", row.name, took.perSecond, took.p99.Round(10*time.Microsecond)); err != nil {
			return err
		}
	}
	return nil
}

// startOnOneCore starts this program as another process on the first core, and
// gives its URL. The arguments end with the flag for its address.
func startOnOneCore(ctx context.Context, args ...string) (url string, stop func(), err error) {
	program, err := exec.LookPath(os.Args[0])
	if err != nil {
		return "", nil, err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0") // to find a free port
	if err != nil {
		return "", nil, err
	}
	address := listener.Addr().String()
	if err := listener.Close(); err != nil {
		return "", nil, err
	}
	args = append(args, address)
	if taskset, err := exec.LookPath("taskset"); err == nil {
		program, args = taskset, append([]string{"-c", "0", program}, args...)
	}
	command := exec.CommandContext(ctx, program, args...)
	command.Env = append(command.Environ(), "GOMAXPROCS=1")
	if err := command.Start(); err != nil {
		return "", nil, err
	}
	stop = func() {
		_ = command.Process.Kill()
		_ = command.Wait() // it was killed
	}
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		conn, err := net.Dial("tcp", address)
		if err == nil {
			return "http://" + address, stop, conn.Close()
		}
		if time.Now().After(deadline) || ctx.Err() != nil {
			stop()
			return "", nil, errors.New("the server did not start")
		}
	}
}

func answerSize(url, method, target, body string) (int, error) {
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
	answer, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode > 299 {
		err = fmt.Errorf("%s %s answers %s", method, target, response.Status)
	}
	return len(answer), err
}

// load is what a server took.
type load struct {
	perSecond float64
	p99       time.Duration
}

// connections is how many connections ask at once, each as fast as the answers
// come.
const connections = 32

func measure(url, method, target, body string, round time.Duration) (load, error) {
	host := strings.TrimPrefix(url, "http://")
	request := fmt.Sprintf("%s %s HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer any\r\n", method, target, host)
	if body != "" {
		request += fmt.Sprintf("Content-Type: application/json\r\nContent-Length: %d\r\n", len(body))
	}
	request += "\r\n" + body
	var mu sync.Mutex
	var all []time.Duration
	var problem error
	var asking sync.WaitGroup
	end := time.Now().Add(round)
	for range connections {
		asking.Go(func() {
			took, err := askUntil(host, request, end)
			mu.Lock()
			defer mu.Unlock()
			all, problem = append(all, took...), errors.Join(problem, err)
		})
	}
	asking.Wait()
	if problem != nil || len(all) == 0 {
		return load{}, errors.Join(problem, errors.New("nothing was answered"))
	}
	slices.Sort(all)
	return load{float64(len(all)) / round.Seconds(), all[len(all)*99/100]}, nil
}

func askUntil(host, request string, end time.Time) ([]time.Duration, error) {
	conn, err := net.Dial("tcp", host)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	answers := bufio.NewReaderSize(conn, 64<<10)
	var took []time.Duration
	for now := time.Now(); now.Before(end); {
		if _, err := io.WriteString(conn, request); err != nil {
			return took, err
		}
		if err := skipAnswer(answers); err != nil {
			return took, err
		}
		then := now
		now = time.Now()
		took = append(took, now.Sub(then))
	}
	return took, nil
}

// skipAnswer reads an answer of a known length without keeping it.
func skipAnswer(answers *bufio.Reader) error {
	length := 0
	for first := true; ; first = false {
		line, err := answers.ReadSlice('\n')
		if err != nil {
			return err
		}
		if first && (len(line) < 12 || line[9] != '2') {
			return fmt.Errorf("the answer is %.40q", line)
		}
		if len(line) <= len("\r\n") {
			_, err := answers.Discard(length)
			return err
		}
		if name, value, ok := strings.Cut(string(line), ": "); ok && name == "Content-Length" {
			if length, err = strconv.Atoi(strings.TrimSpace(value)); err != nil {
				return err
			}
		}
	}
}
