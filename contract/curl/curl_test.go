package curl_test

import (
	"flag"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/losantmock/losantmock/cmd/lab/size"
	"github.com/losantmock/losantmock/contract/curl"
)

func TestMain(m *testing.M) {
	flag.Parse()
	if size.Fixed() {
		_ = flag.Set("rapid.seed", "1") // rapid defines it
		_ = flag.Set("rapid.nofailfile", "true")
	}
	os.Exit(m.Run())
}

// An ordinary request is a command that people can read.
func TestCommands(t *testing.T) {
	t.Parallel()
	for title, test := range map[string]struct {
		request curl.Request
		options []string
		want    string
	}{
		"a GET":  {request: curl.Request{Method: "GET", Target: "/a"}, want: `curl http://h/a`},
		"a HEAD": {request: curl.Request{Method: "HEAD", Target: "/a"}, want: `curl -I http://h/a`},
		"a query": {
			request: curl.Request{Method: "DELETE", Target: "/a?b=it's&c=[1]"}, want: `curl -X DELETE -g 'http://h/a?b=it'\''s&c=[1]'`,
		},
		"a body": {
			request: curl.Request{Method: "POST", Target: "/a", Header: http.Header{"Content-Type": {"application/json"}, "Content-Length": {"7"}}, Body: []byte(`{"a":1}`)},
			want:    `curl -X POST -H 'Content-Type: application/json' --data-raw '{"a":1}' http://h/a`,
		},
		"options and a token of the environment": {
			request: curl.Request{Method: "GET", Target: "/a", TokenVariable: "TOKEN"}, options: []string{"-i"},
			want: `curl -i -H "Authorization: Bearer $TOKEN" http://h/a`,
		},
		"a body that begins with @": {
			request: curl.Request{Method: "PUT", Target: "/a", Body: []byte("@/etc/passwd")},
			want:    `curl -X PUT -H Content-Type: --data-raw '@/etc/passwd' http://h/a`,
		},
		"a body that no argument holds": {
			request: curl.Request{Method: "PUT", Target: "/a", Body: []byte("-5%\x00\xff'\\\n\"!é")},
			want:    `printf '\0555%%\000\377\047\134\012"!é' | curl -X PUT -H Content-Type: --data-binary @- http://h/a`,
		},
		"a field with a tab": {
			request: curl.Request{Method: "GET", Target: "/a", Header: http.Header{"X": {"1\t\"2\"!", " "}}},
			want:    `curl -H "$(printf 'X: 1\011\0422\042\041')" -H 'X;' http://h/a`,
		},
		"a target that no URL holds": {request: curl.Request{Method: "OPTIONS", Target: "*"}, want: `curl -X OPTIONS --request-target '*' http://h`},
		"steps up":                   {request: curl.Request{Method: "GET", Target: "/a/%2E./b"}, want: `curl --path-as-is http://h/a/%2E./b`},
		"a host that curl would glob": {
			request: curl.Request{Method: "GET", Target: "/a", Host: "127.0.0.[1-3]:1", Address: "h:2"}, want: `curl -H 'Host: 127.0.0.[1-3]:1' http://h:2/a`,
		},
		"a server elsewhere than its name":  {request: curl.Request{Method: "GET", Target: "/a", Host: "api.losant.com", Address: "127.0.0.1:8080"}, want: `curl --connect-to ::127.0.0.1:8080 http://api.losant.com/a`},
		"an address with the default port":  {request: curl.Request{Method: "GET", Target: "/a", Host: "h:8080", Address: "[::1]"}, want: `curl --connect-to '::[::1]:80' http://h:8080/a`},
		"the machine itself by other names": {request: curl.Request{Method: "GET", Target: "/a", Host: "a.localhost:1", Address: "127.0.0.1:1"}, want: `curl http://a.localhost:1/a`},
		"another port of the machine":       {request: curl.Request{Method: "GET", Target: "/a", Host: "localhost:1", Address: "127.0.0.1:2"}, want: `curl --connect-to ::127.0.0.1:2 http://localhost:1/a`},
		"an address of IPv6":                {request: curl.Request{Method: "GET", Target: "/a", Host: "[::1]:1"}, want: `curl -g 'http://[::1]:1/a'`},
		"two ports":                         {request: curl.Request{Method: "GET", Target: "/a", Host: "h:1:2"}, want: `curl -H 'Host: h:1:2' http://localhost/a`},
		"a host of dots":                    {request: curl.Request{Method: "GET", Target: "/a", Host: ".."}, want: `curl -H 'Host: ..' http://localhost/a`},
		"a short address":                   {request: curl.Request{Method: "GET", Target: "/a", Host: "127.1"}, want: `curl -H 'Host: 127.1' http://localhost/a`},
		"a port that is no port":            {request: curl.Request{Method: "GET", Target: "/a", Host: "h:070"}, want: `curl -H 'Host: h:070' http://localhost/a`},
		"the default port":                  {request: curl.Request{Method: "GET", Target: "/a", Host: "h:80"}, want: `curl -H 'Host: h:80' http://h:80/a`},
		"an address that is none":           {request: curl.Request{Method: "GET", Target: "/a", Host: "..", Address: "[1-3]"}, want: `curl -H 'Host: ..' http://localhost/a`},
		"a host that no URL holds":          {request: curl.Request{Method: "GET", Target: "/a", Host: "u@h"}, want: `curl -H 'Host: u@h' http://localhost/a`},
	} {
		test.request.Scheme = "http"
		if test.request.Host == "" {
			test.request.Host = "h"
		}
		got, err := test.request.Command(test.options...)
		if err != nil || got != test.want {
			t.Errorf("%s:\n got %s, %v\nwant %s", title, got, err, test.want)
		}
	}
}

// What HTTP can't hold is an error, and not another request.
func TestWhatNoCommandCanSend(t *testing.T) {
	t.Parallel()
	for want, request := range map[string]curl.Request{
		`the method "GET / HTTP/1.1\r\nX"`:           {Method: "GET / HTTP/1.1\r\nX", Target: "/"},
		`the method ""`:                              {Target: "/"},
		`the target "/a b"`:                          {Method: "GET", Target: "/a b"},
		`the target "/\x00"`:                         {Method: "GET", Target: "/\x00"},
		`the host "h\nX: y"`:                         {Method: "GET", Target: "/", Host: "h\nX: y"},
		`both Content-Length and Transfer-Encoding`:  {Method: "POST", Target: "/", Header: http.Header{"Content-Length": {"1"}, "Transfer-Encoding": {"chunked"}}},
		`Content-Length with ["1" "2"]`:              {Method: "POST", Target: "/", Header: http.Header{"Content-Length": {"1", "2"}}},
		`Content-Length with ["-1"]`:                 {Method: "POST", Target: "/", Header: http.Header{"Content-Length": {"-1"}}},
		`Transfer-Encoding with ["x"]`:               {Method: "POST", Target: "/", Header: http.Header{"Transfer-Encoding": {"x"}}},
		`a header field with the name "@file"`:       {Method: "GET", Target: "/", Header: http.Header{"@file": {"x"}}},
		`the header field A with the value "b\nC:d"`: {Method: "GET", Target: "/", Header: http.Header{"A": {"a", "b\nC:d"}}},
		`the header field A with the value "\x00"`:   {Method: "GET", Target: "/", Header: http.Header{"A": {"\x00"}}},
	} {
		if got, err := request.Command(); err == nil || !strings.HasSuffix(err.Error(), want) {
			t.Errorf("%s: %q, %v", want, got, err)
		}
	}
}
