package curl_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/losantmock/losantmock/cmd/lab/size"
	"github.com/losantmock/losantmock/contract/curl"
	"pgregory.net/rapid"
)

// received is a request as the server of a test received it.
type received struct {
	method, target, host string
	header               http.Header
	body                 []byte
}

// shells are those of this machine, with what makes them find the most in a
// line.
func shells() map[string]string {
	found := map[string]string{}
	for name, prelude := range map[string]string{"sh": "", "dash": "", "ksh": "", "zsh": "", "bash": "set -o history -o histexpand\n"} {
		if _, err := exec.LookPath(name); err == nil {
			found[name] = prelude
		}
	}
	return found
}

// serve starts a server that passes on what it receives.
func serve(t *testing.T) (host string, requests <-chan received) {
	t.Helper()
	arrived := make(chan received, 100)
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		_, _ = io.WriteString(w, "a HEAD has the length of this, and nothing of it")
		arrived <- received{r.Method, r.RequestURI, r.Host, r.Header, body}
	}))
	server.Config.DisableGeneralOptionsHandler = true
	server.Start()
	t.Cleanup(server.Close)
	return server.Listener.Addr().String(), arrived
}

// pieces are texts that shells, terminals and curl act upon.
var pieces = []string{
	"a", "B9", "it's", `"`, "`ls`", "$HOME", "$(ls)", `\`, `\n`, "!", "!!", "!x", "@", "@/etc/passwd", "-", "--", "-v", "%", "%41", "%00", "%s", "%2e", ".", "..", "/", "//",
	"?", "#", "&", ";", "|", "<", ">", "{a,b}", "[1-3]", "[", "]", "{", "}", "*", "~", "=", "=ls", "+", "^", ":", ",", "(", ")", "é", "😀", "\u202e", "\u0085", "\u2028", "\xff", "\xc3", "\ufffd",
}

var blanks = []string{" ", "\t", "  "}

var controls = []string{"\x00", "\n", "\n\n", "\r", "\r\n", "\x1b[201~", "\x7f", "\x03", "\x04", "\b"}

func textOf(from ...string) *rapid.Generator[string] {
	return rapid.Map(rapid.SliceOfN(rapid.SampledFrom(from), 0, 6), func(parts []string) string { return strings.Join(parts, "") })
}

const tokenCharacters = "aZ09!#$%&'*+-.^_`|~"

var (
	tokens = rapid.StringOfN(rapid.RuneFrom([]rune(tokenCharacters)), 1, 8, -1)
	// methods are any but CONNECT, which has a target of its own kind.
	methods = rapid.OneOf(rapid.SampledFrom([]string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}), tokens)
	targets = rapid.OneOf(
		rapid.SampledFrom([]string{"*", "http://example.com/a?b", "/"}),
		rapid.Map(textOf(pieces...), func(text string) string { return "/" + text }),
	).Filter(func(target string) bool { _, err := url.ParseRequestURI(target); return err == nil })
	names = rapid.OneOf(
		rapid.SampledFrom([]string{"Authorization", "Content-Type", "Cookie", "User-Agent", "Accept", "Range", "Referer"}),
		rapid.Map(tokens, func(token string) string { return "X" + token }),
	)
	// hosts are those that net/http accepts, with what URLs and curl act upon.
	hosts = rapid.OneOf(rapid.SampledFrom([]string{"h", "H:80", "h:443", "h:1", "h:01", "h:1:2", "h:", "[::1]", "[::1]:80", "[::01]:1", "[fe80::1%251]", "127.1", "0x7f.1", "..", "h.", "a_b", "xn--bcher-kva.example", ""}), textOf("a", ".", ":", "[", "]", "1", "-", "[1-3]", "%41", "0x1", "80", "_", "~", "$(ls)", "'", ";", "*")).Filter(func(host string) bool {
		return !strings.ContainsAny(host, "/ ")
	})
	values = textOf(slices.Concat(pieces, blanks)...)
	bodies = rapid.OneOf(
		rapid.Just[[]byte](nil),
		rapid.Map(textOf(slices.Concat(pieces, blanks)...), func(text string) []byte { return []byte(text) }),
		rapid.Map(textOf(slices.Concat(pieces, blanks, controls)...), func(text string) []byte { return []byte(text) }),
		rapid.SliceOfN(rapid.Byte(), 0, 300),
		rapid.Just([]byte(strings.Repeat("long ", 30_000))),
	)
)

// Whatever a request contains, its command has nothing that a terminal acts
// upon, and every shell and curl send the same again.
func TestDrawnRequestsAreSentAgain(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("curl"); err != nil {
		t.Skip("skipped: curl is missing")
	}
	preludes := shells()
	if len(preludes) == 0 {
		t.Skip("skipped: a POSIX shell is missing")
	}
	host, requests := serve(t)
	shell := rapid.SampledFrom(slices.Sorted(func(yield func(string) bool) {
		for name := range preludes {
			if !yield(name) {
				return
			}
		}
	}))
	check := func(t *rapid.T) {
		request := curl.Request{Method: methods.Draw(t, "method"), Scheme: "http", Host: hosts.Draw(t, "host"), Address: host, Target: targets.Draw(t, "target"), Header: http.Header{}, Body: bodies.Draw(t, "body"), Exact: rapid.Bool().Draw(t, "exact")}
		for range rapid.IntRange(0, 3).Draw(t, "fields") {
			request.Header.Add(names.Draw(t, "name"), values.Draw(t, "value"))
		}
		command, err := request.Command("-sS", "--connect-to", "::"+host) // whatever the URL names
		if err != nil {
			t.Fatal(err)
		}
		if strings.ContainsFunc(command, func(c rune) bool { return !unicode.IsPrint(c) && c != '\ufffd' }) {
			t.Fatalf("a terminal would act upon %q", command)
		}
		name := shell.Draw(t, "shell")
		run := exec.Command(name)
		run.Stdin = strings.NewReader(preludes[name] + command + "\n")
		if out, err := run.CombinedOutput(); err != nil || len(requests) != 1 {
			t.Fatalf("%s: %s: %v, %d requests: %s", name, command, err, len(requests), out)
		}
		checkSame(t, command, request, <-requests)
	}
	rapid.Check(t, func(t *rapid.T) {
		for range size.Of(1, 2, 100) { // rapid runs a hundred times
			check(t)
		}
	})
}

// absolute reports whether a target names a host, which counts more than Host.
func absolute(target string) bool { return strings.HasPrefix(target, "http") }

func checkSame(t *rapid.T, command string, sent curl.Request, got received) {
	if got.method != sent.Method || got.target != sent.Target {
		t.Errorf("%s: got %s %s", command, got.method, got.target)
	}
	if want := sent.Host; got.host != want && !absolute(sent.Target) {
		t.Errorf("%s: got the host %q, want %q", command, got.host, want)
	}
	if !bytes.Equal(got.body, sent.Body) {
		t.Errorf("%s: got the body %.200q", command, got.body)
	}
	for name, values := range sent.Header {
		var want []string
		for _, value := range values {
			want = append(want, strings.Trim(value, " \t"))
		}
		if !slices.Equal(got.header[name], want) {
			t.Errorf("%s: got %s: %q, want %q", command, name, got.header[name], want)
		}
	}
	for name := range got.header {
		added := []string{"Content-Length", "Connection"}
		if !sent.Exact {
			added = append(added, "Accept", "User-Agent")
		}
		if len(sent.Header[name]) == 0 && !slices.Contains(added, name) {
			t.Errorf("%s: got %s: %q", command, name, got.header[name])
		}
	}
}
