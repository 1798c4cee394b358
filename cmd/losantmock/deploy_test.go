//go:build linux

package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/losantmock/losantmock/cmd/lab/size"
)

// balanced is a load balancer before three servers.
type balanced struct {
	t       *testing.T
	servers []*program
	client  *http.Client // which reaches the balancer under any host
}

// balance starts the nginx of the example before three servers.
func balance(t *testing.T, scenario string) *balanced {
	t.Helper()
	_, err := exec.LookPath("nginx")
	need(t, "nginx", err != nil)
	folder := t.TempDir()
	world := filepath.Join(folder, "world.yaml")
	if err := os.WriteFile(world, []byte(scenario), 0o600); err != nil {
		t.Fatal(err)
	}
	socket := filepath.Join(folder, "balancer")
	b := &balanced{t: t}
	replaced := []string{"listen 127.0.0.1:8080;", "listen unix:" + socket + ";", "worker_processes auto;", "worker_processes 1; daemon off;"}
	for i := range 3 {
		p, err := startProgram(exec.Command("losantmock", "serve", "--listen", "127.0.0.1:0", "--scenario", world))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			_ = p.command.Process.Kill() // if the test has not
			_ = p.command.Wait()
		})
		b.servers = append(b.servers, p)
		replaced = append(replaced, fmt.Sprintf("127.0.0.1:808%d", i+1), strings.TrimPrefix(p.url, "http://"))
	}
	configuration := filepath.Join(folder, "nginx.conf")
	if err := os.WriteFile(configuration, []byte(strings.NewReplacer(replaced...).Replace(read(t, "deploy/nginx.conf"))), 0o600); err != nil {
		t.Fatal(err)
	}
	nginx := exec.Command("nginx", "-c", configuration, "-p", folder)
	var log collected
	nginx.Stderr = &log
	if err := nginx.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = nginx.Process.Signal(os.Interrupt)
		_ = nginx.Wait()
	})
	dial := func(context.Context, string, string) (net.Conn, error) { return net.Dial("unix", socket) }
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(5 * time.Millisecond) { // between two looks
		if conn, err := net.Dial("unix", socket); err == nil {
			_ = conn.Close()
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("nginx does not listen: %s", log.String())
		}
	}
	b.client = &http.Client{Transport: &http.Transport{DialContext: dial}, Timeout: 2 * time.Minute}
	return b
}

// send sends a request to the balancer, and returns the status and the body of the response.
func (b *balanced) send(method, host, path, body string) (int, string) {
	b.t.Helper()
	return send(b.t, b.client, method, "http://"+host+path, body)
}

func send(t *testing.T, client *http.Client, method, url, body string) (int, string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer any")
	if body != "" {
		request.Header.Set("Content-Type", "application/json")
	}
	response, err := client.Do(request)
	if err != nil {
		t.Error(err)
		return 0, ""
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Error(err)
	}
	return response.StatusCode, string(text)
}

// sandboxes returns the names of the sandboxes that a server has.
func sandboxes(t *testing.T, p *program) []string {
	t.Helper()
	_, text := send(t, http.DefaultClient, "GET", p.url+"/__admin/sandboxes", "")
	var list struct{ Sandboxes []struct{ Name string } }
	if err := json.Unmarshal([]byte(text), &list); err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, box := range list.Sandboxes {
		names = append(names, box.Name)
	}
	return names
}

// Sandboxes stay on their server, whose end leaves those of the others as they are:
// its own are made anew nowhere.
func TestSandboxesBehindALoadBalancer(t *testing.T) {
	t.Parallel()
	b := balance(t, "name: ring")
	count := size.Of(100, 300, 300)
	for i := range count {
		path := fmt.Sprintf("/__sandbox/box%d/applications?name=box%[1]d", i)
		if status, text := b.send("GET", "localhost", path, ""); status != http.StatusOK {
			t.Fatalf("%s: %d %s", path, status, text)
		}
	}
	at := map[string]int{} // the server of each sandbox
	for i, server := range b.servers {
		names := sandboxes(t, server)
		if len(names) < count/10 {
			t.Errorf("server %d has %d sandboxes", i, len(names))
		}
		for _, name := range names {
			at[name] = i
		}
	}
	if len(at) != count {
		t.Fatalf("%d sandboxes", len(at))
	}

	const dead = 1
	_ = b.servers[dead].command.Process.Kill()
	for range 2 { // as the ring is no other after the first failures
		for name, server := range at {
			status, text := b.send("GET", "localhost", "/__sandbox/"+name+"/__admin/requests", "")
			switch {
			case server == dead && status != http.StatusBadGateway:
				t.Errorf("%s of the dead server: %d %s", name, status, text)
			case server != dead && (status != http.StatusOK || strings.Count(text, "applications?name="+name) == 0):
				t.Errorf("%s: %d %s", name, status, text)
			}
			byHost, _ := b.send("GET", name+".localhost", "/", "")
			if (byHost == http.StatusBadGateway) != (server == dead) {
				t.Errorf("%s by its host: %d", name, byHost)
			}
		}
	}
	for i, server := range b.servers {
		if i == dead {
			continue
		}
		for _, name := range sandboxes(t, server) {
			if at[name] != i {
				t.Errorf("%s is at server %d too", name, i)
			}
		}
	}
}

// A sandbox is made by its first use on the server that later requests reach, whether
// they name it by path or by host. A call that would make it elsewhere is refused.
func TestSandboxesAreMadeBehindALoadBalancer(t *testing.T) {
	t.Parallel()
	b := balance(t, "name: ring")
	homes := map[int]bool{} // the servers that have a sandbox
	for i := range 30 {
		name := fmt.Sprintf("box.%d", i)
		path, host := "/__sandbox/"+name, name+".localhost"
		scenario := fmt.Sprintf("applications: [{name: of %s}]", name)
		for _, above := range []string{"", path} {
			status, text := b.send("POST", "localhost", above+"/__admin/sandboxes", fmt.Sprintf(`{"name": %q}`, name))
			if status != http.StatusMethodNotAllowed || !strings.Contains(text, "PUT /__sandbox/NAME/__admin/scenario") {
				t.Fatalf("%d %s", status, text)
			}
		}
		uses := []struct{ host, path string }{{"localhost", path}, {host, ""}}
		if i%2 == 1 {
			uses[0], uses[1] = uses[1], uses[0]
		}
		if status, text := b.send("PUT", uses[0].host, uses[0].path+"/__admin/scenario", scenario); status != http.StatusOK {
			t.Fatalf("%s: %d %s", name, status, text)
		}
		for _, use := range uses {
			if status, text := b.send("GET", use.host, use.path+"/applications", ""); status != http.StatusOK || !strings.Contains(text, `"of `+name+`"`) {
				t.Errorf("%s by %v: %d %s", name, use, status, text)
			}
		}
		var found []int
		for at, server := range b.servers {
			if slices.Contains(sandboxes(t, server), name) {
				found = append(found, at)
				homes[at] = true
			}
		}
		if len(found) != 1 {
			t.Errorf("%s is at the servers %v", name, found)
		}
		if status, text := b.send("DELETE", "localhost", "/__admin/sandboxes/"+name, ""); status != http.StatusOK {
			t.Errorf("%s: %d %s", name, status, text)
		}
	}
	if len(homes) != len(b.servers) {
		t.Errorf("only the servers %v have sandboxes", homes)
	}
}

// What is no plain exchange passes through the load balancer: streams of events,
// calls that wait, WebSockets, and the names that the admin API checks.
func TestWhatPassesThroughALoadBalancer(t *testing.T) {
	t.Parallel()
	b := balance(t, `
name: ring
applications:
  - name: A
    webhooks:
      - {name: socket, token: socket, isWebsocket: true}
      - {name: held, token: held, waitForReply: true}
`)
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	const box = "http://localhost/__sandbox/a"

	stream, err := http.NewRequestWithContext(ctx, http.MethodGet, box+"/__admin/requests/stream", nil)
	if err != nil {
		t.Fatal(err)
	}
	events, err := b.client.Do(stream)
	if err != nil {
		t.Fatal(err)
	}
	defer events.Body.Close()
	lines := bufio.NewScanner(events.Body)

	socket, _, err := websocket.Dial(ctx, "ws"+strings.TrimPrefix(box, "http")+"/webhooks/socket", &websocket.DialOptions{HTTPClient: b.client})
	if err != nil {
		t.Fatal(err)
	}
	defer socket.CloseNow()
	if err := socket.Write(ctx, websocket.MessageText, []byte("hello")); err != nil {
		t.Fatal(err)
	}
	b.reply("a", "socket", `{"body": "from the workflow"}`)
	if _, message, err := socket.Read(ctx); err != nil || string(message) != "from the workflow" {
		t.Errorf("%s %v", message, err)
	}

	held := make(chan string, 1)
	go func() {
		status, text := b.send("POST", "localhost", "/__sandbox/a/webhooks/held", `{}`)
		held <- fmt.Sprint(status, text)
	}()
	b.reply("a", "held", `{"status": 201, "body": "late"}`)
	if got := <-held; got != "201late" {
		t.Errorf("the call that waited: %s", got)
	}

	for lines.Scan() && !strings.Contains(lines.Text(), "/webhooks/held") {
	}
	if lines.Err() != nil {
		t.Errorf("the stream: %v", lines.Err())
	}
	if status, text := b.send("GET", "evil.example.com", "/__sandbox/a/__admin/health", ""); status != http.StatusMisdirectedRequest {
		t.Errorf("a foreign host: %d %s", status, text)
	}
}

// reply waits until a webhook of a sandbox was called, and replies.
func (b *balanced) reply(sandbox, webhook, body string) {
	b.t.Helper()
	admin := "/__sandbox/" + sandbox + "/__admin"
	var fired struct {
		Triggers []struct {
			Payload struct{ Data struct{ ReplyID string } }
		}
	}
	for deadline := time.Now().Add(2 * time.Minute); len(fired.Triggers) == 0 || fired.Triggers[0].Payload.Data.ReplyID == ""; time.Sleep(5 * time.Millisecond) { // between two looks
		_, text := b.send("GET", "localhost", admin+"/triggers?webhook="+webhook, "")
		if err := json.Unmarshal([]byte(text), &fired); err != nil || time.Now().After(deadline) {
			b.t.Fatalf("%v %s", err, text)
		}
	}
	if status, text := b.send("POST", "localhost", admin+"/replies/"+fired.Triggers[0].Payload.Data.ReplyID, body); status != http.StatusOK {
		b.t.Errorf("%d %s", status, text)
	}
}
