package contract_test

import (
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/losantmock/losantmock/contract"
)

// double is a RoundTripper of a test, which returns what net/http never would.
type double struct {
	response *http.Response
	err      error
}

func (d double) RoundTrip(*http.Request) (*http.Response, error) {
	if d.response == nil {
		return nil, d.err
	}
	copied := *d.response
	if copied.Body != nil {
		copied.Body = io.NopCloser(strings.NewReader("{}"))
	}
	return &copied, d.err
}

// With a Transport around it, a client fares with a test's double as without it.
func TestATransportIsAsTolerantAsItsClient(t *testing.T) {
	t.Parallel()
	t.Attr("T5", "12 kinds of responses to 5 methods")
	for name, d := range map[string]double{
		"nothing":                      {},
		"an empty response":            {response: &http.Response{}},
		"no header":                    {response: &http.Response{StatusCode: 200, Body: http.NoBody}},
		"no body":                      {response: &http.Response{StatusCode: 200, Header: http.Header{}}},
		"no body of a length":          {response: &http.Response{StatusCode: 200, ContentLength: 2}},
		"no body of an unknown length": {response: &http.Response{StatusCode: 200, ContentLength: -1}},
		"a status beyond measure":      {response: &http.Response{StatusCode: 12345, Body: http.NoBody}},
		"a response and an error":      {response: &http.Response{StatusCode: 200, Body: http.NoBody}, err: errors.New("broken")},
		"an error":                     {err: errors.New("broken")},
		"a redirection to nowhere":     {response: &http.Response{StatusCode: 302}},
		"a gzip body that is none":     {response: &http.Response{StatusCode: 200, Header: http.Header{"Content-Encoding": {"gzip"}}}},
		"a switch to another protocol": {response: &http.Response{StatusCode: 101, Body: http.NoBody}},
	} {
		for _, method := range []string{"", "GET", "HEAD", "DELETE", "POST"} {
			plain, checked := outcome(&http.Client{Transport: d}, method), outcome(&http.Client{Transport: &contract.Transport{Base: d}}, method)
			if (plain.err == nil) != (checked.err == nil) || plain.status != checked.status || plain.body != checked.body {
				t.Errorf("%s, %q: %+v, and without a Transport %+v", name, method, checked, plain)
			}
		}
	}
	// As a RoundTripper by itself it leaves bad requests to its base.
	for _, request := range []*http.Request{{}, {URL: &url.URL{Host: contract.LosantHost, Path: "/applications"}}} {
		if _, err := (&contract.Transport{Base: double{err: errors.New("broken")}}).RoundTrip(request); err == nil {
			t.Errorf("%+v is sent", request)
		}
	}
}

type outcomeOf struct {
	status int
	body   string
	err    error
}

// outcome is what a client gets.
func outcome(client *http.Client, method string) outcomeOf {
	request := &http.Request{Method: method, URL: &url.URL{Scheme: "https", Host: contract.LosantHost, Path: "/applications/575ec8687ae143cd83dc4a97/webhooks"}}
	response, err := client.Do(request)
	if err != nil {
		return outcomeOf{err: err}
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	return outcomeOf{response.StatusCode, string(body), err}
}
