package suite_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/suite"
)

func observed(body string) []suite.Observed {
	e := &contract.Exchange{Method: http.MethodGet, URL: &url.URL{Path: "/x"}, Status: http.StatusOK, Body: []byte(body)}
	return []suite.Observed{{Title: "reading", Exchange: e}}
}

// Differences show no secret, and which secrets are the same.
func TestDifferencesShowPlaceholders(t *testing.T) {
	t.Parallel()
	got := suite.Differences(
		observed(`{"a":{"basicAuthPassword":"canary-1"},"b":{"basicAuthPassword":"canary-2"},"verificationCode":"canary-3","basicAuthUsername":"","name":"x"}`),
		observed(`{"a":{"basicAuthPassword":"canary-2"},"b":{"basicAuthPassword":null},"verificationCode":"canary-4","basicAuthUsername":"canary-5","name":"y"}`))
	want := []suite.Difference{
		{Field: "$.a.basicAuthPassword", A: "PASSWORD-1", B: "PASSWORD-2"},
		{Field: "$.b.basicAuthPassword", A: "PASSWORD-2", B: "null"},
		{Field: "$.basicAuthUsername", A: `""`, B: "USER-1"},
		{Field: "$.name", A: `"x"`, B: `"y"`},
		{Field: "$.verificationCode", A: "CODE-1", B: "CODE-2"},
	}
	for i := range want {
		want[i].Case, want[i].Request = "reading", "GET /x"
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
