package suite_test

import (
	"bytes"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/losantmock/losantmock/cmd/lab/size"
	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/report"
	"github.com/losantmock/losantmock/contract/suite"
	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/scenarios"
)

// legal are variations that break nothing, each with the verdict of a run.
var legal = []struct {
	name    string
	tell    wrapper
	verdict contract.Verdict
}{
	{"optional properties are absent", changed(all, good(func(_ *http.Request, a *altered) {
		things := append(a.items(), a.fields)
		for _, thing := range things {
			fields := thing.(object)
			for _, name := range []string{"webhookId", "lastUpdated", "ownerId", "ownerType", "summary"} {
				delete(fields, name)
			}
			if fields["responseCode"] == 200.0 {
				delete(fields, "responseCode")
			}
			if fields["items"] != nil {
				delete(fields, "applicationId")
			}
		}
	})), contract.News},
	{"ids in capitals where webhooks are made, and Allow in several fields", func(next http.Handler) http.Handler {
		return changed(all, func(r *http.Request, a *altered) {
			if creates(r) {
				capitals(a.fields)
			}
			if allow := a.header.Get("Allow"); allow != "" {
				a.header["Allow"] = strings.Split(allow, ", ")
			}
		})(next)
	}, contract.Conforms},
	{"optional properties are absent everywhere", changed(all, good(func(_ *http.Request, a *altered) {
		for _, thing := range append(a.items(), a.fields) {
			for _, name := range []string{"webhookId", "lastUpdated", "responseCode", "description"} {
				delete(thing.(object), name)
			}
		}
	})), contract.News},
	{"content types in another case", changed(all, func(_ *http.Request, a *altered) {
		if a.header.Get("Content-Type") == "application/json" {
			a.header.Set("Content-Type", `Application/JSON; Charset="UTF-8"`)
		}
	}), contract.Conforms},
	{"ids in capitals in lists", changed(listing, good(func(_ *http.Request, a *altered) {
		for _, item := range a.items() {
			capitals(item.(object))
		}
	})), contract.Conforms},
	{"pages of less than 1000", changed(func(r *http.Request) bool { return len(r.URL.Query().Get("perPage")) > 3 }, func(_ *http.Request, a *altered) {
		a.fail(400, "Validation", "perPage is more than maximum")
	}), contract.News},
	{"a proxy that refuses markup", changed(all, func(_ *http.Request, a *altered) {
		if bytes.Contains(a.sent, []byte(`\u003cb\u003e`)) {
			a.status, a.raw, a.header = 403, []byte("<h1>Forbidden</h1>"), http.Header{"Content-Type": {"text/html"}}
		}
	}), contract.CouldNotCheck},
	{"no description of the API", changed(atRoot, func(_ *http.Request, a *altered) {
		a.status, a.raw, a.header = 404, []byte("<h1>Not found</h1>"), http.Header{"Content-Type": {"text/html"}}
	}), contract.News},
}

// capitals writes the ids of a webhook in capitals.
func capitals(fields object) {
	for name, value := range maps.Clone(fields) {
		if id, isText := value.(string); isText && strings.HasSuffix(strings.ToLower(name), "id") {
			fields[name] = strings.ToUpper(id)
		}
	}
}

// What HTTP and the schemas allow, and what stands between, breaks nothing.
func TestWhatIsLegalBreaksNothing(t *testing.T) {
	size.SkipUnderRace(t)
	t.Parallel()
	for i := 0; i < len(legal); i += size.Of(2, 1, 1) {
		t.Run(strings.ReplaceAll(legal[i].name, " ", "_"), func(t *testing.T) {
			t.Parallel()
			result := told(t, lie{tell: legal[i].tell})
			if result.Verdict != legal[i].verdict || len(breaks(result)) > 0 || len(result.LeftBehind) > 0 {
				t.Errorf("want %s: %s", legal[i].verdict, text(result))
			}
		})
	}
}

// A token of webhooks alone is enough, to write too. What it may not see of
// applications is not tried.
func TestATokenOfWebhooksAloneIsEnough(t *testing.T) {
	size.SkipUnderRace(t)
	t.Parallel()
	world := &scenarios.Scenario{Applications: []scenarios.Application{{ID: app, Name: "My Application"}}}
	world.Auth.Mode = scenarios.AuthStrict
	world.Auth.Tokens = []scenarios.Token{{Token: "webhooks", Scopes: []string{"webhooks.*", "webhook.*"}}}
	server, err := mockserver.New(mockserver.WithWorld(world))
	if err != nil {
		t.Fatal(err)
	}
	s := &suite.Suite{Client: client(t, serve(t, server).URL, "webhooks"), ApplicationID: app, Write: true}
	result := s.Run(t.Context())
	if result.Verdict != contract.Conforms || result.Requests < 500 {
		t.Errorf("%s", text(result))
	}
	i := slices.IndexFunc(result.Coverage, func(row report.Coverage) bool { return row.Operation == contract.OperationApplicationGet })
	if reason := result.Coverage[i].Reason; !strings.Contains(reason, "the token may not read the application") {
		t.Errorf("the application was not read: %s", reason)
	}
}
