package mockserver_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/losantmock/losantmock/mockserver"
)

// The ids of the scenario "default".
const (
	app     = "575ec8687ae143cd83dc4a97"
	hook    = "575ed78e7ae143cd83dc4aab"
	missing = "000000000000000000000000"

	hooks  = "/applications/" + app + "/webhooks"
	myHook = hooks + "/" + hook
)

type answer struct {
	status int
	header http.Header
	body   string
}

// send sends "METHOD target" over a socket, as it is written, with header lines
// "Name: value". A request has the token "any" unless a line says otherwise;
// "Authorization:" sends none.
func send(t testing.TB, base, request, body string, lines ...string) answer {
	t.Helper()
	host := strings.TrimPrefix(base, "http://")
	head := []string{request + " HTTP/1.1", "Host: " + host, "Connection: close"}
	if !slices.ContainsFunc(lines, func(line string) bool { return strings.HasPrefix(line, "Authorization:") }) {
		head = append(head, "Authorization: Bearer any")
	}
	if body != "" {
		head = append(head, fmt.Sprintf("Content-Length: %d", len(body)))
	}
	for _, line := range lines {
		if line != "Authorization:" {
			head = append(head, line)
		}
	}
	return exchange(t, host, strings.Join(head, "\r\n")+"\r\n\r\n"+body)
}

// exchange writes text to a server and reads what it answers.
func exchange(t testing.TB, host, text string) answer {
	t.Helper()
	conn, err := net.Dial("tcp", host)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(2 * time.Minute))
	go func() { _, _ = io.WriteString(conn, text) }() // the server may answer before it has read all
	method, _, _ := strings.Cut(text, " ")
	response, err := http.ReadResponse(bufio.NewReader(conn), &http.Request{Method: method})
	if err != nil {
		t.Fatalf("%.100q: %v", text, err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatalf("%.100q: %v", text, err)
	}
	return answer{response.StatusCode, response.Header, string(body)}
}

const sendsJSON = "Content-Type: application/json"

// decode reads an answer's JSON.
func decode[T any](t testing.TB, a answer) T {
	t.Helper()
	var v T
	if err := json.Unmarshal([]byte(a.body), &v); err != nil {
		t.Fatalf("%d %s: %v", a.status, a.body, err)
	}
	return v
}

func escape(text string) string { return url.QueryEscape(text) }

func toJSON(t testing.TB, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

type object = map[string]any

// create creates a webhook and gives its id.
func create(t testing.TB, srv *mockserver.TestServer, body string) string {
	t.Helper()
	a := send(t, srv.URL, "POST "+hooks, body, sendsJSON)
	if a.status != http.StatusCreated {
		t.Fatalf("%d %s", a.status, a.body)
	}
	return decode[object](t, a)["id"].(string)
}

// slowBody begins a request whose body of so many bytes is sent later, by
// body; done reads the status of the answer.
func slowBody(t *testing.T, srv *mockserver.TestServer, request string, length int) (body func(string), done func() int) {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(srv.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	_ = conn.SetDeadline(time.Now().Add(2 * time.Minute))
	write := func(text string) {
		t.Helper()
		if _, err := io.WriteString(conn, text); err != nil {
			t.Fatal(err)
		}
	}
	write(fmt.Sprintf("%s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer any\r\n%s\r\nContent-Length: %d\r\n\r\n", request, sendsJSON, length))
	return write, func() int {
		t.Helper()
		response, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		return response.StatusCode
	}
}
