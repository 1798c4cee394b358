package trigger_test

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/internal/trigger"
	"github.com/losantmock/losantmock/contract/live"
	"github.com/losantmock/losantmock/contract/secret"
)

// A call that waits for a reply ends after a minute, by a clock that goes on when
// everybody waits.
func TestHowLongACallWaits(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		after  time.Duration
		status int
		body   string
		found  string // fields of findings
	}{
		{"as documented", time.Minute, 504, `{"error":"Time out waiting for workflow reply"}`, ""},
		{"at once", 0, 504, `{"error":"Time out waiting for workflow reply"}`, "time"},
		{"as in 2019", 30 * time.Second, 504, `{"error":"Time out waiting for workflow reply"}`, "time"},
		{"too late", 80 * time.Second, 504, `{"error":"Time out waiting for workflow reply"}`, "time"},
		{"another status", time.Minute, 408, `{"error":"Time out waiting for workflow reply"}`, "status"},
		{"other words", time.Minute, 504, `{"error":"Timeout"}`, "body"},
		{"success", time.Minute, 201, `{"success":true}`, "status body"},
	} {
		synctest.Test(t, func(t *testing.T) {
			client := live.NewLocalClient(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				time.Sleep(c.after)
				w.WriteHeader(c.status)
				_, _ = w.Write([]byte(c.body))
			}), secret.Secret{})
			var found []string
			for _, slow := range trigger.Cases() {
				if !slow.Slow {
					continue
				}
				call := &slow.Calls[0]
				outcome, err := call.Send(t.Context(), client, trigger.Webhook{Token: "token"})
				if err != nil {
					t.Fatal(err)
				}
				findings, _ := call.Judge(outcome)
				for _, f := range findings {
					found = append(found, f.Field)
					if f.Check != contract.CheckTrigger || f.Verdict != contract.Breaks {
						t.Errorf("%s: %+v", c.name, f)
					}
				}
			}
			if got := strings.Join(found, " "); got != c.found {
				t.Errorf("%s: found %q, want %q", c.name, got, c.found)
			}
		})
	}
}
