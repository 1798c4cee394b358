// Package mocktest sends requests over a socket for tests.
//
// Tests of a room start a server with mockserver.Start, send it what a client
// would send, byte for byte, and look at what comes back. Only tests import
// this package.
package mocktest

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

// The ids of the scenario "default", and the paths that they are part of.
const (
	ApplicationID = "575ec8687ae143cd83dc4a97"
	WebhookID     = "575ed78e7ae143cd83dc4aab"
	MissingID     = "000000000000000000000000" // nothing has this id

	WebhooksPath = "/applications/" + ApplicationID + "/webhooks"
	WebhookPath  = WebhooksPath + "/" + WebhookID
)

// SendsJSON is the header line of a request whose body is JSON.
const SendsJSON = "Content-Type: application/json"

// patience is how long a server may take to respond, on a busy machine too.
const patience = 2 * time.Minute

// Response is a response of a server, read to its end.
type Response struct {
	Status int
	Header http.Header
	Body   string
}

// Send sends "METHOD target" over a socket, as it is written, with header lines
// "Name: value". A request has the token "any" unless a line says otherwise;
// "Authorization:" sends none.
func Send(t testing.TB, base, request, body string, lines ...string) Response {
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
	return Exchange(t, host, strings.Join(head, "\r\n")+"\r\n\r\n"+body)
}

// Exchange writes text to a server and reads its response.
func Exchange(t testing.TB, host, text string) Response {
	t.Helper()
	conn := dial(t, host)
	defer conn.Close()
	go func() { _, _ = io.WriteString(conn, text) }() // the server may respond before it has read all
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
	return Response{response.StatusCode, response.Header, string(body)}
}

// dial connects to a server. Reading and writing fail when they take too long.
func dial(t testing.TB, host string) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", host)
	if err != nil {
		t.Fatal(err)
	}
	_ = conn.SetDeadline(time.Now().Add(patience))
	return conn
}

// SlowBody begins a request to the server at base whose body of length bytes is
// sent later: write sends a part of it, and status reads the response.
func SlowBody(t testing.TB, base, request string, length int) (write func(part string), status func() int) {
	t.Helper()
	conn := dial(t, strings.TrimPrefix(base, "http://"))
	t.Cleanup(func() { conn.Close() })
	write = func(part string) {
		t.Helper()
		if _, err := io.WriteString(conn, part); err != nil {
			t.Fatal(err)
		}
	}
	write(fmt.Sprintf("%s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer any\r\n%s\r\nContent-Length: %d\r\n\r\n", request, SendsJSON, length))
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

// Decode returns the body of a response, read as JSON.
func Decode[T any](t testing.TB, response Response) T {
	t.Helper()
	var value T
	if err := json.Unmarshal([]byte(response.Body), &value); err != nil {
		t.Fatalf("%d %s: %v", response.Status, response.Body, err)
	}
	return value
}

// ToJSON returns a value as JSON.
func ToJSON(t testing.TB, value any) string {
	t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
