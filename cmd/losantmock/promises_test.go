//go:build promises

package main

import (
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// The page shows a journal of 100,000 requests soon, and filters it.
func TestThePageIsQuick(t *testing.T) {
	_, err := exec.LookPath("chromium")
	need(t, "Chromium", err != nil)
	p := serveProgram(t, "--journal-bytes", "1073741824")
	const entries = 100_000
	record(t, p.url, entries)
	out := runNodeAt(t, p, "pagespeed.mjs", 1, strconv.Itoa(entries))
	_, figures, _ := strings.Cut(out, "\nok ")
	t.Attr("P1", strings.TrimSpace(figures))
}

// record sends so many requests, each with a query of its own.
func record(t *testing.T, url string, count int) {
	t.Helper()
	const clients = 8
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: clients}}
	defer client.CloseIdleConnections()
	var sending sync.WaitGroup
	for first := range clients {
		sending.Go(func() {
			for n := first; n < count && !t.Failed(); n += clients {
				request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, fmt.Sprintf("%s/applications?n=%d", url, n), nil)
				if err != nil {
					t.Error(err)
					return
				}
				request.Header.Set("Authorization", "Bearer any")
				response, err := client.Do(request)
				if err != nil {
					t.Error(err)
					return
				}
				_, _ = io.Copy(io.Discard, response.Body)
				_ = response.Body.Close()
			}
		})
	}
	sending.Wait()
}
