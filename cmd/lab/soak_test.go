//go:build linux && promises

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/losantmock/losantmock/cmd/lab/size"
)

// disturbance is what happens beside a load, again and again.
type disturbance struct {
	name  string
	every time.Duration
	once  func(ctx context.Context, d *disturber) error
}

// disturber does what one disturbance consists of.
type disturber struct {
	s       *server
	journal string // the journal file
	random  *rand.Rand
	round   int
}

var disturbances = []disturbance{
	{"exports and lists", 50 * time.Millisecond, func(ctx context.Context, d *disturber) error {
		paths := []string{"/requests/export?format=har", "/requests/export?format=jsonl", "/requests/export?format=curl", "/requests", "/requests?summary=true", "/triggers", "/scenario", "/health"}
		return d.call(ctx, "GET", paths[d.round%len(paths)], "")
	}},
	{"clients that leave", 100 * time.Millisecond, func(ctx context.Context, d *disturber) error {
		ctx, leave := context.WithTimeout(ctx, time.Duration(d.random.IntN(20))*time.Millisecond)
		defer leave()
		err := d.call(ctx, "GET", "/requests/export?format=har", "")
		if ctx.Err() != nil {
			return nil
		}
		return err
	}},
	{"questions", 50 * time.Millisecond, func(ctx context.Context, d *disturber) error {
		hostile := `{"bodyPatterns": [{"matches": "(a*)*(a*)*b"}, {"equalToJson": "[1,2,3,4,5,6,7,8]", "ignoreArrayOrder": true}]}`
		questions := [][2]string{
			{"/requests/wait", `{"request": {"urlPath": "/never"}, "count": 1, "timeout": "200ms"}`},
			{"/requests/wait", `{"request": {"urlPathPattern": ".*door.*"}, "count": 3, "timeout": "10s"}`},
			{"/requests/count", hostile},
			{"/requests/find", `{"method": "DELETE"}`},
			{"/near-misses/request-pattern", `{"urlPath": "/webhooks/the_webhook_token/dor"}`},
			{"/requests/remove", fmt.Sprintf(`{"urlPattern": ".*lab=%d-1.*"}`, d.round)},
		}
		question := questions[d.round%len(questions)]
		return d.call(ctx, "POST", question[0], question[1])
	}},
	{"streams", 200 * time.Millisecond, func(ctx context.Context, d *disturber) error {
		ctx, leave := context.WithTimeout(ctx, 300*time.Millisecond)
		defer leave()
		if err := d.call(ctx, "GET", "/requests/stream", ""); ctx.Err() == nil {
			return fmt.Errorf("the stream ended: %w", err)
		}
		return nil
	}},
	{"sandboxes", 50 * time.Millisecond, func(ctx context.Context, d *disturber) error {
		name := fmt.Sprintf("soak-%d", d.round)
		return errors.Join(
			d.call(ctx, "POST", "/sandboxes", fmt.Sprintf(`{"name": %q}`, name)),
			d.get(ctx, "/__sandbox/"+name+"/applications?access_token=any"),
			d.call(ctx, "DELETE", "/sandboxes/"+name, ""),
		)
	}},
	{"resets and other scenarios", 100 * time.Millisecond, func(ctx context.Context, d *disturber) error {
		if d.round%2 == 0 {
			return d.call(ctx, "POST", "/reset", "")
		}
		return d.call(ctx, "PUT", "/scenario", benchWorld)
	}},
	{"other times", 100 * time.Millisecond, func(ctx context.Context, d *disturber) error {
		to := time.Unix(d.random.Int64N(200_000_000_000), 0).UTC().Format(time.RFC3339)
		return d.call(ctx, "POST", "/clock", fmt.Sprintf(`{"now": %q}`, to))
	}},
	{"rotations", time.Second, func(_ context.Context, d *disturber) error {
		if err := os.Rename(d.journal, fmt.Sprintf("%s.%d", d.journal, d.round)); err != nil {
			return err
		}
		return errors.Join(d.s.command.Process.Signal(syscall.SIGHUP), d.untilThere(d.journal))
	}},
	{"two lengths", 100 * time.Millisecond, func(_ context.Context, d *disturber) error {
		return d.send("POST /applications HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 0)
	}},
	{"clients that do not read", 500 * time.Millisecond, func(_ context.Context, d *disturber) error {
		list := "GET " + benchHooks + "?perPage=1000 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer any\r\n\r\n"
		return d.send(strings.Repeat(list, 50), time.Second)
	}},
}

// call sends a request to the admin API. The error says that it had no response, or
// one of 5xx.
func (d *disturber) call(ctx context.Context, method, path, body string) error {
	request, err := http.NewRequestWithContext(ctx, method, d.s.url+"/__admin"+path, strings.NewReader(body))
	if err != nil {
		return err
	}
	if body != "" {
		request.Header.Set("Content-Type", "application/json")
	}
	return do(request)
}

func (d *disturber) get(ctx context.Context, path string) error {
	request, err := http.NewRequestWithContext(ctx, "GET", d.s.url+path, nil)
	if err != nil {
		return err
	}
	return do(request)
}

func do(request *http.Request) error {
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode >= 500 {
		text, _ := io.ReadAll(response.Body)
		return fmt.Errorf("%s %s: %s %s", request.Method, request.URL.Path, response.Status, text)
	}
	_, err = io.Copy(io.Discard, response.Body)
	return err
}

// send writes bytes to a connection of their own, which stays open for a while.
func (d *disturber) send(text string, open time.Duration) error {
	c, err := dial(d.s.url)
	if err != nil {
		return err
	}
	defer c.close()
	_, _ = io.WriteString(c.conn, text) // the server may close it first
	time.Sleep(open)                    // what is done for that long is to hold the connection
	return nil
}

// untilThere waits until the server has made a file.
func (d *disturber) untilThere(path string) error {
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(time.Millisecond) {
		if _, err := os.Stat(path); err == nil {
			return nil
		}
	}
	return fmt.Errorf("the server has not made %s within a minute", path)
}

// disturb does all disturbances until the context is done, each at least once.
func disturb(t *testing.T, ctx context.Context, s *server, journal string) (rounds int) {
	t.Helper()
	var disturbing sync.WaitGroup
	var mu sync.Mutex
	for i, one := range disturbances {
		disturbing.Go(func() {
			d := &disturber{s: s, journal: journal, random: rand.New(rand.NewPCG(18, uint64(i)))}
			for ; d.round == 0 || ctx.Err() == nil; d.round++ {
				if err := one.once(t.Context(), d); err != nil {
					t.Errorf("%s: %v", one.name, err)
					break
				}
				time.Sleep(one.every) // the pace of the disturbance
			}
			mu.Lock()
			defer mu.Unlock()
			rounds += d.round
		})
	}
	disturbing.Wait()
	return rounds
}

// soak puts a server under a load with all disturbances beside it, and ends it. It
// compares what was responded to with what the journal files have.
func soak(t *testing.T, s *server, journal string, duration time.Duration) (figures string) {
	t.Helper()
	before := s.descriptors()
	ctx, cancel := context.WithTimeout(t.Context(), duration)
	defer cancel()
	done := make(chan *tally)
	go func() { done <- (&load{url: s.url, connections: 16, duration: duration, rate: 500}).run(ctx) }()
	rounds := disturb(t, ctx, s, journal)
	all := <-done
	http.DefaultClient.CloseIdleConnections()
	until(t, "all connections are closed", func() bool { return s.descriptors() <= before+2 })
	health, err := s.get("/__admin/health")
	if err != nil || !strings.Contains(health, `"panics": 0`) {
		t.Errorf("health is %s %v", health, err)
	}
	if err := s.terminate(); err != nil {
		t.Error(err)
	}
	noFaults(t, all, journaledInAll(t, journal))
	return fmt.Sprintf("%d requests and %d disturbances in %s", len(all.acknowledged), rounds, all.lasted.Round(time.Second))
}

// journaledInAll returns the targets in a journal file, and in those that it was
// renamed to.
func journaledInAll(t *testing.T, journal string) (targets []string) {
	t.Helper()
	files, err := filepath.Glob(journal + "*")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		of, err := journaledIn(file)
		if err != nil {
			t.Errorf("%s: %v", file, err)
		}
		targets = slices.Concat(targets, of)
	}
	return targets
}

// All at once, for a while: nothing is lost, nothing leaks, nothing grows.
func TestSoak(t *testing.T) {
	const budget = 128 << 20
	journal := filepath.Join(t.TempDir(), "journal.jsonl")
	s := serve(t, "--journal", journal, "--memory", fmt.Sprint(budget))
	var most atomic.Int64
	watching := make(chan bool)
	go func() {
		defer close(watching)
		for ; s.descriptors() > 0; time.Sleep(100 * time.Millisecond) {
			_, peak := s.memory()
			most.Store(max(most.Load(), peak))
		}
	}()
	figures := soak(t, s, journal, size.Of(5*time.Second, 5*time.Second, time.Hour))
	<-watching
	promised(t, "K1", most.Load() <= budget+150e6, fmt.Sprintf("%s, at most %d MB with a budget of %d MB", figures, most.Load()/1e6, budget/1_000_000))
}

// The race detector finds nothing in all of it, which would end the program with 66.
func TestRaceUnderLoad(t *testing.T) {
	program, err := build(t.Context(), t.TempDir(), "-race")
	if err != nil {
		t.Fatal(err)
	}
	journal := filepath.Join(t.TempDir(), "journal.jsonl")
	command, err := serveLoaded(context.Background(), program, t.TempDir(), "--journal", journal)
	if err != nil {
		t.Fatal(err)
	}
	var log strings.Builder
	command.Stderr = &log
	figures := soak(t, startServer(t, command), journal, size.Of(3*time.Second, 3*time.Second, time.Hour))
	if strings.Contains(log.String(), "DATA RACE") {
		t.Error(log.String())
	}
	t.Attr("C4", "a server built with -race: "+figures+", no race")
}
