package mockserver_test

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/mockserver/authority"
	"github.com/losantmock/losantmock/mockserver/journal"
)

// get requests a URL, and returns the response with its body read.
func get(t *testing.T, client *http.Client, url string) (*http.Response, string) {
	t.Helper()
	response, err := client.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response, string(body)
}

// A server of a test speaks TLS and HTTP/2 to its client, and to another one HTTP/1.1.
// The journal has both as they were.
func TestServingOverTLS(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t, mockserver.WithTLS(nil))
	if response, body := get(t, srv.Client(), srv.URL+"/applications?access_token=any"); response.StatusCode != 200 || response.Proto != "HTTP/2.0" || !strings.Contains(body, "My Application") {
		t.Errorf("%s %s %s", response.Proto, response.Status, body)
	}
	if err := srv.Certificate().VerifyHostname("127.0.0.1"); err == nil || !srv.Certificate().IsCA {
		t.Error("a client is to trust more than an authority")
	}
	sandbox := srv.Sandbox(t)
	old := &http.Client{Transport: &http.Transport{TLSClientConfig: srv.Client().Transport.(*http.Transport).TLSClientConfig.Clone()}}
	old.Transport.(*http.Transport).TLSClientConfig.NextProtos = []string{"http/1.1"}
	defer old.CloseIdleConnections()
	if response, _ := get(t, old, sandbox.URL+"/applications?access_token=any"); response.StatusCode != 200 || response.Proto != "HTTP/1.1" {
		t.Errorf("%s %s", response.Proto, response.Status)
	}
	for proto, world := range map[string]interface{ Requests() mockserver.Requests }{"HTTP/2.0": srv, "HTTP/1.1": sandbox} {
		all := world.Requests().All()
		if len(all) != 1 || all[0].Proto != proto || all[0].Scheme != "https" || all[0].Host != strings.TrimPrefix(srv.URL, "https://") || len(all[0].Header["Host"]) > 0 {
			t.Fatalf("%+v", all)
		}
		for format, want := range map[journal.Format]string{
			journal.Curl:  "https://127.0.0.1:",
			journal.HAR:   `"httpVersion": "` + proto + `"`,
			journal.JSONL: `"protocol":"` + proto + `","scheme":"https"`,
		} {
			var text bytes.Buffer
			if err := journal.Export(&text, format, all, true); err != nil || !strings.Contains(text.String(), want) || strings.Contains(text.String(), "http://") {
				t.Errorf("%s: %v\n%s", format, err, text.String())
			}
		}
		var lines bytes.Buffer
		_ = journal.Export(&lines, journal.JSONL, all, true)
		if read, err := journal.Read(&lines); err != nil || read[0].Scheme != "https" || read[0].BasePath != all[0].BasePath {
			t.Errorf("%v %+v", err, read)
		}
	}
	response, body := get(t, srv.Client(), srv.URL+"/__admin/requests")
	if response.StatusCode != 200 || !strings.Contains(body, "https://") || strings.Contains(body, "http://") {
		t.Errorf("%s %s", response.Status, body)
	}
}

// A certificate of one's own is served and trusted; a configuration without one is
// refused. Without TLS, the client of a test works as well.
func TestCertificatesOfOnesOwn(t *testing.T) {
	t.Parallel()
	first := mockserver.Start(t, mockserver.WithTLS(nil))
	response, _ := get(t, first.Client(), first.URL+"/")
	leaf := response.TLS.PeerCertificates[0]
	if first.Certificate().Equal(leaf) || leaf.VerifyHostname("localhost") != nil {
		t.Error("the certificate is not one for localhost by an authority")
	}
	if _, err := mockserver.New(mockserver.WithTLS(&tls.Config{})); err == nil || !strings.Contains(err.Error(), "has no certificate") {
		t.Errorf("a configuration without certificates: %v", err)
	}
	if _, err := mockserver.New(mockserver.WithTLS(&tls.Config{Certificates: make([]tls.Certificate, 1)})); err == nil || !strings.Contains(err.Error(), "is empty") {
		t.Errorf("an empty certificate: %v", err)
	}
	donor := httptest.NewTLSServer(nil)
	donor.Close()
	own := donor.TLS.Certificates[0]
	second := mockserver.Start(t, mockserver.WithTLS(&tls.Config{Certificates: []tls.Certificate{own}}))
	if response, _ := get(t, second.Client(), second.URL+"/"); response.Proto != "HTTP/2.0" || !response.TLS.PeerCertificates[0].Equal(second.Certificate()) {
		t.Errorf("%s with %v", response.Proto, response.TLS.PeerCertificates[0].Subject)
	}
	plain := mockserver.Start(t)
	if response, _ := get(t, plain.Client(), plain.URL+"/"); response.StatusCode != 200 || plain.Certificate() != nil {
		t.Errorf("%s %v", response.Status, plain.Certificate())
	}
}

// A sandbox is reached by its host over TLS too, whatever suffix that has, and a host
// below no suffix is not.
func TestHostsOfSandboxesOverTLS(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t, mockserver.WithTLS(nil), mockserver.WithSandboxHost("Mock.example"))
	address := strings.TrimPrefix(srv.URL, "https://")
	for host, valid := range map[string]bool{
		"orders.localhost": true, "two.parts.localhost": true, "Orders.LOCALHOST": true, "orders.mock.example": true, "localhost": true,
		"mock.example": false, "orders.example": false,
	} {
		roots := x509.NewCertPool()
		roots.AddCert(srv.Certificate())
		conn, err := tls.Dial("tcp", address, &tls.Config{RootCAs: roots, ServerName: host})
		if (err == nil) != valid {
			t.Errorf("%s: %v", host, err)
		}
		if err == nil {
			_ = conn.Close()
		}
	}
}

// What can't be served with is refused at the start.
func TestTLSConfigurationsThatCannotServe(t *testing.T) {
	t.Parallel()
	own, err := authority.New()
	if err != nil {
		t.Fatal(err)
	}
	certificate, err := own.Sign("localhost")
	if err != nil {
		t.Fatal(err)
	}
	certificate.PrivateKey = nil
	for want, config := range map[string]*tls.Config{
		"has no certificate": {},
		"is empty":           {Certificates: make([]tls.Certificate, 1)},
		"has no private key": {Certificates: []tls.Certificate{certificate}},
	} {
		if _, err := mockserver.New(mockserver.WithTLS(config)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
}
