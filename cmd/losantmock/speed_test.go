package main

import (
	"bufio"
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
	"testing"
	"time"
)

// bareCommand is what this test program is called as to be a bare net/http
// server, which answers constants of the size that its path names: the limit
// of the platform.
const bareCommand = "losantmock-bare"

func bareMain() {
	var bodies sync.Map
	panic(http.ListenAndServe(os.Args[1], http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, ok := bodies.Load(r.URL.Path)
		if !ok {
			size, _ := strconv.Atoi(r.URL.Path[1:])
			body, _ = bodies.LoadOrStore(r.URL.Path, []byte(strings.Repeat("x", size)))
		}
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Length", r.URL.Path[1:])
		_, _ = w.Write(body.([]byte)) // a constant of our own
	})))
}

const speedWorld = `ids: {seed: 1}
triggers: {rateLimit: {calls: 1000000, per: 1ms}}
applications:
  - id: 575ec8687ae143cd83dc4a97
    name: My Application
    webhooks:
      - {id: 575ed78e7ae143cd83dc4aab, name: My Webhook, token: the_webhook_token}
      - generate: {count: 999, name: "Device {{n}}"}
`

// TestSpeed measures the program against a bare net/http handler in the same
// run: one core for the server, one for the load, 32 connections, the journal
// on. It runs when LOSANTMOCK_SPEED names how long each round takes, such as 2s.
func TestSpeed(t *testing.T) {
	round, err := time.ParseDuration(os.Getenv("LOSANTMOCK_SPEED"))
	if err != nil {
		t.Skip("skipped: LOSANTMOCK_SPEED is not set to the time of a round, such as 2s")
	}
	world := filepath.Join(t.TempDir(), "speed.yaml")
	if err := os.WriteFile(world, []byte(speedWorld), 0o600); err != nil {
		t.Fatal(err)
	}
	bare := oneCore(t, bareCommand)
	mock := oneCore(t, "losantmock", "serve", "--quiet", "--scenario", world, "--listen")
	const hooks = "/applications/575ec8687ae143cd83dc4a97/webhooks"
	for _, c := range []struct {
		name, method, target, body string
		least                      float64
	}{
		{"webhook.get", "GET", hooks + "/575ed78e7ae143cd83dc4aab", "", 0.60},
		{"webhooks.get, 10 items", "GET", hooks + "?perPage=10", "", 0.60},
		{"webhooks.get, 100 items", "GET", hooks + "?perPage=100", "", 0.60},
		{"webhooks.post", "POST", hooks, `{"name":"Door opened"}`, 0.40},
		{"a trigger call", "POST", "/webhooks/the_webhook_token", `{"event":"opened"}`, 0.55},
	} {
		size := answerSize(t, mock, c.method, c.target, c.body)
		limit := "/" + strconv.Itoa(size)
		var ratios []float64
		var best, bestBare float64
		for range 5 { // by turns: the machine may be busy with something else
			b := load(t, bare, c.method, limit, c.body, round)
			m := load(t, mock, c.method, c.target, c.body, round)
			ratios, best, bestBare = append(ratios, m/b), max(best, m), max(bestBare, b)
		}
		slices.Sort(ratios)
		median := ratios[len(ratios)/2]
		t.Logf("%-24s %7d bytes  %6.0f/s of %6.0f/s  ratio %.2f (%.2f to %.2f), target %.2f", c.name, size, best, bestBare, median, ratios[0], ratios[len(ratios)-1], c.least)
	}
}

// oneCore starts a server on the first core, the load being on others, and
// gives its URL.
func oneCore(t *testing.T, name string, args ...string) string {
	t.Helper()
	address := freeAddress(t)
	args = append(args, address)
	command := exec.Command(name, args...)
	if taskset, err := exec.LookPath("taskset"); err == nil {
		command = exec.Command(taskset, append([]string{"-c", "0", command.Path}, args...)...)
	}
	command.Env = append(command.Environ(), "GOMAXPROCS=1")
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = command.Process.Kill()
		_ = command.Wait()
	})
	waitFor(t, address)
	return "http://" + address
}

func answerSize(t *testing.T, url, method, target, body string) int {
	t.Helper()
	request, _ := http.NewRequest(method, url+target, strings.NewReader(body))
	request.Header.Set("Authorization", "Bearer any")
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Accept-Encoding", "identity")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode > 299 {
		t.Fatalf("%s %s: %s %v", method, target, response.Status, err)
	}
	return len(answer)
}

// load asks as fast as the answers come, on 32 connections, and gives how many
// came in a second.
func load(t *testing.T, url, method, target, body string, round time.Duration) float64 {
	t.Helper()
	host := strings.TrimPrefix(url, "http://")
	request := fmt.Sprintf("%s %s HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer any\r\n", method, target, host)
	if body != "" {
		request += fmt.Sprintf("Content-Type: application/json\r\nContent-Length: %d\r\n", len(body))
	}
	request += "\r\n" + body
	counts := make(chan int, 32)
	end := time.Now().Add(round)
	for range 32 {
		go func() {
			n, err := askUntil(host, request, end)
			if err != nil {
				t.Error(err)
			}
			counts <- n
		}()
	}
	total := 0
	for range 32 {
		total += <-counts
	}
	return float64(total) / round.Seconds()
}

func askUntil(host, request string, end time.Time) (int, error) {
	conn, err := net.Dial("tcp", host)
	if err != nil {
		return 0, err
	}
	defer conn.Close()
	answers := bufio.NewReaderSize(conn, 64<<10)
	n := 0
	for time.Now().Before(end) {
		if _, err := io.WriteString(conn, request); err != nil {
			return n, err
		}
		if err := skipAnswer(answers); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

// skipAnswer reads an answer of a known length without keeping it.
func skipAnswer(answers *bufio.Reader) error {
	length, first := 0, true
	for {
		line, err := answers.ReadSlice('\n')
		if err != nil {
			return err
		}
		if first && (len(line) < 12 || line[9] != '2') {
			return fmt.Errorf("the answer is %.40q", line)
		}
		first = false
		if len(line) <= 2 {
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

// TestStartAndMemory measures how soon the program answers, and what it takes
// when it is idle.
func TestStartAndMemory(t *testing.T) {
	if os.Getenv("LOSANTMOCK_SPEED") == "" {
		t.Skip("skipped: LOSANTMOCK_SPEED is not set")
	}
	binary := filepath.Join(t.TempDir(), "losantmock")
	build := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-o", binary, ".")
	build.Env = append(build.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v %s", err, out)
	}
	info, err := os.Stat(binary)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("the binary has %.1f MB, target 16", float64(info.Size())/1e6)
	million := filepath.Join(t.TempDir(), "million.yaml")
	if err := os.WriteFile(million, []byte(strings.Replace(speedWorld, "999", "1000000", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, scenario := range []string{"default", million} {
		best := time.Hour
		memory := ""
		for range 3 {
			began := time.Now()
			p, err := startProgram(exec.Command(binary, "serve", "--listen", "127.0.0.1:0", "--scenario", scenario))
			if err != nil {
				t.Fatal(err)
			}
			response, err := http.Get(p.url + "/__admin/health")
			if err != nil {
				t.Fatal(err)
			}
			best = min(best, time.Since(began))
			_ = response.Body.Close()
			time.Sleep(300 * time.Millisecond) // idle
			status, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.command.Process.Pid))
			for line := range strings.Lines(string(status)) {
				if strings.HasPrefix(line, "VmRSS") {
					memory = strings.Join(strings.Fields(line), " ")
				}
			}
			_ = p.stop()
		}
		t.Logf("%s: first 200 after %s, %s", filepath.Base(scenario), best.Round(time.Millisecond), memory)
	}
}
