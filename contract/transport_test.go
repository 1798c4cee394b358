package contract_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/internal/leaktest"
	"github.com/losantmock/losantmock/contract/report"
	"github.com/losantmock/losantmock/mockserver"
)

const (
	app     = "575ec8687ae143cd83dc4a97"
	aHook   = "575ed78e7ae143cd83dc4aab"
	hooks   = "/applications/" + app + "/webhooks"
	allUser = "all.User" // a token of the scenario strict-auth
)

func standIn(t testing.TB, scenario string) http.Handler {
	t.Helper()
	s, err := mockserver.New(mockserver.WithScenario(scenario))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func serve(t testing.TB, h http.Handler) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s
}

// lying is a stand-in that sends another status than 200, or another text in
// place of one.
func lying(t testing.TB, status int, was, is string) *httptest.Server {
	next := standIn(t, "default")
	return serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Header.Del("Accept-Encoding")
		recorded := httptest.NewRecorder()
		next.ServeHTTP(recorded, r)
		maps.Copy(w.Header(), recorded.Header())
		w.Header().Del("Content-Length")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, strings.ReplaceAll(recorded.Body.String(), was, is))
	}))
}

// worn is a client with a Transport, and what it found.
type worn struct {
	*http.Client
	transport *contract.Transport
	traffic   *report.Collector

	mu    sync.Mutex
	found []contract.Finding
	whole []*contract.Exchange
}

func wear(t testing.TB, baseURL string) *worn {
	t.Helper()
	w := new(worn)
	w.transport = &contract.Transport{
		Hosts: []string{strings.TrimPrefix(baseURL, "http://")},
		OnFinding: func(f contract.Finding) {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.found = append(w.found, f)
		},
		OnExchange: func(e *contract.Exchange) {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.whole = append(w.whole, e)
		},
	}
	w.traffic = report.Collect(w.transport)
	w.Client = &http.Client{Transport: w.transport}
	return w
}

func text(r *report.Report) string {
	var b strings.Builder
	_ = r.Write(&b, report.Text)
	return b.String()
}

func (w *worn) findings() []contract.Finding {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.found)
}

func (w *worn) exchange(t testing.TB, method, url string, body io.Reader, header ...string) (int, string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, url, body)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+allUser)
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(header); i += 2 {
		request.Header.Set(header[i], header[i+1])
	}
	response, err := w.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	read, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(read)
}

// Traffic that keeps the contract passes unchanged, and is counted.
func TestATransportLetsGoodTrafficPass(t *testing.T) {
	t.Parallel()
	server := serve(t, standIn(t, "strict-auth"))
	w := wear(t, server.URL)
	status, created := w.exchange(t, "POST", server.URL+hooks, strings.NewReader(`{"name":"worn"}`))
	if status != 201 || !strings.Contains(created, `"name":"worn"`) {
		t.Errorf("%d %s", status, created)
	}
	// A stream can't be read beforehand.
	if status, body := w.exchange(t, "POST", server.URL+hooks, io.MultiReader(strings.NewReader(`{"name":`), strings.NewReader(`"streamed"}`))); status != 201 {
		t.Errorf("%d %s", status, body)
	}
	status, list := w.exchange(t, "GET", server.URL+hooks+"?_actions=false", nil, "Accept-Encoding", "gzip")
	z, err := gzip.NewReader(strings.NewReader(list))
	if err != nil {
		t.Fatalf("the response was changed: %v %.100q", err, list)
	}
	if plain, err := io.ReadAll(z); err != nil || status != 200 || !bytes.Contains(plain, []byte("streamed")) {
		t.Errorf("%d %s %v", status, plain, err)
	}
	if status, _ := w.exchange(t, "GET", server.URL+"/no/such/path", nil); status != 405 {
		t.Errorf("%d", status)
	}
	result := w.traffic.Report()
	if found := w.findings(); len(found) > 0 || result.Verdict != contract.Conforms || result.Requests != 3 || len(w.whole) != 3 {
		t.Errorf("%+v\n%s", found, text(result))
	}
	if string(w.whole[1].RequestBody) != `{"name":"streamed"}` {
		t.Errorf("the stream was seen as %q", w.whole[1].RequestBody)
	}
}

// What an application was written with comes back, but for what a response has no
// property for, and what the API may complete.
func TestATransportKnowsApplications(t *testing.T) {
	t.Parallel()
	server := serve(t, standIn(t, "strict-auth"))
	w := wear(t, server.URL)
	const path = "/applications/" + app
	for _, r := range [][3]string{
		{"POST", "/applications", `{"name":"x","orgId":"` + aHook + `","applicationTemplateId":"` + app + `","archiveConfig":{"mode":"all"}}`},
		{"PATCH", path + "?summaryInclude=webhookCount", `{"archiveConfig":null,"expUserTokenCutoff":"2016-06-13T04:00:00Z","endpointSlug":"abc"}`},
		{"GET", "/applications?orgId=&summaryExclude=payloadCount", ""},
		{"DELETE", path, "{}"},
	} {
		if status, body := w.exchange(t, r[0], server.URL+r[1], strings.NewReader(r[2])); status > 299 {
			t.Errorf("%s %s: %d %s", r[0], r[1], status, body)
		}
	}
	if found := w.findings(); len(found) > 0 || w.traffic.Report().Requests != 4 {
		t.Errorf("%+v", found)
	}
	liar := lying(t, 201, `"ownerId":"`+aHook, `"ownerId":"`+app)
	w = wear(t, liar.URL)
	w.exchange(t, "POST", liar.URL+"/applications", strings.NewReader(`{"name":"x","orgId":"`+aHook+`"}`))
	if found := w.findings(); len(found) != 1 || found[0].Field != "application.ownerId" {
		t.Errorf("another owner than the organization: %+v", found)
	}
}

// What the API would refuse is reported before it is sent.
func TestATransportTellsBadRequestsBeforeTheyAreSent(t *testing.T) {
	t.Parallel()
	var w *worn
	foundBefore := 0
	stub := standIn(t, "strict-auth")
	server := serve(t, http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		foundBefore = len(w.findings())
		stub.ServeHTTP(rw, r)
	}))
	w = wear(t, server.URL)
	for i, c := range []struct{ method, target, body, want string }{
		{"POST", hooks, `{"name":"x","responseCode":1000}`, "webhook.responseCode is more than maximum (599)"},
		{"POST", hooks, `{"nam":"x"}`, "webhook.name is required"},
		{"POST", hooks, `{"name":`, "Invalid JSON"},
		{"GET", hooks + "?perPage=0", "", "perPage is less than minimum (1)"},
		{"GET", "/applications/x/webhooks", "", "applicationId pattern mismatch"},
		{"GET", hooks + "?access_token[]=x", "", "accessToken is the wrong type"},
	} {
		var body io.Reader
		if c.body != "" {
			body = strings.NewReader(c.body)
		}
		if status, _ := w.exchange(t, c.method, server.URL+c.target, body); status != 400 {
			t.Errorf("%s: %d", c.target, status)
		}
		found := w.findings()
		if foundBefore != i+1 || len(found) != i+1 || found[i].Check != contract.CheckOfRequest || !strings.Contains(found[i].Message, c.want) {
			t.Fatalf("%s %s: found %d before: %+v", c.target, c.body, foundBefore, found)
		}
	}
	// A stream is reported when it has passed.
	_, _ = w.exchange(t, "POST", server.URL+hooks, io.MultiReader(strings.NewReader(`{"name":""}`)))
	if found := w.findings(); len(found) != 7 || !strings.Contains(found[6].Message, "has less length than allowed") {
		t.Errorf("%+v", found)
	}
}

// A server that lies is found out in passing, whatever the client does with
// the response.
func TestATransportFindsALie(t *testing.T) {
	t.Parallel()
	server := lying(t, http.StatusOK, `"responseCode":200`, `"responseCode":"200"`)
	for name, read := range map[string]func(*http.Response) error{
		"to its end":    func(r *http.Response) error { _, err := io.Copy(io.Discard, r.Body); return err },
		"as JSON":       func(r *http.Response) error { return json.NewDecoder(r.Body).Decode(new(any)) },
		"by single one": func(r *http.Response) error { _, err := io.ReadAll(oneByOne{r.Body}); return err },
	} {
		w := wear(t, server.URL)
		request, _ := http.NewRequestWithContext(t.Context(), "GET", server.URL+hooks+"/"+aHook, nil)
		request.Header.Set("Authorization", "Bearer any")
		response, err := w.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		if err := read(response); err != nil {
			t.Error(err)
		}
		_ = response.Body.Close()
		if found := w.findings(); len(found) != 1 || found[0].Check != contract.CheckSchema || found[0].Field != "webhook.responseCode" {
			t.Errorf("%s: %+v", name, found)
		}
	}
	// A response that the client does not read can't be checked.
	w := wear(t, server.URL)
	request, _ := http.NewRequestWithContext(t.Context(), "GET", server.URL+hooks+"/"+aHook, nil)
	request.Header.Set("Authorization", "Bearer any")
	response, err := w.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	if r := w.traffic.Report(); r.Verdict != contract.CouldNotCheck {
		t.Errorf("%s", text(r))
	}
}

type oneByOne struct{ io.Reader }

func (r oneByOne) Read(b []byte) (int, error) { return r.Reader.Read(b[:1]) }

// Answers arrive as they are sent, and hosts that are not the API's are none
// of our business.
func TestATransportKeepsStreams(t *testing.T) {
	t.Parallel()
	goOn := make(chan bool)
	server := serve(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintln(w, "{")
		w.(http.Flusher).Flush()
		<-goOn
		fmt.Fprintln(w, "}")
	}))
	w := wear(t, server.URL)
	response, err := w.Get(server.URL + hooks)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	lines := bufio.NewReader(response.Body)
	if line, err := lines.ReadString('\n'); err != nil || line != "{\n" {
		t.Errorf("%q %v", line, err)
	}
	close(goOn)
	if _, err := io.Copy(io.Discard, lines); err != nil {
		t.Error(err)
	}
	if found := w.findings(); len(found) == 0 {
		t.Error("a response of the wrong type passed")
	}
	w.transport = &contract.Transport{OnFinding: func(f contract.Finding) { t.Errorf("%+v", f) }}
	w.traffic = report.Collect(w.transport)
	other := &http.Client{Transport: w.transport}
	response, err = other.Get(serve(t, http.NotFoundHandler()).URL + hooks)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, response.Body)
	_ = response.Body.Close()
	if r := w.traffic.Report(); r.Requests != 0 {
		t.Errorf("%s", text(r))
	}
}

// A fault of the network is passed on as it is, and is no break.
func TestATransportPassesErrorsOn(t *testing.T) {
	t.Parallel()
	w := wear(t, "http://127.0.0.1:1")
	if response, err := w.Get("http://127.0.0.1:1" + hooks); err == nil {
		_ = response.Body.Close()
		t.Fatal("a server responded")
	}
	if r := w.traffic.Report(); r.Verdict != contract.CouldNotCheck {
		t.Errorf("%s", text(r))
	}
}

// A token that a server says back is in no finding.
func TestATransportShowsNoToken(t *testing.T) {
	t.Parallel()
	server := serve(t, http.HandlerFunc(leaktest.Echo))
	w := wear(t, server.URL)
	w.exchange(t, "GET", server.URL+hooks, nil, "Authorization", "Bearer "+leaktest.Canary)
	w.exchange(t, "GET", server.URL+hooks+"?access_token="+leaktest.Canary, nil)
	if len(w.findings()) == 0 {
		t.Fatal("nothing was found")
	}
	leaktest.Check(t, "a finding", fmt.Sprintf("%+v", w.findings()))
	leaktest.Check(t, "the report", text(w.traffic.Report()))
}

// Check holds one response of a client's against the contract, and leaves it
// readable.
func TestCheckOfOneResponse(t *testing.T) {
	t.Parallel()
	server := serve(t, standIn(t, "default"))
	for target, want := range map[string]contract.Verdict{
		hooks + "?access_token=any":                   contract.Conforms,
		hooks + "?access_token=any&perPage=0":         contract.Conforms, // it is refused as it has to be
		"/applications/" + app + "x?access_token=any": contract.Conforms,
		"/no/such/path":                               contract.CouldNotCheck,
	} {
		response, err := http.Get(server.URL + target)
		if err != nil {
			t.Fatal(err)
		}
		if found := contract.Check(response); found.Verdict() != want {
			t.Errorf("%s: %+v", target, found)
		}
		if body, err := io.ReadAll(response.Body); err != nil || !json.Valid(body) {
			t.Errorf("%s: afterwards %q %v", target, body, err)
		}
		_ = response.Body.Close()
	}
	response, err := http.Get(lying(t, http.StatusAccepted, "", "").URL + hooks + "?access_token=any")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if found := contract.Check(response); found.Verdict() != contract.Breaks || found[0].Check != contract.CheckStatus {
		t.Errorf("%+v", found)
	}
}
