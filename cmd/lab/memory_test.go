//go:build promises

package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/losantmock/losantmock/cmd/lab/size"
)

// hungryWorld counts by token, and has a webhook whose calls wait.
const hungryWorld = `api: {rateLimit: {calls: 1000000, per: 1h}}
triggers: {maxBody: 4194304, maxHeld: 1000, replyTimeout: 200ms, rateLimit: {calls: 1000000}}
faults: [{name: each, perToken: true, from: 1000000, status: 500}]
applications:
- id: 575ec8687ae143cd83dc4a97
  name: a
  webhooks:
  - {name: waits, token: waits, waitForReply: true}
  - {name: fires, token: fires}
  - {name: renders, token: renders, waitForReply: true, castBuffersAs: array, reply: {body: "{{.data.method}}"}}
`

// Nothing that clients send makes the server hold more than its budget.
func TestMemoryStaysWithinTheBudget(t *testing.T) {
	const budget = 40 << 20
	measured(t, "M1", func() (bool, string) {
		world := filepath.Join(t.TempDir(), "world.yaml")
		if err := os.WriteFile(world, []byte(hungryWorld), 0o600); err != nil {
			t.Fatal(err)
		}
		s := startServer(t, exec.Command(built, "serve", "--quiet", "--scenario", world, "--memory", fmt.Sprint(budget), "--journal-bytes", "8388608", "--listen"))
		defer s.kill()
		var packed bytes.Buffer
		z := gzip.NewWriter(&packed)
		_, _ = z.Write(bytes.Repeat([]byte("[1],"), 60_000))
		_ = z.Close()
		long := strings.Repeat("x", 30_000)
		hook := fmt.Sprintf(`{"name":"a","description":"%s"}`, long)
		attacks := []func(i int) string{
			func(int) string { return "GET / HTTP/1.1\r\nHost: " + long + "\r\n\r\n" },
			func(int) string { return "GET /applications/" + long + " HTTP/1.1\r\nHost: x\r\n\r\n" },
			func(int) string { return long + " / HTTP/1.1\r\nHost: x\r\n\r\n" },
			func(i int) string {
				return fmt.Sprintf("GET /applications HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %d%s\r\n\r\n", i, long)
			},
			func(int) string { return compressedCall("fires", packed.String()) },
			func(int) string { return compressedCall("waits", packed.String()) },
			func(int) string {
				return strings.Replace(compressedCall("renders", packed.String()), "application/json", "application/octet-stream", 1)
			},
			func(int) string {
				return fmt.Sprintf("POST /applications/575ec8687ae143cd83dc4a97/webhooks HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer any\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", len(hook), hook)
			},
			func(i int) string {
				return fmt.Sprintf("GET /__sandbox/box-%d/applications?x=%s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer any\r\n\r\n", i, long)
			},
		}
		var attacking sync.WaitGroup
		for _, attack := range attacks {
			for n := range 16 {
				attacking.Go(func() { repeat(t, s, n, attack) })
			}
		}
		attacking.Wait()
		_, most := s.memory()
		return most <= budget+150e6, fmt.Sprintf("at most %d MB resident with a budget of %d MB", most/1e6, budget/1_000_000)
	})
}

func compressedCall(token, body string) string {
	return fmt.Sprintf("POST /webhooks/%s HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n%s", token, len(body), body)
}

// repeat sends the requests of an attack, each on a new connection, as a refusal
// closes it.
func repeat(t *testing.T, s *server, client int, attack func(i int) string) {
	each := size.Of(50, 50, 5000)
	for i := range each {
		c, err := dial(s.url)
		if err != nil {
			t.Error(err)
			return
		}
		if _, err := c.conn.Write([]byte(attack(client*each + i))); err == nil {
			_, _, _ = c.response() // a refusal may break the connection
		}
		c.close()
	}
}
