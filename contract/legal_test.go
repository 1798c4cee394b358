package contract_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/losantmock/losantmock/contract"
)

// reply is a response of the stand-in that a test changes on its way.
type reply struct {
	header http.Header
	fields object
	body   []byte // in place of the fields
	status int
	broken bool // whether it is sent in chunks
}

// altering serves a stand-in, over HTTP/2 where wanted, whose responses are
// changed, and a client without certificates' cares.
func altering(t *testing.T, http2 bool, change func(*http.Request, *reply)) *httptest.Server {
	t.Helper()
	next := standIn(t, "strict-auth")
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Header.Del("Accept-Encoding")
		recorded := httptest.NewRecorder()
		next.ServeHTTP(recorded, r)
		a := &reply{header: recorded.Header(), status: recorded.Code}
		_ = json.Unmarshal(recorded.Body.Bytes(), &a.fields)
		change(r, a)
		if a.body == nil {
			a.body, _ = json.Marshal(a.fields)
		}
		for name, values := range a.header {
			w.Header()[name] = values
		}
		w.Header().Del("Content-Length")
		w.WriteHeader(a.status)
		for len(a.body) > 0 {
			n := len(a.body)
			if a.broken {
				n = min(7, n)
			}
			_, _ = w.Write(a.body[:n])
			_ = http.NewResponseController(w).Flush()
			a.body = a.body[n:]
		}
	}))
	if http2 {
		server.EnableHTTP2 = true
		server.StartTLS()
	} else {
		server.Start()
	}
	t.Cleanup(server.Close)
	return server
}

// upper writes the ids of a response in capitals.
func upper(value any) any {
	switch value := value.(type) {
	case object:
		for name, inner := range value {
			value[name] = upper(inner)
			if text, ok := inner.(string); ok && strings.HasSuffix(strings.ToLower(name), "id") {
				value[name] = strings.ToUpper(text)
			}
		}
	case []any:
		for i := range value {
			value[i] = upper(value[i])
		}
	}
	return value
}

// each calls visit with every webhook of a response.
func each(fields object, visit func(object)) {
	if fields["_type"] == "webhook" {
		visit(fields)
	}
	items, _ := fields["items"].([]any)
	for _, item := range items {
		visit(item.(object))
	}
}

var legal = []struct {
	name   string
	http2  bool
	change func(*http.Request, *reply)
}{
	{"more header fields", false, func(_ *http.Request, a *reply) {
		a.header.Set("Set-Cookie", "a=b; Path=/")
		a.header.Set("Strict-Transport-Security", "max-age=1")
		a.header.Set("X-Request-Id", "1")
	}},
	{"a charset", false, func(_ *http.Request, a *reply) { a.header.Set("Content-Type", "application/json; charset=utf-8") }},
	{"gzip", false, func(_ *http.Request, a *reply) {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		_ = json.NewEncoder(z).Encode(a.fields)
		_ = z.Close()
		a.body = b.Bytes()
		a.header.Set("Content-Encoding", "gzip")
	}},
	{"chunks", false, func(_ *http.Request, a *reply) { a.broken = true }},
	{"HTTP/2", true, func(*http.Request, *reply) {}},
	{"indented", false, func(_ *http.Request, a *reply) { a.body, _ = json.MarshalIndent(a.fields, "\t", "    ") }},
	{"Vary with more names", false, func(_ *http.Request, a *reply) { a.header.Set("Vary", "Accept-Encoding,ORIGIN , Accept") }},
	{"Vary in several fields", false, func(_ *http.Request, a *reply) { a.header["Vary"] = []string{"Accept-Encoding", "Origin"} }},
	{"no Vary beside any origin", false, func(_ *http.Request, a *reply) {
		a.header.Del("Vary")
		a.header.Set("Access-Control-Allow-Origin", "*")
	}},
	{"optional properties are absent", false, func(_ *http.Request, a *reply) {
		each(a.fields, func(hook object) {
			for _, name := range []string{"description", "enabled", "isWebsocket", "waitForReply", "verificationType", "verificationCode", "basicAuthUsername", "basicAuthPassword", "castBuffersAs", "annotateMultipart"} {
				delete(hook, name)
			}
		})
	}},
	{"ids in capitals", false, func(_ *http.Request, a *reply) { upper(a.fields) }},
	{"a clock far behind", false, func(_ *http.Request, a *reply) { clock(a, "1999-12-31T23:59:59.999Z") }},
	{"a clock far ahead", false, func(_ *http.Request, a *reply) { clock(a, "2999-12-31T23:59:59.999Z") }},
	{"links that the token may not follow", false, func(_ *http.Request, a *reply) {
		each(a.fields, func(hook object) {
			hook["_links"] = object{"self": hook["_links"].(object)["self"]}
			delete(hook["_actions"].(object), "delete")
		})
	}},
}

func clock(a *reply, at string) {
	a.header.Set("Date", at)
	each(a.fields, func(hook object) { hook["creationDate"], hook["lastUpdated"] = at, at })
}

// requests that succeed and fail, each with a body or without.
var variedRequests = [][3]string{
	{"POST", hooks, `{"name":"varied","description":""}`},
	{"GET", hooks, ""},
	{"GET", hooks + "?sortField=id&sortDirection=desc", ""},
	{"GET", hooks + "/" + aHook, ""},
	{"GET", strings.ToUpper(hooks[:0]) + "/applications/" + strings.ToUpper(app) + "/webhooks", ""},
	{"PATCH", hooks + "/" + aHook, `{"responseCode":204}`},
	{"GET", hooks + "/" + app, ""},
	{"GET", "/applications", ""},
	{"GET", "/applications/" + app, ""},
	{"POST", hooks, `{"nam":"x"}`},
	{"DELETE", hooks + "/" + aHook, ""},
}

// checkedBoth sends requests through a Transport, and holds each response against
// the contract a second time with Check. The findings are of responses alone.
func checkedBoth(t *testing.T, server *httptest.Server, header ...string) []contract.Finding {
	t.Helper()
	var found []contract.Finding
	w := wear(t, strings.TrimPrefix(strings.TrimPrefix(server.URL, "http://"), "https://"))
	w.transport.Base = server.Client().Transport
	for _, r := range variedRequests {
		request, err := http.NewRequestWithContext(t.Context(), r[0], server.URL+r[1], strings.NewReader(r[2]))
		if err != nil {
			t.Fatal(err)
		}
		if r[2] == "" {
			request.Body, request.GetBody, request.ContentLength = nil, nil, 0
		}
		request.Header.Set("Authorization", "Bearer "+allUser)
		request.Header.Set("Content-Type", "application/json")
		for i := 0; i < len(header); i += 2 {
			request.Header.Set(header[i], header[i+1])
		}
		response, err := w.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		found = append(found, contract.Check(response)...)
		if _, err := io.Copy(io.Discard, response.Body); err != nil {
			t.Error(err)
		}
		_ = response.Body.Close()
	}
	for _, f := range w.findings() {
		if f.Check != contract.CheckOfRequest {
			found = append(found, f)
		}
	}
	return found
}

// What HTTP and the API's schemas allow breaks nothing.
func TestWhatIsLegalBreaksNothing(t *testing.T) {
	t.Parallel()
	for _, c := range legal {
		t.Run(strings.ReplaceAll(c.name, " ", "_"), func(t *testing.T) {
			t.Parallel()
			for _, origin := range []string{"", "https://example.com"} {
				server := altering(t, c.http2, c.change)
				for _, f := range checkedBoth(t, server, "Origin", origin) {
					t.Errorf("%s: %+v", origin, f)
				}
			}
		})
	}
}

// A property that the contract does not know is news.
func TestAnUnknownPropertyIsNews(t *testing.T) {
	t.Parallel()
	server := altering(t, false, func(_ *http.Request, a *reply) { each(a.fields, func(hook object) { hook["retries"] = 3 }) })
	found := checkedBoth(t, server)
	if len(found) == 0 {
		t.Error("nothing was found")
	}
	for _, f := range found {
		if f.Verdict != contract.News || !strings.HasSuffix(f.Field, ".retries") {
			t.Errorf("%+v", f)
		}
	}
}

// No property is required: one that is absent is news once, whatever was requested,
// and a webhook's links are known by its id alone.
func TestAnAbsentPropertyIsNews(t *testing.T) {
	t.Parallel()
	absent := []string{"webhookId", "token"}
	server := altering(t, false, func(_ *http.Request, a *reply) {
		each(a.fields, func(hook object) {
			for _, name := range absent {
				delete(hook, name)
			}
		})
	})
	news := map[contract.Finding]bool{}
	for _, f := range checkedBoth(t, server) {
		f.Curl = ""
		news[f] = true
		if f.Verdict != contract.News {
			t.Errorf("%+v", f)
		}
	}
	if len(news) != len(absent) {
		t.Errorf("%d findings: %+v", len(news), news)
	}
}
