package faults_test

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/mockserver/internal/mocktest"
	"github.com/losantmock/losantmock/scenarios"
)

// Every response of a pedantic world is one that a strict parser accepts, byte by
// byte.
func TestPedanticResponsesAreLegalHTTP(t *testing.T) {
	t.Parallel()
	seed := uint64(1)
	srv := mockserver.Start(t, mockserver.WithWorld(&scenarios.Scenario{
		Pedantic:     &scenarios.Pedantic{Seed: &seed},
		Applications: []scenarios.Application{{ID: mocktest.ApplicationID, Name: "a", Webhooks: []scenarios.Webhook{{ID: mocktest.WebhookID, Name: "w"}}}},
	}))
	const (
		token = "Authorization: Bearer any"
		hooks = mocktest.WebhooksPath
	)
	requests := []struct {
		line, body string
		fields     []string
		status     int
	}{
		{"GET " + hooks, "", []string{token}, 200},
		{"GET " + hooks, "", []string{token, "Accept-Encoding: gzip"}, 200},
		{"GET " + hooks, "", []string{token, "Origin: https://example.com"}, 200},
		{"GET " + hooks, "", nil, 403},
		{"GET " + hooks + "/" + mocktest.MissingID, "", []string{token}, 404},
		{"GET " + hooks + "?perPage=0", "", []string{token, "Accept-Encoding: gzip"}, 400},
		{"POST " + hooks, `{"name":"x"}`, []string{token, mocktest.SendsJSON}, 201},
		{"POST " + hooks, `{`, []string{token, mocktest.SendsJSON}, 400},
		{"POST " + hooks, `{}`, []string{mocktest.SendsJSON, "Content-Encoding: br"}, 415},
		{"PATCH " + mocktest.WebhookPath, `{"name":"x"}`, []string{token, mocktest.SendsJSON}, 200},
		{"PUT " + hooks, "", []string{token}, 405},
		{"HEAD " + hooks, "", []string{token}, 405},
		{"OPTIONS " + hooks, "", nil, 204},
		{"GET /a%zz", "", nil, 404},
		{"GET /%ff", "", nil, 404},
		{"GET /", "", nil, 200},
	}
	seen := map[string]bool{}
	host := strings.TrimPrefix(srv.URL, "http://")
	for range 20 {
		for _, r := range requests {
			lines := append([]string{r.line + " HTTP/1.1", "Host: x", "Connection: close", "Content-Length: " + strconv.Itoa(len(r.body))}, r.fields...)
			raw := rawExchange(t, host, strings.Join(lines, "\r\n")+"\r\n\r\n"+r.body)
			fields, err := parseStrictly(raw, strings.HasPrefix(r.line, "HEAD "), r.status)
			if err != nil {
				t.Errorf("%s: %v\n%q", r.line, err, raw)
			}
			seen[fmt.Sprintf("chunked: %t", fields["transfer-encoding"] != "")] = true
			seen[fmt.Sprintf("lower case: %t", strings.Contains(raw, "\r\ncontent-type:"))] = true
		}
	}
	if len(seen) != 4 {
		t.Errorf("not everything varies: %v", seen)
	}
}

// A fault of a pedantic world may name the fields by which net/http frames a response:
// the response stays one that a strict parser accepts.
func TestFaultsThatNameFramingFields(t *testing.T) {
	t.Parallel()
	const body = "0123456789"
	for _, header := range []map[string]string{
		{"Content-Length": "3"}, {"content-length": "10"}, {"Transfer-Encoding": "chunked"}, {"transfer-encoding": "chunked", "content-length": "99"},
		{"Connection": "keep-alive"}, {"Trailer": "X-Mine"}, {"content-type": "text/plain", "CONTENT-ENCODING": "br", "date": "today"},
	} {
		seed := uint64(1)
		srv := mockserver.Start(t, mockserver.WithWorld(&scenarios.Scenario{
			Pedantic: &scenarios.Pedantic{Seed: &seed},
			Faults:   []scenarios.Fault{{Name: "f", Effect: scenarios.Effect{Status: 200, Headers: header, Body: body}}},
		}))
		for range 20 {
			for _, accepts := range []string{"identity", "gzip"} {
				raw := rawExchange(t, strings.TrimPrefix(srv.URL, "http://"), "GET "+mocktest.WebhooksPath+" HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAccept-Encoding: "+accepts+"\r\n\r\n")
				if _, err := parseStrictly(raw, false, 200); err != nil || accepts == "identity" && !strings.Contains(raw, body) {
					t.Errorf("%v: %v\n%q", header, err, raw)
				}
			}
		}
	}
}

var (
	statusLine = regexp.MustCompile(`^HTTP/1\.1 (\d{3}) [\t -~]*$`)
	fieldLine  = regexp.MustCompile("^([-!#$%&'*+.^_`|~0-9A-Za-z]+):[ \t]*([!-~]([\t -~]*[!-~])?)?[ \t]*$")
	chunkSize  = regexp.MustCompile(`^([0-9a-fA-F]+)\r\n`)
)

// parseStrictly returns the fields of a response, or what RFC 9112 has against it.
// No field of ours may stand twice.
func parseStrictly(raw string, head bool, status int) (map[string]string, error) {
	top, body, ok := strings.Cut(raw, "\r\n\r\n")
	lines := strings.Split(top, "\r\n")
	if first := statusLine.FindStringSubmatch(lines[0]); !ok || first == nil || first[1] != strconv.Itoa(status) {
		return nil, fmt.Errorf("the status line is %q, want %d", lines[0], status)
	}
	fields := map[string]string{}
	for _, line := range lines[1:] {
		parts := fieldLine.FindStringSubmatch(line)
		if parts == nil {
			return fields, fmt.Errorf("malformed field %q", line)
		}
		name := strings.ToLower(parts[1])
		if _, twice := fields[name]; twice {
			return fields, fmt.Errorf("%s stands twice", name)
		}
		fields[name] = parts[2]
	}
	length, hasLength := fields["content-length"]
	coding, hasCoding := fields["transfer-encoding"]
	switch {
	case hasLength && hasCoding:
		return fields, fmt.Errorf("content-length stands beside transfer-encoding")
	case status == 204 && (hasLength || hasCoding):
		return fields, fmt.Errorf("204 has no body, and says how it is sent")
	case (status == 204 || head) && body != "":
		return fields, fmt.Errorf("a body of a response that has none")
	case status == 204 || head:
		return fields, nil
	case hasCoding && coding != "chunked":
		return fields, fmt.Errorf("unknown coding %q", coding)
	case hasCoding:
		return fields, checkChunks(body)
	case length != strconv.Itoa(len(body)):
		return fields, fmt.Errorf("the length is %q, and the body has %d bytes", length, len(body))
	}
	return fields, nil
}

// checkChunks returns what is wrong with a chunked body.
func checkChunks(body string) error {
	for {
		size := chunkSize.FindStringSubmatch(body)
		if size == nil {
			return fmt.Errorf("no size of a chunk: %.20q", body)
		}
		n, err := strconv.ParseUint(size[1], 16, 32)
		if err != nil {
			return err
		}
		body = body[len(size[0]):]
		if uint64(len(body)) < n+2 || body[n:n+2] != "\r\n" {
			return fmt.Errorf("a chunk of %d bytes does not end", n)
		}
		if body = body[n+2:]; n == 0 {
			if body != "" {
				return fmt.Errorf("bytes behind the last chunk: %.20q", body)
			}
			return nil
		}
	}
}
