package main

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/losantmock/losantmock/cmd/lab/size"
)

// startWireMock starts a real WireMock and returns its URL.
func startWireMock(t *testing.T) string {
	t.Helper()
	_, err := exec.LookPath("java")
	need(t, "Java", err != nil)
	jars, err := filepath.Glob("testdata/node/node_modules/wiremock/build/wiremock-standalone-3.13.*.jar")
	need(t, "WireMock 3.13 (npm ci in cmd/losantmock/testdata/node)", err != nil || len(jars) == 0)
	command := exec.Command("java", "-Duser.timezone=UTC", "-Xmx512m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-jar", jars[0], "--port", "0", "--bind-address", "127.0.0.1", "--disable-banner")
	out, err := command.StdoutPipe()
	if err == nil {
		err = command.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	var drained sync.WaitGroup
	t.Cleanup(func() {
		_ = command.Process.Kill() // it has nothing to save
		drained.Wait()
		_ = command.Wait()
	})
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if port, ok := strings.CutPrefix(lines.Text(), "port:"); ok {
			drained.Go(func() { _, _ = io.Copy(io.Discard, out) })
			return "http://127.0.0.1:" + strings.TrimSpace(port)
		}
	}
	t.Fatalf("WireMock said no port: %v", lines.Err())
	return ""
}

// sent is a request that both servers receive.
type sent struct {
	Method, Target string
	Header         http.Header
	Body           string
}

func (s sent) sendTo(t *testing.T, server string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), s.Method, server+s.Target, strings.NewReader(s.Body))
	if err != nil {
		t.Fatal(err)
	}
	for name, values := range s.Header {
		r.Header[name] = values
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close() // what it says does not matter
}

// refused is the verdict of a pattern that a server can't read.
const refused = "refused"

// verdict returns how many requests match a pattern on a server, or refused. The
// text PORT in the pattern is the server's port.
func verdict(t *testing.T, server, pattern string) string {
	t.Helper()
	at, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	body := strings.ReplaceAll(pattern, `"PORT"`, at.Port())
	r, err := http.NewRequestWithContext(t.Context(), "POST", server+"/__admin/requests/count", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	if response.StatusCode != http.StatusOK {
		t.Logf("%s: %s %.300s", server, response.Status, text) // shown if the verdicts differ
		return refused
	}
	var found struct{ Count int }
	if err := json.Unmarshal(text, &found); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return fmt.Sprint(found.Count)
}

// pair is a pattern for one of the requests.
type pair struct {
	request sent
	pattern string
}

// TestPatternsMatchAsInWireMock draws requests and patterns that nearly match
// them, sends them to this program and to a real WireMock, and compares how many
// requests match. What differs on purpose is tested by a row of its own.
func TestPatternsMatchAsInWireMock(t *testing.T) {
	size.SkipUnderRace(t)
	t.Parallel()
	wiremock := startWireMock(t)
	ours := serveProgram(t).url
	t.Run("drawn", func(t *testing.T) {
		seed := uint64(1)
		if !size.Fixed() {
			seed = rand.Uint64()
		}
		pairs := drawPairs(rand.New(rand.NewPCG(seed, 0)), size.Of(150, 500, 3_000))
		for i, p := range pairs {
			if i == 0 || pairs[i-1].request.Target != p.request.Target {
				p.request.sendTo(t, wiremock)
				p.request.sendTo(t, ours)
			}
		}
		verdicts := map[string]int{}
		for _, p := range pairs {
			want, got := verdict(t, wiremock, p.pattern), verdict(t, ours, p.pattern)
			verdicts[want]++
			if got != want {
				t.Errorf("seed %d: %s of\n  %s\n  %+v\nin WireMock %s", seed, got, p.pattern, p.request, want)
			}
		}
		t.Logf("of %d pairs: %v", len(pairs), verdicts)
		if share := float64(verdicts["1"]) / float64(len(pairs)); share < 0.3 || share > 0.7 {
			t.Errorf("%.0f %% of the pairs match", 100*share)
		}
	})
	t.Run("differences", func(t *testing.T) {
		for i, d := range deliberateDifferences {
			request := d.request
			request.Target = cmp.Or(request.Target, fmt.Sprintf("/difference/%d", i))
			request.Method = cmp.Or(request.Method, "POST")
			request.sendTo(t, wiremock)
			request.sendTo(t, ours)
			path, _, _ := strings.Cut(request.Target, "?")
			pattern := strings.Replace(d.pattern, "PATH", path, 1)
			if pattern == d.pattern {
				pattern = strings.Replace(d.pattern, "{", fmt.Sprintf(`{"urlPath":%q,`, path), 1)
			}
			if got := verdict(t, ours, pattern); got != d.ours {
				t.Errorf("%s: %s is %s, want %s", d.name, pattern, got, d.ours)
			}
			if got := verdict(t, wiremock, pattern); got != d.wiremock {
				t.Errorf("%s: %s is %s in WireMock, want %s", d.name, pattern, got, d.wiremock)
			}
		}
	})
}

// asJSON returns the JSON of what was drawn, without HTML's escapes.
func asJSON(value any) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(value); err != nil {
		panic(err) // it was drawn to be written
	}
	return strings.TrimSpace(b.String())
}
