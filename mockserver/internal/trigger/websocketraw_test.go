package trigger_test

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/losantmock/losantmock/mockserver/internal/mocktest"
	"github.com/losantmock/losantmock/scenarios"
)

// The handshake of RFC 6455, header by header.
func TestHandshakesOfWebSockets(t *testing.T) {
	t.Parallel()
	srv := triggerWorld(t, scenarios.Triggers{}, scenarios.Webhook{Name: "socket", IsWebsocket: true})
	const (
		upgrade = "Connection: Upgrade\nUpgrade: websocket\n"
		key     = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\n"
		version = "Sec-WebSocket-Version: 13\n"
	)
	opened := 0
	for name, c := range map[string]struct {
		request, lines string
		status         int
		version        string
	}{
		"as in the RFC":                {"GET", upgrade + key + version, 101, ""},
		"in another case":              {"GET", "connection: keep-alive, UPGRADE\nupgrade: WebSocket\n" + strings.ToLower(version) + key, 101, ""},
		"with a field in two lines":    {"GET", "Connection: keep-alive\n" + upgrade + key + version, 101, ""},
		"with several protocols":       {"GET", "Connection: Upgrade\nUpgrade: h2c, websocket\n" + key + version, 101, ""},
		"with subprotocols":            {"GET", upgrade + key + version + "Sec-WebSocket-Protocol: chat, soap\n", 101, ""},
		"with extensions":              {"GET", upgrade + key + version + "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\n", 101, ""},
		"from any origin":              {"GET", upgrade + key + version + "Origin: https://example.com\n", 101, ""},
		"with POST":                    {"POST", upgrade + key + version, 426, ""},
		"without Connection":           {"GET", "Upgrade: websocket\n" + key + version, 426, ""},
		"without Upgrade":              {"GET", "Connection: upgrade\n" + key + version, 426, ""},
		"with another protocol":        {"GET", "Connection: upgrade\nUpgrade: h2c\n" + key + version, 426, ""},
		"without a version":            {"GET", upgrade + key, 426, "13"},
		"with an old version":          {"GET", upgrade + key + "Sec-WebSocket-Version: 8\n", 426, "13"},
		"with two versions":            {"GET", upgrade + key + version + version, 426, "13"},
		"without a key":                {"GET", upgrade + version, 400, ""},
		"with two keys":                {"GET", upgrade + version + key + key, 400, ""},
		"with a key that is too short": {"GET", upgrade + version + "Sec-WebSocket-Key: c2hvcnQ=\n", 400, ""},
		"with a key that is too long":  {"GET", upgrade + version + "Sec-WebSocket-Key: MDEyMzQ1Njc4OTAxMjM0NTY=\n", 400, ""},
		"with a key that is no base64": {"GET", upgrade + version + "Sec-WebSocket-Key: !!!!!!!!!!!!!!!!!!!!!!!!\n", 400, ""},
	} {
		text := c.request + " /webhooks/socket HTTP/1.1\nHost: x\n" + c.lines + "\n"
		a := mocktest.Exchange(t, strings.TrimPrefix(srv.URL, "http://"), strings.ReplaceAll(text, "\n", "\r\n"))
		h := a.Header
		if c.status == 101 {
			opened++
		} else if h.Get("Content-Type") != "application/json" { // that of the library, which comes too late
			t.Errorf("%s: %s", name, a.Body)
		}
		if a.Status != c.status || h.Get("Sec-Websocket-Version") != c.version || c.status == 426 && h.Get("Upgrade") != "websocket" {
			t.Errorf("%s: %d %v %s", name, a.Status, h, a.Body)
		}
		if c.status == 101 && (h.Get("Sec-Websocket-Accept") != "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" || h.Get("Sec-Websocket-Protocol") != "" || h.Get("Sec-Websocket-Extensions") != "") {
			t.Errorf("%s: %v", name, h)
		}
	}
	srv.Triggers().Type("connect").Within(2*time.Minute).Times(t, opened)
}

// frame returns a frame of a client, with its first byte and its payload.
func frame(first byte, payload string) string {
	key := []byte{1, 2, 3, 4}
	masked := []byte(payload)
	for i := range masked {
		masked[i] ^= key[i%4]
	}
	length := []byte{0x80 | byte(len(payload))}
	if len(payload) > 125 {
		length = binary.BigEndian.AppendUint16([]byte{0x80 | 126}, uint16(len(payload)))
	}
	return string(slices.Concat([]byte{first}, length, key, masked))
}

// closing returns a client's close frame.
func closing(code int, reason string) string {
	return frame(0x88, string(binary.BigEndian.AppendUint16(nil, uint16(code)))+reason)
}

// framesOf returns the next frames that a server sends. A close frame, or the end
// of the connection, is the last one.
func framesOf(t *testing.T, r *bufio.Reader, n int) []string {
	t.Helper()
	var seen []string
	for len(seen) < n {
		var head [2]byte
		if _, err := io.ReadFull(r, head[:]); err != nil {
			return append(seen, "end")
		}
		length := int(head[1])
		if length == 126 {
			var long [2]byte
			_, _ = io.ReadFull(r, long[:])
			length = int(binary.BigEndian.Uint16(long[:]))
		}
		payload := make([]byte, length)
		if _, err := io.ReadFull(r, payload); err != nil || length > 0x7F && head[1] != 126 {
			t.Fatalf("%x: %v", head, err)
		}
		switch kind := head[0]; {
		case kind == 0x88 && length >= 2:
			return append(seen, strings.TrimSpace(fmt.Sprintf("close %d %s", binary.BigEndian.Uint16(payload), payload[2:])))
		case kind == 0x88:
			return append(seen, "close")
		default:
			seen = append(seen, fmt.Sprintf("%x %s", kind, payload))
		}
	}
	return seen
}

// What RFC 6455 says of frames, byte by byte. They come with the handshake in one
// segment, and after its response.
func TestFramesOfWebSockets(t *testing.T) {
	t.Parallel()
	const limit = 200
	srv := triggerWorld(t, scenarios.Triggers{MaxBody: limit, MaxHeld: 1000, RateLimit: scenarios.RateLimit{Calls: 10_000}},
		scenarios.Webhook{Name: "echo", IsWebsocket: true, Reply: &scenarios.Reply{Body: "you said {{.data.message.data}}"}})
	looksLikeHTTP := "POST / HTTP/1.1\nContent-Length: 4\nTransfer-Encoding: chunked\n\n"
	type row struct {
		sent string
		want []string // a close frame up to its reason; the client sends one where there is none
	}
	protocolError := []string{"close 1002"}
	rows := map[string]row{
		"a ping":                       {frame(0x89, "hi"), []string{"8a hi"}},
		"a ping without content":       {frame(0x89, ""), []string{"8a "}},
		"a ping of 125 bytes":          {frame(0x89, strings.Repeat("x", 125)), []string{"8a " + strings.Repeat("x", 125)}},
		"a ping of 126 bytes":          {frame(0x89, strings.Repeat("x", 126)), protocolError},
		"a ping in fragments":          {frame(0x09, "hi"), protocolError},
		"a pong that nobody wants":     {frame(0x8A, "hi"), nil},
		"a text":                       {frame(0x81, "hello"), []string{"81 you said hello"}},
		"a text like a request":        {"\x81" + string([]byte{0x80 | byte(len(looksLikeHTTP))}) + "\x00\x00\x00\x00" + looksLikeHTTP, []string{"81 you said " + looksLikeHTTP}},
		"a text in fragments":          {frame(0x01, "a") + frame(0x00, "b") + frame(0x80, "c"), []string{"81 you said abc"}},
		"a ping between fragments":     {frame(0x01, "a") + frame(0x89, "hi") + frame(0x80, "b"), []string{"8a hi", "81 you said ab"}},
		"a character in two fragments": {frame(0x01, "\xc3") + frame(0x80, "\xbc"), []string{"81 you said ü"}},
		"bytes":                        {frame(0x82, "\xff"), []string{"81 you said [255]"}},
		"a text that is no UTF-8":      {frame(0x81, "\xff"), []string{"close 1007"}},
		"half a character":             {frame(0x01, "\xc3") + frame(0x80, ""), []string{"close 1007"}},
		"a surrogate":                  {frame(0x81, "\xed\xa0\x80"), []string{"close 1007"}},
		"a fragment of nothing":        {frame(0x80, "a"), protocolError},
		"a text between fragments":     {frame(0x01, "a") + frame(0x81, "b"), protocolError},
		"a frame that is not masked":   {"\x81\x05hello", protocolError},
		"a length below 0":             {"\x81\xff\x80\x00\x00\x00\x00\x00\x00\x00\x01\x02\x03\x04", protocolError},
		"a text of the largest size":   {frame(0x81, strings.Repeat("x", limit)), []string{"81 you said " + strings.Repeat("x", limit)}},
		"a text that is too large":     {frame(0x81, strings.Repeat("x", limit+1)), []string{"close 1009"}},
		"fragments that are too large": {frame(0x01, strings.Repeat("x", limit)) + frame(0x80, "x"), []string{"close 1009"}},
		"a close without a code":       {frame(0x88, ""), []string{"close"}},
		"half a code":                  {frame(0x88, "\x03"), protocolError},
		"a reason that is no UTF-8":    {closing(1000, "\xff"), []string{"close 1007"}},
		"a length in 2 bytes":          {"\x81\xfe\x00\x7d\x00\x00\x00\x00" + strings.Repeat("x", 125), protocolError},
		"a length in 8 bytes":          {"\x81\xff\x00\x00\x00\x00\x00\x00\xff\xff\x00\x00\x00\x00" + strings.Repeat("x", 65535), protocolError},
		"a length of 0 in 2 bytes":     {"\x89\xfe\x00\x00\x00\x00\x00\x00", protocolError},
		"a close with a long length":   {"\x88\xfe\x00\x02\x00\x00\x00\x00\x03\xe8", protocolError},
		"a close with a reason":        {closing(4001, strings.Repeat("x", 123)), []string{"close 4001 " + strings.Repeat("x", 123)}},
		"a text behind a close":        {closing(1000, "") + frame(0x81, "late"), []string{"close 1000"}},
	}
	for _, reserved := range []byte{0x40, 0x20, 0x10} {
		rows[fmt.Sprintf("the reserved bit %x", reserved)] = row{frame(0x81|reserved, "x"), protocolError}
	}
	for _, opcode := range []byte{3, 4, 5, 6, 7, 11, 12, 13, 14, 15} {
		rows[fmt.Sprintf("the reserved opcode %d", opcode)] = row{frame(0x80|opcode, "x"), protocolError}
	}
	for _, code := range []int{1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999} {
		rows[fmt.Sprintf("a close with %d", code)] = row{closing(code, ""), []string{fmt.Sprintf("close %d", code)}}
	}
	for _, code := range []int{0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535} {
		rows[fmt.Sprintf("a close with %d", code)] = row{closing(code, ""), protocolError}
	}
	for name, c := range rows {
		for _, together := range []bool{true, false} {
			want := c.want
			if len(want) == 0 || !strings.HasPrefix(want[len(want)-1], "close") {
				want = append(slices.Clone(want), "close 1000")
			}
			got := exchangeFrames(t, strings.TrimPrefix(srv.URL, "http://"), c.sent, together, len(c.want))
			last := len(want) - 1
			if len(got) != len(want) || !slices.Equal(got[:last], want[:last]) || !strings.HasPrefix(got[last]+" ", want[last]+" ") {
				t.Errorf("%s, in one segment with the handshake: %t: %q, want %q", name, together, got, want)
			}
		}
	}
	srv.Triggers().Payload("data.message.data", "late").Never(t)
	srv.Triggers().Type("disconnect").Payload("data.message.statusCode", 1007).Within(2*time.Minute).Times(t, 10) // two rows are a client's own
	mocktest.Until(t, "every WebSocket is closed", func() bool {
		return len(srv.Triggers().Type("disconnect").All()) == 2*len(rows)
	})
	srv.Triggers().Type("disconnect").Payload("data.message.statusCode", 1006).Never(t)
}

// exchangeFrames opens a WebSocket, sends bytes and returns the frames that come
// back. After n of them it closes the WebSocket, unless the server did.
func exchangeFrames(t *testing.T, host, sent string, together bool, n int) []string {
	t.Helper()
	conn, err := net.Dial("tcp", host)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(2 * time.Minute))
	handshake := "GET /webhooks/echo HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
	if together {
		handshake += sent
	}
	if _, err := io.WriteString(conn, handshake); err != nil {
		t.Fatal(err)
	}
	r := bufio.NewReader(conn)
	response, err := http.ReadResponse(r, nil)
	if err != nil || response.StatusCode != http.StatusSwitchingProtocols {
		t.Fatalf("%v %v", response, err)
	}
	if !together {
		if _, err := io.WriteString(conn, sent); err != nil {
			t.Fatal(err)
		}
	}
	seen := framesOf(t, r, n)
	if n > 0 && (strings.HasPrefix(seen[len(seen)-1], "close") || seen[len(seen)-1] == "end") {
		return seen
	}
	if _, err := io.WriteString(conn, closing(1000, "")); err != nil {
		t.Fatal(err)
	}
	return append(seen, framesOf(t, r, 1)...)
}

// A reply that is no UTF-8 is a message of bytes.
func TestRepliesThatAreNoText(t *testing.T) {
	t.Parallel()
	srv := triggerWorld(t, scenarios.Triggers{}, scenarios.Webhook{Name: "socket", IsWebsocket: true})
	conn := mocktest.OpenWebSocket(t, srv.URL+"/webhooks/socket")
	id := srv.Triggers().Type("connect").Within(2 * time.Minute).Once(t).Payload.Data.ReplyID
	for _, body := range []string{"\xff\x00", "text"} {
		srv.Reply(id, scenarios.Reply{Body: body})
		kind, message, err := conn.Read(t.Context())
		if err != nil || string(message) != body || (kind.String() == "MessageBinary") != (body != "text") {
			t.Errorf("%q: %v %q %v", body, kind, message, err)
		}
	}
}
