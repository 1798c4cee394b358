package comparison_test

import (
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

// observed returns an exchange with a target and the body of its response.
func observed(target, body string) comparison.Observed {
	address, _ := url.Parse(target)
	header := http.Header{"Content-Type": {"application/json; charset=utf-8"}}
	e := &contract.Exchange{Method: http.MethodGet, URL: address, Header: header, Status: http.StatusOK, Body: []byte(body)}
	return comparison.Observed{Title: "reading", Exchange: e}
}

// compared returns the text of a comparison, without the commands.
func compared(t *testing.T, theirs, mock []comparison.Observed) string {
	t.Helper()
	client := live.NewLocalClient(http.NotFoundHandler(), secret.New("canary-token"))
	r := comparison.Of(client, contract.AtNewest(), theirs, mock)
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
		[]comparison.Observed{observed("/x", `{"a":{"basicAuthPassword":"canary-1"},"b":{"basicAuthPassword":"canary-2"},"verificationCode":"canary-3","basicAuthUsername":"","name":"x canary-token"}`)},
		[]comparison.Observed{observed("/x", `{"a":{"basicAuthPassword":"canary-2"},"b":{"basicAuthPassword":null},"verificationCode":"canary-4","basicAuthUsername":"canary-5","name":"y"}`)})
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
	list := func(name, more string) comparison.Observed {
		return observed(hooks, `{"items":[{"id":"`+aHook+`","name":"`+name+`"`+more+`},{"id":"`+app+`","name":"`+name+`"`+more+`}],"count":2}`)
	}
	got := compared(t,
		[]comparison.Observed{observed("/nowhere", `{"name":1}`), list("a", `,"zone":1,"retries":{"most":3}`), list("a", `,"zone":2`), list("c", ""), list("d", "")},
		[]comparison.Observed{observed("/nowhere", `{"name":2}`), list("b", ""), list("b", ""), list("c", "")})
	want := `breaks           webhooks.get                     1 passed
breaks: $.items[].name: live "a", mock "b" (reading) [4 times]
breaks: live responded, mock received no such request (reading)
news: has what the contract does not know: $.items[].retries, $.items[].zone
breaks           other requests                   0 passed
breaks: $.name: live 1, mock 2 (reading)`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
