package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/losantmock/losantmock/cmd/lab/size"
)

func TestGreetingHasACurlLineThatWorks(t *testing.T) {
	t.Parallel()
	_, err := exec.LookPath("curl")
	need(t, "curl", err != nil)
	for _, scenario := range []string{"default", "strict-auth", "empty", "paging"} {
		p := serveProgram(t, "--scenario", scenario)
		greeting := strings.Join(p.greeting, "\n")
		if !strings.Contains(greeting, "scenario     "+scenario) {
			t.Errorf("greets with %s", greeting)
		}
		line := strings.TrimSpace(strings.TrimPrefix(p.greeting[len(p.greeting)-1], "try"))
		out, err := exec.Command("sh", "-c", line+" -sS --fail").CombinedOutput()
		if err != nil || !strings.HasPrefix(string(out), `{"count":`) {
			t.Errorf("%s\n%s %v", line, out, err)
		}
	}
}

// The program listens on this machine alone unless told otherwise; then it says
// so, and how to guard it.
func TestWhereTheProgramListens(t *testing.T) {
	t.Parallel()
	for listen, said := range map[string]bool{"127.0.0.1:0": false, "localhost:0": false, "[::1]:0": false, "0.0.0.0:0": true, ":0": true} {
		if listen == "[::1]:0" {
			if probe, err := net.Listen("tcp", listen); err != nil {
				continue // this machine has no IPv6
			} else if err := probe.Close(); err != nil {
				t.Fatal(err)
			}
		}
		p, err := startProgram(exec.Command("losantmock", "serve", "--listen", listen))
		if err != nil {
			t.Fatal(err)
		}
		if greeting := strings.Join(p.greeting, "\n"); strings.Contains(greeting, "other machines can reach this address") != said || said && !strings.Contains(greeting, "--admin-token") {
			t.Errorf("%s greets with %s", listen, greeting)
		}
		if err := p.stop(); err != nil {
			t.Error(err)
		}
	}
	if flag := newServe().Flags().Lookup("listen"); flag.DefValue != "localhost:8080" {
		t.Errorf("the default is %s", flag.DefValue)
	}
	t.Attr("S1", "localhost by default; of 5 addresses the two beyond this machine are said")
}

// A request whose answer is not complete when the signal comes gets it all the
// same, and the program ends within 5 s.
func TestSignalsLetRequestsFinish(t *testing.T) {
	t.Parallel()
	for _, signal := range []syscall.Signal{syscall.SIGTERM, syscall.SIGINT} {
		p := serveProgram(t)
		conn, err := net.Dial("tcp", strings.TrimPrefix(p.url, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		body := `{"name":"late"}`
		_, err = fmt.Fprintf(conn, "POST /applications HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer x\r\nContent-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: %d\r\n\r\n", len(body))
		if err != nil {
			t.Fatal(err)
		}
		reader := bufio.NewReader(conn)
		if line, err := reader.ReadString('\n'); err != nil || !strings.HasPrefix(line, "HTTP/1.1 100") {
			t.Fatalf("%q %v", line, err) // the server waits for the body now
		}
		if _, err := reader.ReadString('\n'); err != nil {
			t.Fatal(err)
		}
		deadline := time.Now().Add(2 * time.Minute)
		if err := p.command.Process.Signal(signal); err != nil {
			t.Fatal(err)
		}
		for { // no new connection is taken once the signal has arrived
			probe, err := net.Dial("tcp", strings.TrimPrefix(p.url, "http://"))
			if err != nil {
				break
			}
			probe.Close()
			if time.Now().After(deadline) {
				t.Fatal("still listening 2 minutes after the signal")
			}
		}
		if _, err := io.WriteString(conn, body); err != nil {
			t.Fatal(err)
		}
		response, err := http.ReadResponse(reader, nil)
		if err != nil || response.StatusCode != http.StatusCreated {
			t.Fatalf("%v %v", response, err)
		}
		if err := p.command.Wait(); err != nil {
			t.Errorf("%s: %v", signal, err)
		}
	}
}

// beginUpload sends a request whose body never comes, and returns when the
// program waits for it.
func beginUpload(t *testing.T, p *program) {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(p.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	if _, err := io.WriteString(conn, "POST /applications HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(conn).ReadString('\n'); err != nil || !strings.HasPrefix(line, "HTTP/1.1 100") {
		t.Fatalf("%q %v", line, err)
	}
}

// A client that never sends the rest of its request does not keep the program.
func TestSignalsEndTheProgramBesideAClientThatNeverEnds(t *testing.T) {
	t.Parallel()
	p := serveProgram(t)
	beginUpload(t, p)
	if err := p.stop(); err != nil {
		t.Error(err)
	}
}

// A second signal does not wait for anybody.
func TestASecondSignalEndsTheProgramAtOnce(t *testing.T) {
	t.Parallel()
	p := serveProgram(t)
	beginUpload(t, p)
	ended := make(chan error)
	go func() { ended <- p.command.Wait() }()
	ticker := time.NewTicker(20 * time.Millisecond) // until the first has been noticed
	defer ticker.Stop()
	for {
		_ = p.command.Process.Signal(syscall.SIGTERM)
		select {
		case err := <-ended:
			var exit *exec.ExitError
			if !errors.As(err, &exit) { // which it would not be after the grace
				t.Errorf("ended with %v", err)
			}
			return
		case <-ticker.C:
		}
	}
}

// A saved file is taken in, and a pedantic server says what repeats it.
func TestWatchingAndPedantry(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "world.yaml")
	write := func(name string) {
		if err := os.WriteFile(file, []byte("applications: [{name: "+name+"}]"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("Before")
	p := serveProgram(t, "--watch", "--pedantic", "--scenario", file)
	if greeting := strings.Join(p.greeting, "\n"); !strings.Contains(greeting, "pedantic     seed ") {
		t.Errorf("greets with %s", greeting)
	}
	write("After")
	for deadline := time.Now().Add(2 * time.Minute); ; time.Sleep(10 * time.Millisecond) { // between two looks
		response, err := http.Get(p.url + "/applications?access_token=any")
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(response.Body)
		_ = response.Body.Close()
		if strings.Contains(string(body), "After") {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("it still serves %s", body)
		}
	}
}

// A cap on memory is kept while the largest bodies arrive: no crash, and the
// journal stays within its bytes.
func TestMemoryIsCapped(t *testing.T) {
	t.Parallel()
	command := exec.Command("losantmock", "serve", "--listen", "127.0.0.1:0", "--quiet=false", "--log-format", "json", "--max-body", "4194304", "--journal-bytes", "16777216")
	command.Env = append(command.Environ(), "GOMEMLIMIT=64MiB")
	p, err := startProgram(command)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = p.stop() }()
	body := `{"name":"` + strings.Repeat("x", 4<<20-20) + `"}`
	sent := size.Of(10, 60, 60)
	for range sent {
		response, err := http.Post(p.url+"/applications/575ec8687ae143cd83dc4a97/webhooks?access_token=any", "application/json", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()
		if response.StatusCode != http.StatusBadRequest {
			t.Fatalf("%s", response.Status)
		}
	}
	response, err := http.Get(p.url + "/__admin/requests?summary=true")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var list struct {
		Requests []struct{ Status int }
		Evicted  int
	}
	if err := json.NewDecoder(response.Body).Decode(&list); err != nil || len(list.Requests)+list.Evicted != sent || len(list.Requests) > 4 {
		t.Errorf("%d kept, %d evicted, %v", len(list.Requests), list.Evicted, err)
	}
}
