package comparison_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/comparison"
	"github.com/losantmock/losantmock/contract/live"
	"github.com/losantmock/losantmock/contract/report"
	"github.com/losantmock/losantmock/contract/secret"
)

const (
	app   = "575ec8687ae143cd83dc4a97"
	aHook = "575ed78e7ae143cd83dc4aab"
	hooks = "/applications/" + app + "/webhooks"
)

// exchange returns an exchange with a target and the body of its response.
func exchange(target, body string) *contract.Exchange {
	address, _ := url.Parse(target)
	header := http.Header{"Content-Type": {"application/json; charset=utf-8"}}
	return &contract.Exchange{Method: http.MethodGet, URL: address, Header: header, Status: http.StatusOK, Body: []byte(body)}
}

// compared returns the text of a comparison, without the commands. The mock responds with
// its bodies, one after the other.
func compared(t *testing.T, theirs []*contract.Exchange, mock ...string) string {
	t.Helper()
	client := live.NewLocalClient(http.NotFoundHandler(), secret.New("canary-token"))
	requests := 0
	standIn := live.NewLocalClient(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if target := theirs[requests].URL.String(); r.URL.RequestURI() != target {
			t.Errorf("the mock received %s, want %s", r.URL.RequestURI(), target)
		}
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		_, _ = w.Write([]byte(mock[requests]))
		requests++
	}), secret.New("canary-token"))
	c := comparison.New(t.Context(), client, standIn, contract.AtNewest())
	for _, e := range theirs {
		c.Observe("reading", e)
	}
	r := c.Report(report.New("http://localhost", contract.AtNewest()))
	var text strings.Builder
	if err := r.Write(&text, report.Text); err != nil {
		t.Fatal(err)
	}
	var lines []string
	for line := range strings.Lines(text.String()) {
		if !strings.Contains(line, "curl ") {
			lines = append(lines, strings.TrimSpace(line))
		}
	}
	for _, format := range report.Formats() {
		var b strings.Builder
		if err := r.Write(&b, format); err != nil || strings.Contains(b.String(), "canary") {
			t.Errorf("%s: %v, %s", format, err, b.String())
		}
	}
	return strings.Join(lines[2:len(lines)-3], "\n")
}

// A comparison shows no secret, and which secrets are the same.
func TestComparisonsShowPlaceholders(t *testing.T) {
	t.Parallel()
	got := compared(t,
		[]*contract.Exchange{exchange("/x", `{"a":{"basicAuthPassword":"canary-1"},"b":{"basicAuthPassword":"canary-2"},"verificationCode":"canary-3","basicAuthUsername":"","name":"x canary-token"}`)},
		`{"a":{"basicAuthPassword":"canary-2"},"b":{"basicAuthPassword":null},"verificationCode":"canary-4","basicAuthUsername":"canary-5","name":"y"}`)
	want := `breaks           other requests                   0 passed
breaks: $.a.basicAuthPassword: live PASSWORD-1, mock PASSWORD-2 (reading)
breaks: $.b.basicAuthPassword: live PASSWORD-2, mock null (reading)
breaks: $.basicAuthUsername: live "", mock USER-1 (reading)
breaks: $.name: live "x TOKEN-1", mock "y" (reading)
breaks: $.verificationCode: live CODE-1, mock CODE-2 (reading)`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// A comparison has one finding for each field of an operation, those of webhooks
// first, and one for all that the contract does not know.
func TestComparisonsAreGrouped(t *testing.T) {
	t.Parallel()
	list := func(name, more string) string {
		return `{"items":[{"id":"` + aHook + `","name":"` + name + `"` + more + `},{"id":"` + app + `","name":"` + name + `"` + more + `}],"count":2}`
	}
	got := compared(t,
		[]*contract.Exchange{exchange("/nowhere", `{"name":1}`), exchange(hooks, list("a", `,"zone":1,"retries":{"most":3}`)), exchange(hooks, list("a", `,"zone":2`)), exchange(hooks, list("c", ""))},
		`{"name":2}`, list("b", ""), list("b", ""), list("c", ""))
	want := `breaks           webhooks.get                     1 passed
breaks: $.items[].name: live "a", mock "b" (reading) [4 times]
news: has what the contract does not know: $.items[].retries, $.items[].zone
breaks           other requests                   0 passed
breaks: $.name: live 1, mock 2 (reading)`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// A stand-in holds one of the applications that a token may see, and nothing but
// webhooks in it.
func TestWhatAStandInCanNotHold(t *testing.T) {
	t.Parallel()
	one := func(name string, devices int) string {
		return fmt.Sprintf(`{"id":"%s","name":"%s","summary":{"deviceCount":%d,"webhookCount":1}}`, app, name, devices)
	}
	other := `{"id":"` + aHook + `","name":"another"}`
	got := compared(t,
		[]*contract.Exchange{exchange("/applications", `{"items":[`+other+","+one("a", 5)+`],"count":2,"totalCount":2}`), exchange("/applications/"+app, one("b", 7))},
		`{"items":[`+one("a", 0)+`],"count":1,"totalCount":1}`, one("c", 0))
	want := `conforms         applications.get                 1 passed
breaks           application.get                  0 passed
breaks: $.name: live "b", mock "c" (reading)`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// Where it is unknown whether the live server has changed something, the rest can't be
// compared.
func TestALostWriteEndsAComparison(t *testing.T) {
	t.Parallel()
	lost := &contract.Exchange{Method: http.MethodPost, URL: &url.URL{Opaque: hooks}}
	got := compared(t, []*contract.Exchange{exchange(hooks, `{"a":1}`), lost, exchange(hooks, `{"a":2}`)}, `{"a":1}`)
	want := `conforms         webhooks.get                     1 passed
could not check  other requests                   0 passed
could not check: run: nothing was compared any more: whether the live server has carried out POST ` + hooks + ` is unknown`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
