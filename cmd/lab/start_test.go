//go:build promises

package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// bareServer is the source of a server that does nothing, the limit of the
// platform.
const bareServer = `package main

import (
	"net/http"
	"os"
)

func main() {
	panic(http.ListenAndServe(os.Args[1], http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {})))
}
`

// The program is small, responds soon after its start, also with a large world,
// and takes little while nobody asks. How fast the machine is shows in a bare
// server, which starts before it, and in encoding/json, which decodes as many
// webhooks.
func TestStartAndSize(t *testing.T) {
	info, err := os.Stat(built)
	if err != nil || info.Size() > 24e6 {
		t.Errorf("the program has %d bytes, %v", info.Size(), err)
	}
	dir := t.TempDir()
	million := filepath.Join(dir, "million.yaml")
	for path, text := range map[string]string{
		million:                       strings.Replace(benchWorld, "999", "1000000", 1),
		filepath.Join(dir, "bare.go"): bareServer,
	} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	bare := filepath.Join(dir, "bare")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", bare, bare+".go").CombinedOutput(); err != nil {
		t.Fatalf("%v %s", err, out)
	}
	measured(t, "F1", func() (bool, string) {
		_, reference := startOnce(t, exec.Command(bare))
		idle, took := startOnce(t, exec.Command(built, "serve", "--quiet", "--scenario", "default", "--listen"))
		times := took.Seconds() / reference.Seconds()
		return times <= 10 && idle <= 28<<20, fmt.Sprintf("first response after %s, %.1f times a bare server's, %.1f MB idle, a program of %.1f MB",
			took.Round(time.Millisecond), times, float64(idle)/1e6, float64(info.Size())/1e6)
	})
	measured(t, "F1", func() (bool, string) {
		reference := decodeWebhooks(t, 1_000_000)
		_, took := startOnce(t, exec.Command(built, "serve", "--quiet", "--scenario", million, "--listen"))
		times := took.Seconds() / reference.Seconds()
		return times <= 1.5, fmt.Sprintf("with 1,000,000 webhooks after %s, %.2f times what encoding/json takes to decode them", took.Round(time.Millisecond), times)
	})
}

// startOnce returns what memory a server takes while nobody asks, and how long
// after its start its first response came.
func startOnce(t *testing.T, command *exec.Cmd) (idle int64, took time.Duration) {
	t.Helper()
	began := time.Now()
	s := startServer(t, command)
	defer s.kill()
	if _, err := s.get("/__admin/health"); err != nil {
		t.Fatal(err)
	}
	took = time.Since(began)
	time.Sleep(300 * time.Millisecond) // for the memory that the start took to be given back
	idle, _ = s.memory()
	return idle, took
}

// decodeWebhooks returns how long encoding/json takes for a webhook, so many
// times.
func decodeWebhooks(t *testing.T, count int) time.Duration {
	t.Helper()
	text := []byte(`{"id":"575ed78e7ae143cd83dc4aab","applicationId":"575ec8687ae143cd83dc4a97","creationDate":"2016-06-13T04:00:00.000Z",` +
		`"lastUpdated":"2016-06-13T04:00:00.000Z","name":"My Webhook","token":"the_webhook_token","responseCode":200,` +
		`"verificationType":"none","waitForReply":false,"enabled":true}`)
	began := time.Now()
	for range count {
		var hook map[string]any
		if err := json.Unmarshal(text, &hook); err != nil {
			t.Fatal(err)
		}
	}
	return time.Since(began)
}
