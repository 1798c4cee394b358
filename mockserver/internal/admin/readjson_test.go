package admin_test

import (
	"strings"
	"testing"

	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/mockserver/internal/mocktest"
)

// An order to the admin API is one JSON value with known members. What is wrong in
// it is said in words of JSON, and not in those of a program.
func TestOrdersAreReadToTheirEnd(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	for _, call := range []string{"POST /__admin/requests/wait", "POST /__admin/replies/x", "POST /__admin/clock", "POST /__admin/tokens", "POST /__admin/sandboxes", "PATCH /__admin/faults/x", "POST /__admin/faults", "POST /__admin/requests/count"} {
		for _, body := range []string{
			`{} {}`, `{}x`, `{}]`, `{"bogus":1}`, `[]`, `"x"`, `1`, `{"count":"x"}`, `{"timeout":[]}`, `{"exactly":1.5}`, `{"status":{}}`, `{"headers":{"a":1}}`,
			`{"now":1}`, `{"advance":{}}`, `{"scopes":"x"}`, `{"scopes":[1]}`, `{"name":1}`, `{"disabled":"x"}`, `{`,
		} {
			a := mocktest.Send(t, srv.URL, call, body, mocktest.SendsJSON)
			if a.Status != 422 && a.Status != 400 {
				t.Errorf("%s %s: %d %s", call, body, a.Status, a.Body)
			}
			for _, leak := range []string{"Go ", "json:", "struct", "admin.", "map[", "interface", "int64", "EOF"} {
				if strings.Contains(a.Body, leak) {
					t.Errorf("%s %s: %s", call, body, a.Body)
				}
			}
		}
	}
}
