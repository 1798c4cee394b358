package faults_test

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/losantmock/losantmock/cmd/lab/size"
	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/live"
	"github.com/losantmock/losantmock/contract/secret"
	"github.com/losantmock/losantmock/contract/suite"
	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/mockserver/internal/mocktest"
	"github.com/losantmock/losantmock/scenarios"
)

// A pedantic world varies what lazy clients rely on, and keeps the contract.
func TestAPedanticWorldKeepsTheContract(t *testing.T) {
	size.SkipUnderRace(t)
	t.Parallel()
	srv := mockserver.Start(t, mockserver.WithScenario("paging"), mockserver.WithPedantic())
	client, err := live.NewClient(srv.URL, secret.New("any"), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	result := (&suite.Suite{Client: client, ApplicationID: mocktest.ApplicationID, Write: true, AnyToken: true}).Run(t.Context())
	if result.Verdict != contract.News || result.Requests < 500 {
		var b strings.Builder
		_ = result.Write(&b, "text")
		t.Error(b.String())
	}
	if _, pedantic := srv.PedanticSeed(); !pedantic {
		t.Error("it has no seed")
	}
}

// Each variation is seen, and a seed repeats them.
func TestPedanticVariations(t *testing.T) {
	t.Parallel()
	start := func(seed uint64) *mockserver.TestServer {
		same := scenarios.Webhook{Name: "same"}
		return mockserver.Start(t, mockserver.WithWorld(&scenarios.Scenario{
			IDs: scenarios.IDs{Seed: new(uint64(1))}, Pedantic: &scenarios.Pedantic{Seed: &seed},
			Applications: []scenarios.Application{{ID: mocktest.ApplicationID, Name: "a", Webhooks: []scenarios.Webhook{same, same, same, same}}},
		}))
	}
	srv := start(1)
	seen := map[string]map[bool]bool{}
	note := func(what string, is bool) {
		if seen[what] == nil {
			seen[what] = map[bool]bool{}
		}
		seen[what][is] = true
	}
	first := ""
	for range 40 {
		// Over a socket, where the case of header fields shows.
		raw := rawExchange(t, strings.TrimPrefix(srv.URL, "http://"), "GET "+mocktest.WebhooksPath+"?access_token=any&_links=false&_actions=false HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
		head, _, _ := strings.Cut(raw, "\r\n\r\n")
		response, err := http.ReadResponse(bufio.NewReader(strings.NewReader(raw)), nil)
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(response.Body)
		if err != nil {
			t.Fatal(err)
		}
		body := string(text)
		note("lower case", strings.Contains(head, "content-type:"))
		note("chunked", strings.Contains(strings.ToLower(head), "transfer-encoding: chunked"))
		note("unknown property", strings.Contains(body, "unknownProperty"))
		note("properties in order", strings.HasPrefix(body, `{"count"`))
		var ids []string
		for part := range strings.SplitSeq(body, `"webhookId": "`) {
			ids = append(ids, part[:min(24, len(part))])
		}
		order := strings.Join(ids[1:], " ")
		if first == "" {
			first = order
		}
		note("ties in the same order", order == first)
		note("ids in upper case", strings.ContainsAny(order, "ABCDEF"))
	}
	for _, what := range []string{"lower case", "chunked", "unknown property", "ties in the same order"} {
		if len(seen[what]) != 2 {
			t.Errorf("%s: %v", what, seen[what])
		}
	}
	if !seen["ids in upper case"][true] || !seen["properties in order"][false] {
		t.Errorf("%v", seen)
	}
	list := func(srv *mockserver.TestServer) string {
		return mocktest.Send(t, srv.URL, "GET "+mocktest.WebhooksPath+"?_links=false&_actions=false&sortField=id", "").Body
	}
	if a, b := list(start(5)), list(start(5)); stripDates(a) != stripDates(b) {
		t.Errorf("the same seed gives\n%s\nand\n%s", a, b)
	}
}

// stripDates removes what is different in two worlds with a real clock.
func stripDates(body string) string {
	var kept []string
	for part := range strings.SplitSeq(body, ", ") {
		if !strings.Contains(part, "Date") && !strings.Contains(part, "lastUpdated") && !strings.Contains(strings.ToLower(part), `id": "`) {
			kept = append(kept, part)
		}
	}
	return strings.Join(kept, ", ")
}

// rawExchange writes text to a server and reads all of its response, as it
// stands on the wire.
func rawExchange(t testing.TB, host, text string) string {
	t.Helper()
	conn, err := net.Dial("tcp", host)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, text); err != nil {
		t.Fatal(err)
	}
	answer, err := io.ReadAll(conn)
	if err != nil {
		t.Fatal(err)
	}
	return string(answer)
}

func TestMain(m *testing.M) { mocktest.Main(m) }
