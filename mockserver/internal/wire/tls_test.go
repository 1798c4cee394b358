package wire_test

import (
	"crypto/tls"
	"crypto/x509"
	"io"
	"log/slog"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/losantmock/losantmock/mockserver"
)

// waitFor waits until a log has some words.
func waitFor(t *testing.T, log *buffer, words string) {
	t.Helper()
	for deadline := time.Now().Add(2 * time.Minute); !strings.Contains(log.String(), words); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("the log lacks %q:\n%s", words, log.String())
		}
	}
}

// A client that does not get through the handshake is told why as far as it can be,
// and so is the log. Others are served meanwhile.
func TestHandshakesThatFail(t *testing.T) {
	t.Parallel()
	var log buffer
	srv := mockserver.Start(t, mockserver.WithTLS(nil), mockserver.WithLogger(slog.New(slog.NewTextHandler(&log, nil))))
	address := strings.TrimPrefix(srv.URL, "https://")
	silent := connect(t, address)

	plain := connect(t, address)
	if status := plain.status(t, "/applications"); status != 400 {
		t.Errorf("plain HTTP gets %d", status)
	}
	waitFor(t, &log, "path=/applications status=400")
	if r := srv.Requests().Once(t); r.Target != "/applications" || !strings.Contains(r.Hint, "begin the base URL with https://") || !strings.Contains(log.String(), r.Hint) {
		t.Errorf("%+v\n%s", r, log.String())
	}
	if n := rejected(t, srv.Client(), srv.URL); n != 1 {
		t.Errorf("health counts %d", n)
	}

	if conn, err := tls.Dial("tcp", address, &tls.Config{RootCAs: x509.NewCertPool(), ServerName: "localhost"}); err == nil {
		conn.Close()
		t.Error("a client trusts what it does not know")
	}
	waitFor(t, &log, "a client does not accept the certificate")

	garbage := connect(t, address)
	if _, err := garbage.Write([]byte("\x00\x01\x02\x03\x04\x05")); err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(garbage); err != nil && !strings.Contains(err.Error(), "reset") {
		t.Errorf("%q %v", got, err)
	}
	waitFor(t, &log, "a TLS handshake failed")

	response, err := srv.Client().Get(srv.URL + "/applications")
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if _, err := io.ReadAll(silent); err != nil { // until its time is up
		t.Errorf("a client that says nothing: %v", err)
	}
	if all := srv.Requests().All(); len(all) != 2 {
		t.Errorf("%d requests are recorded", len(all))
	}
}

// The reserved connections of a server over TLS serve the admin API, over HTTP/1.1.
func TestReservedConnectionsOverTLS(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t, mockserver.WithTLS(nil), mockserver.WithMaxConnections(1))
	usual, err := net.Dial("tcp", strings.TrimPrefix(srv.URL, "https://"))
	if err != nil {
		t.Fatal(err)
	}
	defer usual.Close()
	response, err := srv.Client().Get(srv.URL + "/__admin/health")
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if response.StatusCode != 200 || response.Proto != "HTTP/1.1" {
		t.Errorf("%s %s", response.Proto, response.Status)
	}
}
