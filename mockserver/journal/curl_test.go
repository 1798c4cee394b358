package journal_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/mockserver/internal/mocktest"
	"github.com/losantmock/losantmock/mockserver/journal"
)

// A line of the export is a command for the server, or a comment that says why there
// is none, whatever the request says of its host and of its length.
func TestCommandsLeadToTheServer(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	host := strings.TrimPrefix(srv.URL, "http://")
	for _, c := range []struct{ name, text, want string }{
		{"no Host", "GET /a HTTP/1.0\r\n\r\n", "curl --http1.0 -H Host: -H Accept: -H User-Agent: " + srv.URL + "/a"},
		{"a blank Host", "GET /a HTTP/1.1\r\nHost:\r\nConnection: close\r\n\r\n", "curl -H 'Host;' -H 'Connection: close' -H Accept: -H User-Agent: " + srv.URL + "/a"},
		{"a Host with a range", "GET /a HTTP/1.0\r\nHost: 127.0.0.[1-3]:1\r\n\r\n", "curl --http1.0 -H 'Host: 127.0.0.[1-3]:1' -H Accept: -H User-Agent: " + srv.URL + "/a"},
		{"a malformed field", "GET /a HTTP/1.1\r\nX;: b\r\n\r\n", "# request ID: no command can send what HTTP can't read as a request"},
		{"no request line", "\x16\x03\x01\r\n\r\n", "# request ID: no command can send what HTTP can't read as a request"},
		{"two lengths", "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", "# request ID: no command can send both Content-Length and Transfer-Encoding"},
	} {
		mocktest.Send(t, srv.URL, "DELETE /__admin/requests", "")
		mocktest.Exchange(t, host, c.text)
		id := srv.Requests().All()[0].ID
		got := mocktest.Send(t, srv.URL, "GET /__admin/requests/export?format=curl", "").Body
		if want := strings.ReplaceAll(c.want, "ID", id) + "\n"; got != want {
			t.Errorf("%s:\n got %swant %s", c.name, got, want)
		}
		one := mocktest.Send(t, srv.URL, "GET /__admin/requests/"+id+"/export?format=curl", "")
		if refused := strings.HasPrefix(c.want, "#"); refused != (one.Status == http.StatusConflict) || !refused && !strings.Contains(one.Body, srv.URL+"/a") {
			t.Errorf("%s alone: %d %s", c.name, one.Status, one.Body)
		}
	}
}

// Nothing in a journal file, which anybody may have written, stands on a line of its
// own.
func TestCommentsAreOneLine(t *testing.T) {
	t.Parallel()
	read, err := journal.Read(strings.NewReader(`{"id":"x\ntouch PWNED\u009b","request":{"url":"/a","method":"a b"}}` + "\n"))
	if err != nil {
		t.Fatal(err)
	}
	if got := export(t, journal.Curl, read, true); got != `# request x\ntouch PWNED\u009b: no command can send the method "a b"`+"\n" {
		t.Errorf("%q", got)
	}
}
