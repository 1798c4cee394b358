package recording

import (
	"context"
	"net/http"
	"net/http/httputil"
	"net/url"
	"testing"

	"github.com/losantmock/losantmock/contract/decode"
	"github.com/losantmock/losantmock/contract/secret"
)

// FuzzProxy rewrites whatever request. It goes to the one API, with the
// proxy's token alone.
func FuzzProxy(f *testing.F) {
	f.Add("/applications?access_token=x", "api.example", "Connection", "Authorization")
	f.Add("//evil.example/@x", "evil.example", "X-Forwarded-Host", "evil.example")
	p, err := NewProxy("https://api.losant.com", secret.New("the-proxys-own-token"), nil, nil, nil)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, target, host, name, value string) {
		u, err := url.ParseRequestURI(target)
		if err != nil {
			t.Skip("net/http lets no such request through")
		}
		in := &http.Request{Method: "GET", URL: u, Host: host, Header: http.Header{http.CanonicalHeaderKey(name): {value}}}
		out := in.Clone(context.Background())
		out.Header.Del("Connection")
		p.rewrite(&httputil.ProxyRequest{In: in, Out: out})
		if out.URL.Scheme != "https" || out.URL.Host != "api.losant.com" || out.Host != "" && out.Host != "api.losant.com" {
			t.Fatalf("%q goes to %s (%s)", target, out.URL, out.Host)
		}
		if got := out.Header.Values("Authorization"); len(got) != 1 || got[0] != "Bearer the-proxys-own-token" {
			t.Fatalf("the API would get %q", got)
		}
		if out.Header.Get("Upgrade") != "" {
			t.Fatal("an upgrade is passed on")
		}
		if decode.AccessToken(decode.ParseQuery(out.URL.RawQuery), "").Given {
			t.Fatalf("a client's token is passed on: %s", out.URL.RawQuery)
		}
	})
}
