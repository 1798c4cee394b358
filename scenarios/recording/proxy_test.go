package recording_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/secret"
	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/scenarios/recording"
)

const realToken = "a-real-token-0123456789-abcdefghij-KLMNOPQRST"

const hooks = "/applications/575ec8687ae143cd83dc4a97/webhooks"

// response is what a server sent.
type response struct {
	status int
	header http.Header
	body   string
}

// send sends a request with lines of its header.
func send(t testing.TB, base, request, body string, lines ...string) response {
	t.Helper()
	host := strings.TrimPrefix(base, "http://")
	head := []string{request + " HTTP/1.1", "Host: " + host, "Connection: close", fmt.Sprintf("Content-Length: %d", len(body))}
	if !slices.ContainsFunc(lines, func(line string) bool { return strings.HasPrefix(line, "Authorization:") }) {
		head = append(head, "Authorization: Bearer any")
	}
	return exchange(t, host, strings.Join(append(head, lines...), "\r\n")+"\r\n\r\n"+body)
}

// exchange writes text to a server and reads its response.
func exchange(t testing.TB, host, text string) response {
	t.Helper()
	conn, err := net.Dial("tcp", host)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(20 * time.Second))
	go func() { _, _ = io.WriteString(conn, text) }() // the server may respond before it has read all
	got, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatalf("%.100q: %v", text, err)
	}
	defer got.Body.Close()
	body, err := io.ReadAll(got.Body)
	if err != nil {
		t.Fatalf("%.100q: %v", text, err)
	}
	return response{got.StatusCode, got.Header, string(body)}
}

// upstream stands in for the real API and remembers what reached it.
type upstream struct {
	*httptest.Server
	mu   sync.Mutex
	seen []*http.Request
}

func (u *upstream) requests() []*http.Request {
	u.mu.Lock()
	defer u.mu.Unlock()
	return append([]*http.Request(nil), u.seen...)
}

func newUpstream(t testing.TB, handler http.Handler) *upstream {
	t.Helper()
	u := new(upstream)
	u.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		u.mu.Lock()
		u.seen = append(u.seen, r.Clone(r.Context()))
		u.mu.Unlock()
		handler.ServeHTTP(w, r)
	}))
	t.Cleanup(u.Close)
	return u
}

type proxied struct {
	url string
	*recording.Proxy
	mu   sync.Mutex
	seen []*contract.Exchange
}

func (p *proxied) exchanges() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.seen)
}

func startProxy(t testing.TB, base, token string) *proxied {
	t.Helper()
	p := new(proxied)
	proxy, err := recording.NewProxy(base, secret.New(token), nil, nil, func(e *contract.Exchange) {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.seen = append(p.seen, e)
	})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(proxy)
	t.Cleanup(server.Close)
	p.url, p.Proxy = server.URL, proxy
	return p
}

func defaultStandIn(t testing.TB) http.Handler {
	t.Helper()
	s, err := mockserver.New()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestAProxyPassesAndChecks(t *testing.T) {
	t.Parallel()
	up := newUpstream(t, defaultStandIn(t))
	p := startProxy(t, up.URL, realToken)
	a := send(t, p.url, "POST "+hooks, `{"name":"through the proxy"}`, "Content-Type: application/json", "Authorization: Bearer mine", "Accept-Encoding: gzip")
	if a.status != 201 || !strings.Contains(a.body, "through the proxy") || a.header.Get("Content-Encoding") != "" {
		t.Errorf("%d %s %s", a.status, a.header, a.body)
	}
	if a := send(t, p.url, "GET "+hooks+"?access_token=mine&jwt=mine&%61ccess_token=mine&access_token[]=mine&perPage=0", ""); a.status != 400 {
		t.Errorf("%d %s", a.status, a.body)
	}
	for _, r := range up.requests() {
		if r.Header.Get("Authorization") != "Bearer "+realToken || strings.Contains(r.URL.RawQuery, "mine") {
			t.Errorf("%s with %s", r.URL, r.Header)
		}
	}
	result := p.Report()
	if p.exchanges() != 2 || result.Requests != 2 || result.Verdict != contract.Breaks { // the client's own request was none
		t.Errorf("%d exchanges: %+v", p.exchanges(), result.Findings())
	}
	// Without a token of its own it passes on the client's.
	p = startProxy(t, up.URL, "")
	if a := send(t, p.url, "GET "+hooks, "", "Authorization: Bearer mine"); a.status != 200 || up.requests()[2].Header.Get("Authorization") != "Bearer mine" {
		t.Errorf("%d %s", a.status, a.body)
	}
}

// A query that net/url can't read reaches the API as it was sent.
func TestAProxyPassesEveryQuery(t *testing.T) {
	t.Parallel()
	up := newUpstream(t, defaultStandIn(t))
	p := startProxy(t, up.URL, realToken)
	for i, query := range []string{"x=1;y=2", "filter=%zz", "a=b&&c", "=", "filter=a+b%20c", "x[]=1&x[]=2"} {
		send(t, p.url, "GET "+hooks+"?"+query, "")
		if seen := up.requests(); len(seen) != i+1 || seen[i].URL.RawQuery != query {
			t.Errorf("%s became %s", query, seen[len(seen)-1].URL.RawQuery)
		}
	}
}

// No spelling of a request leads anywhere but to the API.
func TestAProxyHasOneUpstream(t *testing.T) {
	t.Parallel()
	thief := newUpstream(t, http.NotFoundHandler())
	up := newUpstream(t, defaultStandIn(t))
	p := startProxy(t, up.URL, realToken)
	host := strings.TrimPrefix(p.url, "http://")
	evil := strings.TrimPrefix(thief.URL, "http://")
	var targets []string
	for _, prefix := range []string{
		"http://%s", "https://%s", "//%s", "///%s", "/\\%s", "http://x@%s", "http://" + host + "@%s", "/@%s", "@%s", ":@%s", "/..//%s", "/%%2f%%2f%s",
		"http:%s", "http:/%s", "HTTP://%s", "ftp://%s", "file://%s", "/http://%s", "/?http://%s", "/#http://%s", "http://%s#@" + host, "http://%s?@" + host,
	} {
		for _, rest := range []string{"", "/", hooks, "/..", "?x=1", "/%2e%2e/", ":80", "/\\"} {
			targets = append(targets, fmt.Sprintf(prefix, evil)+rest)
		}
	}
	if len(targets) < 170 {
		t.Fatalf("only %d spellings", len(targets))
	}
	t.Attr("S7", fmt.Sprintf("%d spellings with 2 Hosts each reach the one API", len(targets)))
	for _, target := range targets {
		for _, hostLine := range []string{host, evil} {
			conn, err := net.Dial("tcp", host)
			if err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: %s\r\nX-Forwarded-Host: %s\r\nForwarded: host=%s\r\nConnection: close\r\n\r\n", target, hostLine, evil, evil)
			_, _ = io.Copy(io.Discard, conn)
			_ = conn.Close()
		}
	}
	if n := len(thief.requests()); n > 0 {
		t.Errorf("%d requests went elsewhere, such as %s", n, thief.requests()[0].URL)
	}
	for _, r := range up.requests() {
		if r.Host != strings.TrimPrefix(up.URL, "http://") {
			t.Errorf("the API received a request for %s", r.Host)
		}
	}
}

// A client can't take the proxy's token off, tunnel past it, or come twice.
func TestWhatAProxyDoesNotPass(t *testing.T) {
	t.Parallel()
	tunnelled := make(chan string, 1)
	up := newUpstream(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Upgrade") == "" {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		conn, buffered, err := w.(http.Hijacker).Hijack()
		if err != nil {
			return
		}
		defer conn.Close()
		fmt.Fprint(conn, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n")
		line, _ := buffered.ReadString('\n')
		tunnelled <- line
	}))
	p := startProxy(t, up.URL, realToken)
	host := strings.TrimPrefix(p.url, "http://")
	conn, err := net.Dial("tcp", host)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprintf(conn, "GET /x HTTP/1.1\r\nHost: %s\r\nConnection: Upgrade, Authorization\r\nUpgrade: h2c\r\nTE: trailers\r\n\r\n", host)
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil || response.StatusCode != http.StatusNotFound {
		t.Fatalf("%+v %v", response, err)
	}
	seen := up.requests()[0].Header
	if seen.Get("Upgrade") != "" || seen.Get("Te") != "" || seen.Get("Authorization") != "Bearer "+realToken {
		t.Errorf("%s", seen)
	}
	select {
	case line := <-tunnelled:
		t.Errorf("%q went through a tunnel", line)
	default:
	}
	if a := send(t, p.url, "GET /x", "", "Via: "+seen.Get("Via")); a.status != http.StatusLoopDetected || len(up.requests()) != 1 {
		t.Errorf("a loop: %d %s", a.status, a.body)
	}
}

// Where the API redirects to is the client's affair, and the token's none.
func TestAProxyFollowsNoRedirect(t *testing.T) {
	t.Parallel()
	thief := newUpstream(t, http.NotFoundHandler())
	up := newUpstream(t, http.RedirectHandler(thief.URL+"/x", http.StatusTemporaryRedirect))
	p := startProxy(t, up.URL, realToken)
	if a := send(t, p.url, "GET /x", ""); a.status != 307 || a.header.Get("Location") != thief.URL+"/x" || len(thief.requests()) != 0 {
		t.Errorf("%d %s, %d", a.status, a.header, len(thief.requests()))
	}
}

// A page of another origin could use the proxy's token.
func TestAProxyWithATokenGuardsIt(t *testing.T) {
	t.Parallel()
	up := newUpstream(t, defaultStandIn(t))
	for token, refused := range map[string]bool{realToken: true, "": false} {
		p := startProxy(t, up.URL, token)
		for _, lines := range [][]string{
			{"Origin: https://evil.example"}, {"Origin: null"}, {"Origin: http://u@127.0.0.1"}, {"Sec-Fetch-Site: cross-site"}, {"Host: evil.example"},
		} {
			request := "GET " + hooks + "?access_token=any HTTP/1.1\r\nConnection: close\r\n" + strings.Join(lines, "\r\n") + "\r\n"
			if !strings.HasPrefix(lines[0], "Host:") {
				request += "Host: " + strings.TrimPrefix(p.url, "http://") + "\r\n"
			}
			a := exchange(t, strings.TrimPrefix(p.url, "http://"), request+"\r\n")
			if (a.status == 403) != refused {
				t.Errorf("%q with %s: %d", token, lines, a.status)
			}
		}
		for _, line := range []string{"Origin: http://localhost:3000", "Origin: " + p.url, "Sec-Fetch-Site: same-origin", "X-Nothing: x"} {
			if a := send(t, p.url, "GET "+hooks, "", line); a.status != 200 {
				t.Errorf("%q with %s: %d", token, line, a.status)
			}
		}
	}
}

func TestAProxyWithoutAnUpstream(t *testing.T) {
	t.Parallel()
	p := startProxy(t, "http://127.0.0.1:1", realToken)
	a := send(t, p.url, "GET "+hooks, "")
	if a.status != http.StatusBadGateway || !strings.Contains(a.body, "BadGateway") || strings.Contains(a.body, realToken) {
		t.Errorf("%d %s", a.status, a.body)
	}
	up := newUpstream(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { _, _ = io.Copy(io.Discard, r.Body) }))
	p = startProxy(t, up.URL, realToken)
	if a := send(t, p.url, "POST "+hooks, strings.Repeat("x", 5<<20), "Content-Type: application/json"); a.status != http.StatusRequestEntityTooLarge {
		t.Errorf("%d %s", a.status, a.body)
	}
	if _, err := recording.NewProxy("http://api.losant.com", secret.Secret{}, nil, nil, nil); err == nil {
		t.Error("a token would go in the clear")
	}
}
