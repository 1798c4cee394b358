package api_test

import (
	"compress/gzip"
	"io"
	"strings"
	"testing"

	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/mockserver/internal/mocktest"
	"github.com/losantmock/losantmock/scenarios"
)

// What was rendered or compressed for one response is never sent in place of what another
// request is to get.
func TestAResponseThatIsKeptIsNotStale(t *testing.T) {
	t.Parallel()
	const reads, writes = "Authorization: Bearer reads", "Authorization: Bearer any"
	const other = "575ed78e7ae143cd83dc4aac"
	for _, pedantic := range []*scenarios.Pedantic{nil, {Seed: new(uint64(1))}} {
		srv := mockserver.Start(t, mockserver.WithWorld(&scenarios.Scenario{
			Pedantic: pedantic,
			Auth:     scenarios.Auth{Tokens: []scenarios.Token{{Token: "reads", Scopes: []string{"webhook.get", "webhooks.get"}}, {Token: "any", Scopes: []string{"all.Application"}}}},
			Applications: []scenarios.Application{{
				ID: mocktest.ApplicationID, Name: "A", Webhooks: []scenarios.Webhook{{ID: mocktest.WebhookID, Name: "First"}, {ID: other, Name: "Zero"}},
			}},
		}))
		get := func(target string, header ...string) string {
			t.Helper()
			plain := mocktest.Send(t, srv.URL, "GET "+target, "", header...)
			packed := mocktest.Send(t, srv.URL, "GET "+target, "", append(header, "Accept-Encoding: gzip")...)
			z, err := gzip.NewReader(strings.NewReader(packed.Body))
			if err != nil {
				t.Fatalf("%s: %v", target, err)
			}
			text, err := io.ReadAll(z)
			if err != nil {
				t.Fatalf("%s: %v", target, err)
			}
			if pedantic == nil && string(text) != plain.Body {
				t.Errorf("%s: %s, and with gzip %s", target, plain.Body, text)
			}
			return strings.ReplaceAll(plain.Body+string(text), `": `, `":`) // a pedantic world has blanks there
		}
		for _, name := range []string{"First", "Second", "Third"} {
			if name != "First" {
				if a := mocktest.Send(t, srv.URL, "PATCH "+mocktest.WebhookPath, `{"name":"`+name+`"}`, mocktest.SendsJSON, writes); a.Status != 200 {
					t.Fatalf("%d %s", a.Status, a.Body)
				}
			}
			for range 2 {
				if got := get(mocktest.WebhooksPath+"/"+other, writes); strings.Count(got, `"name":"Zero"`) != 2 {
					t.Errorf("the other webhook: %s", got)
				}
				for _, target := range []string{mocktest.WebhookPath, mocktest.WebhooksPath, mocktest.WebhooksPath + "?perPage=1"} {
					if got := get(target, writes); strings.Count(got, `"name":"`+name+`"`) != 2 || !strings.Contains(got, `"patch"`) && !strings.Contains(got, `"post"`) {
						t.Errorf("%s, which is named %s: %s", target, name, got)
					}
					if got := get(target, reads); strings.Contains(got, `"patch"`) || strings.Contains(got, `"post"`) {
						t.Errorf("%s by a token that only reads: %s", target, got)
					}
					if got := get(target+"?_actions=false", writes); !strings.Contains(target, "?") && strings.Contains(got, "_actions") {
						t.Errorf("%s without actions: %s", target, got)
					}
				}
			}
		}
		if a := mocktest.Send(t, srv.URL, "DELETE "+mocktest.WebhookPath, "", writes); a.Status != 200 {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
		if a := mocktest.Send(t, srv.URL, "GET "+mocktest.WebhookPath, "", writes); a.Status != 404 {
			t.Errorf("a webhook that was deleted: %d %s", a.Status, a.Body)
		}
	}
}
