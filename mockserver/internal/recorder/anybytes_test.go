package recorder_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"io"
	"math/rand/v2"
	"net"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/losantmock/losantmock/cmd/lab/size"
	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/mockserver/internal/mocktest"
	"github.com/losantmock/losantmock/mockserver/journal"
)

// drawing is how many requests are drawn before they are all looked at.
const drawing = 300

// Whatever bytes a client sends, each that gets a response is recorded once: it can
// be listed, shown, exported in each format, read back from the journal file, and
// asserted on.
func TestAnyBytesCanBeReadBack(t *testing.T) {
	size.SkipUnderRace(t)
	t.Parallel()
	seed := uint64(1)
	if !size.Fixed() {
		seed = uint64(time.Now().UnixNano())
		t.Logf("seed %d", seed)
	}
	for i := range (size.Of(drawing, 1_000, 1_000_000) + drawing - 1) / drawing {
		whole := t.Run(strconv.Itoa(i), func(t *testing.T) { readBack(t, rand.New(rand.NewPCG(seed, uint64(i)))) })
		if !whole {
			return
		}
	}
}

// readBack draws requests, sends them to a new server, and looks at what it has
// recorded.
func readBack(t *testing.T, random *rand.Rand) {
	path := filepath.Join(t.TempDir(), "journal.jsonl")
	srv := mockserver.Start(t, mockserver.WithJournalFile(path))
	responses := 0
	requests := make([]drawn, drawing)
	for i := range requests {
		requests[i] = draw(random, i)
		responses += send(t, srv, requests[i].text)
	}
	lookAtAll(t, srv, path, requests, responses)
}

// drawn is a request as it is sent, with the parts of one that is well-formed.
type drawn struct {
	text         string
	target, any  string // and the value of the header field X-Any
	body         string // as sent
	plain        string // without its encoding
	isWellFormed bool
}

// draw draws a request: mostly a well-formed one with any bytes in its target, its
// header and its body, and otherwise one with bytes that were changed.
func draw(random *rand.Rand, number int) drawn {
	pick := func(list ...string) string { return list[random.IntN(len(list))] }
	d := drawn{isWellFormed: true}
	d.target = pick("/", "/webhooks/the_webhook_token", mocktest.WebhooksPath, "/applications", "/__sandbox/-", "/a%2fb", "/auth/user") +
		pick("", "/", "/x", "/%41", "/\xff\xfe", "/é", "?a=1;b=2", "?%zz=%", "?access_token=a%20b&c=\xff", "?a="+someBytes(random, 20, "!$'()*+,;:@/?-._~%41\xc3\xa9\xff"))
	d.any = strings.Trim(someBytes(random, 20, "\t !\"#aZ09:;\x80\xff\xc3\xa9"), " \t")
	kind := pick("application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain", "application/octet-stream", "x")
	d.plain = pick(
		`{"w":1e400,"n":9007199254740993}`, `{"name":"\ud800"}`, "a=1;b=2&c=%zz", "--x\r\nContent-Disposition: form-data; name=\"\xff\"\r\n\r\n\xfe\r\n--x--", "null", "",
		someBytes(random, 60, "\x00\n\r\"\\{}[]:,aé\xff\x1f\x8b%&=;"), strings.Repeat("[", 20_000),
	)
	d.body = d.plain
	more := ""
	if random.IntN(4) == 0 {
		d.body, more = gzipped(d.plain), "Content-Encoding: gzip\r\n"
	}
	d.text = pick("GET", "POST", "PATCH", "DELETE", "OPTIONS", "X!") + " " + d.target + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer any\r\nX-Draw: " + strconv.Itoa(number) +
		"\r\nX-Any: " + d.any + "\r\nContent-Type: " + kind + "\r\n" + more + "Content-Length: " + strconv.Itoa(len(d.body)) + "\r\n\r\n" + d.body
	if random.IntN(4) == 0 {
		text := []byte(d.text)
		for range 1 + random.IntN(3) {
			text[random.IntN(min(len(text), 120))] = byte(random.IntN(256))
		}
		d.text, d.isWellFormed = string(text), false
	}
	return d
}

// someBytes returns bytes of an alphabet, or any bytes of it.
func someBytes(random *rand.Rand, most int, alphabet string) string {
	b := make([]byte, random.IntN(most))
	for i := range b {
		b[i] = alphabet[random.IntN(len(alphabet))]
	}
	return string(b)
}

// send sends bytes, and returns how many responses they get.
func send(t *testing.T, srv *mockserver.TestServer, text string) (responses int) {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(srv.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(2 * time.Minute))
	go func() {
		_, _ = io.WriteString(conn, text) // the server may respond before it has read all
		_ = conn.(*net.TCPConn).CloseWrite()
	}()
	received, _ := io.ReadAll(conn) // a refusal may end with a reset
	return bytes.Count(received, []byte("HTTP/1.1 ")) - bytes.Count(received, []byte("HTTP/1.1 100 "))
}

// lookAtAll looks at what was recorded in each of the ways that there are.
func lookAtAll(t *testing.T, srv *mockserver.TestServer, path string, requests []drawn, responses int) {
	t.Helper()
	all := srv.Requests().All()
	if len(all) != responses {
		t.Errorf("%d responses, %d entries", responses, len(all))
	}
	list := mocktest.Decode[struct{ Requests []journal.Request }](t, mocktest.Send(t, srv.URL, "GET /__admin/requests?limit=100000", "")).Requests
	slices.Reverse(list) // the newest is listed first
	inFile := readJournal(t, path)
	slices.SortFunc(inFile, func(a, b journal.Request) int { return cmp.Compare(a.Sequence, b.Sequence) })
	for where, got := range map[string][]journal.Request{"listed": list, "in the file": inFile} {
		if diff := gocmp.Diff(all, got, asRead...); diff != "" {
			t.Errorf("%s: %s", where, diff)
		}
	}
	for _, format := range journal.Formats() {
		text := export(t, srv, format)
		if lines := strings.Count(text, "\n"); format != journal.HAR && lines < len(all) {
			t.Errorf("%s has %d lines for %d requests", format, lines, len(all))
		}
		if format == journal.HAR && !json.Valid([]byte(text)) {
			t.Errorf("the HAR is no JSON: %.500s", text)
		}
	}
	byNumber := map[string]journal.Request{}
	for _, r := range all {
		byNumber[r.Header.Get("X-Draw")] = r
	}
	for i, d := range requests {
		if d.isWellFormed {
			lookAt(t, srv, d, byNumber[strconv.Itoa(i)], i%10 == 0)
		}
	}
}

// lookAt looks at one well-formed request: closely, it is shown and asserted on as
// well.
func lookAt(t *testing.T, srv *mockserver.TestServer, d drawn, r journal.Request, closely bool) {
	t.Helper()
	if r.Target != d.target || r.Header.Get("X-Any") != d.any || string(r.SentBody()) != d.body || string(r.Body) != d.plain {
		t.Errorf("%q is recorded as %+v", d.text, r)
	}
	if !closely {
		return
	}
	shown := mocktest.Decode[journal.Request](t, mocktest.Send(t, srv.URL, "GET /__admin/requests/"+r.ID, ""))
	if diff := gocmp.Diff(r, shown, asRead...); diff != "" {
		t.Errorf("shown: %s", diff)
	}
	pattern := map[string]any{"headers": map[string]any{"X-Draw": map[string]string{"equalTo": r.Header.Get("X-Draw")}}}
	if utf8.ValidString(d.target) {
		pattern["url"] = d.target
	}
	if d.plain != "" {
		pattern["bodyPatterns"] = []any{map[string]string{"binaryEqualTo": journal.InBase64([]byte(d.plain))}}
	}
	if n := count(t, srv, mocktest.ToJSON(t, pattern)); n != 1 {
		t.Errorf("%d match %+v", n, pattern)
	}
}
