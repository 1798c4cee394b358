package mockserver

import (
	"fmt"
	"strings"
	"testing"

	"github.com/losantmock/losantmock/contract"
)

// A handler that panics is answered and recorded, whichever it is, and leaves
// the server well.
func TestPanicsAreAnsweredAndRecorded(t *testing.T) {
	t.Parallel()
	const app = "/applications/575ec8687ae143cd83dc4a97"
	requests := map[string][3]string{
		"applications.get":      {"GET", "/applications"},
		"applications.post":     {"POST", "/applications", `{"name":"x"}`},
		"application.delete":    {"DELETE", app},
		"application.get":       {"GET", app},
		"application.patch":     {"PATCH", app, `{"name":"x"}`},
		"webhooks.get":          {"GET", app + "/webhooks"},
		"webhooks.post":         {"POST", app + "/webhooks", `{"name":"x"}`},
		"webhook.get":           {"GET", app + "/webhooks/575ed78e7ae143cd83dc4aab"},
		"webhook.patch":         {"PATCH", app + "/webhooks/575ed78e7ae143cd83dc4aab", `{"name":"x"}`},
		"webhook.delete":        {"DELETE", app + "/webhooks/575ed78e7ae143cd83dc4aab"},
		"auth.authenticateUser": {"POST", "/auth/user", `{"email":"dev@example.com","password":"correct horse battery"}`},
		"trigger":               {"POST", "/webhooks/the_webhook_token", "x"},
	}
	for _, resource := range contract.AtNewest().Resources {
		for _, op := range resource.Actions {
			if _, known := requests[op.Name]; !known {
				t.Errorf("there is no request for %s", op.Name)
			}
		}
	}
	s, err := New()
	if err != nil {
		t.Fatal(err)
	}
	e := s.base.Era()
	tokens, triggers := e.State.Tokens, e.Triggers.Journal
	for operation, r := range requests {
		e.State.Tokens, e.Triggers.Journal = nil, nil // what a bug in a step would come to
		answer := request(s, r[0], r[1], r[2])
		e.State.Tokens, e.Triggers.Journal = tokens, triggers
		if answer.Code != 500 || !strings.Contains(answer.Body.String(), "Internal server error") {
			t.Errorf("%s: %d %s", operation, answer.Code, answer.Body)
		}
		all := s.Requests().All()
		recorded := all[len(all)-1]
		if recorded.Status != 500 || recorded.Panic == "" || recorded.Operation != operation {
			t.Errorf("%s is recorded as %+v", operation, recorded)
		}
		for range 1000 {
			if answer := request(s, "GET", app+"/webhooks", ""); answer.Code != 200 {
				t.Fatalf("after %s: %d %s", operation, answer.Code, answer.Body)
			}
		}
	}
	t.Attr("X12", fmt.Sprintf("%d operations, each answered, recorded and followed by 1,000 good answers", len(requests)))
}

// A panic on the way to a step is recorded as well.
func TestPanicsOutsideTheStepsAreRecorded(t *testing.T) {
	t.Parallel()
	s, err := New()
	if err != nil {
		t.Fatal(err)
	}
	s.base.Era().State.Store = nil // what a bug would come to
	for i, target := range []string{"/applications", "/webhooks/the_webhook_token"} {
		if got := request(s, "GET", target, ""); got.Code != 500 {
			t.Errorf("%s: %d", target, got.Code)
		}
		all := s.Requests().All()
		if len(all) != i+1 || all[i].Target != target || all[i].Status != 500 || all[i].Panic == "" {
			t.Errorf("recorded as %+v", all)
		}
	}
}
