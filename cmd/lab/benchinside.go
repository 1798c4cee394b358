package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/losantmock/losantmock/mockserver"
)

// measureInside prints the rows of what a test does with package mockserver.
func (b *bench) measureInside() error {
	var ratios, sandboxes, sizes []float64
	for range b.rounds {
		theirs, err := timeOf(startBare)
		if err != nil {
			return err
		}
		ours, err := timeOf(startMockserver)
		if err != nil {
			return err
		}
		sandbox, err := sandboxTime()
		if err != nil {
			return err
		}
		size, err := requestSize()
		if err != nil {
			return err
		}
		ratios = append(ratios, ours.Seconds()/theirs.Seconds())
		sandboxes = append(sandboxes, float64(sandbox.Microseconds())/1000)
		sizes = append(sizes, size)
	}
	b.print("mockserver.Start with its first request, time beside httptest.NewServer", "2", ratios, "%.2f", "testing")
	b.print("a sandbox with its first request, ms", "0.2", sandboxes, "%.2f", "testing")
	b.print("a small request in the journal, of 100,000, bytes", "700", sizes, "%.0f", "runtime")
	return nil
}

// timeOf returns what one call takes, of as many as package testing wants.
func timeOf(call func() error) (time.Duration, error) {
	var failed error
	result := testing.Benchmark(func(b *testing.B) {
		for b.Loop() {
			if failed = call(); failed != nil {
				b.FailNow()
			}
		}
	})
	return time.Duration(result.NsPerOp()), failed
}

func startBare() error {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "{}") }))
	defer s.Close()
	return askFor(s.URL)
}

func startMockserver() error {
	t := new(ending)
	defer t.end()
	return askFor(mockserver.Start(t).URL + "/applications")
}

// ending is a test that ends when it is told to.
type ending struct {
	testing.TB // which is not there: no other method is called
	cleanups   []func()
}

func (*ending) Helper()                  {}
func (*ending) Failed() bool             { return false }
func (e *ending) Cleanup(cleanup func()) { e.cleanups = append(e.cleanups, cleanup) }

func (e *ending) end() {
	for _, cleanup := range slices.Backward(e.cleanups) {
		cleanup()
	}
}

// askFor sends a request on a connection of its own.
func askFor(url string) error {
	var own http.Transport
	defer own.CloseIdleConnections()
	return ask(&own, url)
}

func ask(client http.RoundTripper, url string) error {
	request, err := http.NewRequest(http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	request.Header.Set("Authorization", "Bearer any")
	response, err := client.RoundTrip(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s", url, response.Status)
	}
	_, err = io.Copy(io.Discard, response.Body)
	return err
}

// sandboxTime returns what the first request to a sandbox takes, which makes it, on a
// connection that is there already.
func sandboxTime() (time.Duration, error) {
	s, err := mockserver.New()
	if err != nil {
		return 0, err
	}
	served := httptest.NewServer(s)
	defer served.Close()
	var client http.Transport
	defer client.CloseIdleConnections()
	n := 0
	return timeOf(func() error {
		n++
		name := fmt.Sprintf("s%d", n)
		defer s.DropSandbox(name)
		return ask(&client, served.URL+"/__sandbox/"+name+"/applications")
	})
}

// requestSize returns how many bytes of memory the journal takes for each of 100,000
// requests: what stays of them after a collection.
func requestSize() (float64, error) {
	const requests = 100_000
	s, err := mockserver.New(mockserver.WithJournalLimits(requests, 1<<30))
	if err != nil {
		return 0, err
	}
	before := heap()
	for i := range requests {
		r := httptest.NewRequest(http.MethodGet, strings.Replace(benchRows[0].benchRow.target, "575ed78e7ae143cd83dc4aab", fmt.Sprintf("%024x", i), 1), nil)
		r.Header.Set("Authorization", "Bearer any")
		r.Header.Set("User-Agent", "lab")
		s.ServeHTTP(httptest.NewRecorder(), r)
	}
	size := float64(heap()-before) / requests
	runtime.KeepAlive(s)
	return size, nil
}

func heap() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
