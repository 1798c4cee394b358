package api_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/mockserver/internal/mocktest"
	"github.com/losantmock/losantmock/scenarios"
)

const applicationPath = "/applications/" + mocktest.ApplicationID

// The properties of an application's creation and change, but for the name, the
// owner and the template: those in front of the summary, and the one behind it.
const (
	plain = `"description":"d","endpointSlug":"plant-one","expUserTokenCutoff":"2016-06-13T04:00:00.000Z","endpointDefaultCors":false,` +
		`"globals":[{"cloudOnly":true,"description":"<&>","json":"\"one\"","key":"site"}],"blobUrlTTL":3600.5`
	archive = `"archiveConfig":{"azure":{"bucket":"abc"},"dataTableIds":[],"deviceTags":[{"key":"floor","value":"1"}],"mode":"whitelist",` +
		`"s3":{"accessKeyId":"awsAccessKey","bucket":"bucketName","region":"us-west-1","secretAccessKey":"awsSecretKey"}}`
	documented = plain + "," + archive
)

func TestApplicationsKeepEveryProperty(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	body := `{"name":"Plant","appliedTemplateIds":["` + mocktest.MissingID + `"],"applicationTemplateId":"` + mocktest.MissingID + `",` + documented + `}`
	created := mocktest.Send(t, srv.URL, "POST /applications?_actions=no&_links=no", body, mocktest.SendsJSON)
	if created.Status != 201 {
		t.Fatalf("%d %s", created.Status, created.Body)
	}
	path := "/applications/" + mocktest.Decode[mocktest.ListItem](t, created).ID
	sent, kept := mocktest.Decode[map[string]any](t, mocktest.Response{Body: body}), mocktest.Decode[map[string]any](t, created)
	delete(sent, "applicationTemplateId")
	for name, want := range sent {
		if diff := cmp.Diff(want, kept[name]); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	mocktest.Case{Request: "GET " + path + "?_actions=no&_links=no", Status: 200, Want: created.Body}.Run(t, srv)
	if !strings.Contains(created.Body, `"name":"Plant",`+plain+`,"summary":{`) || !strings.Contains(created.Body, "},"+archive+`,"_type":`) {
		t.Errorf("properties stand in another order than the schema's: %s", created.Body)
	}

	changed := mocktest.Decode[map[string]any](t, mocktest.Send(t, srv.URL, "PATCH "+path, `{"archiveConfig":null,"ftueTracking":[{"name":"a","version":1.5,"status":"skipped"}]}`, mocktest.SendsJSON))
	if changed["archiveConfig"] != nil || changed["ftueTracking"] == nil || changed["endpointSlug"] != "plant-one" {
		t.Errorf("changed into %v", changed)
	}
	mocktest.Case{Request: "PATCH " + path, Body: "{" + documented + "}", Header: []string{mocktest.SendsJSON}, Status: 200}.Run(t, srv)
}

func TestApplicationsAreChecked(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	long := strings.Repeat("x", 1025)
	for _, c := range []struct{ property, what string }{
		{`"name":""`, "application.name has less length than allowed"},
		{`"description":"` + long + `"`, "application.description has longer length than allowed"},
		{`"endpointSlug":"ab"`, "application.endpointSlug has less length than allowed"},
		{`"endpointSlug":"Abc"`, "application.endpointSlug pattern mismatch"},
		{`"expUserTokenCutoff":"now"`, "application.expUserTokenCutoff must be date-time format"},
		{`"endpointDefaultCors":"true"`, "application.endpointDefaultCors is the wrong type"},
		{`"globals":[{"key":"a"}]`, "application.globals.0.json is required"},
		{`"globals":[{"key":"a","json":"1","more":1}]`, "application.globals.0 has additional properties"},
		{`"globals":[{"key":"a","json":"1"},{"key":"ä","json":"1"}]`, "application.globals.1.key pattern mismatch"},
		{`"globals":[` + strings.Repeat(`{"key":"a","json":"1"},`, 100) + `{"key":"a","json":"1"}]`, "application.globals has more items than allowed"},
		{`"blobUrlTTL":3599.9`, "application.blobUrlTTL is less than minimum"},
		{`"blobUrlTTL":604801`, "application.blobUrlTTL is more than maximum"},
		{`"summary":{}`, "application has additional properties"},
		{`"ownerId":"` + mocktest.MissingID + `"`, "application has additional properties"},
	} {
		mocktest.Case{Request: "PATCH " + applicationPath, Body: "{" + c.property + "}", Header: []string{mocktest.SendsJSON}, Status: 400, Want: mocktest.Validation(c.what)}.Run(t, srv)
		if !strings.HasPrefix(c.property, `"name"`) {
			c.property = `"name":"x",` + c.property
		}
		mocktest.Case{Request: "POST /applications", Body: "{" + c.property + "}", Header: []string{mocktest.SendsJSON}, Status: 400, Want: mocktest.Validation(c.what)}.Run(t, srv)
	}
	for request, c := range map[string][2]string{
		"POST /applications":       {`{"description":5}`, "application.name is required"},
		"POST /applications?a":     {`{"name":"x","orgId":"x"}`, "application.orgId pattern mismatch"},
		"POST /applications?b":     {`{"name":"x","applicationTemplateId":"x"}`, "application.applicationTemplateId pattern mismatch"},
		"POST /applications?c":     {`{"name":"x","appliedTemplateIds":["x"]}`, "application.appliedTemplateIds.0 pattern mismatch"},
		"POST /applications?d":     {`{"name":"x","archiveConfig":null}`, "application.archiveConfig is the wrong type"},
		"POST /applications?e":     {`{"name":"x","archiveConfig":{"delayDays":0}}`, "application.archiveConfig.delayDays is less than minimum"},
		"POST /applications?f":     {`{"name":"x","archiveConfig":{"s3":{}}}`, "application.archiveConfig.s3.bucket is required"},
		"PATCH " + applicationPath: {`{"archiveConfig":{"mode":"some"}}`, "application.archiveConfig no (or more than one) schemas match"},
		"PATCH " + applicationPath + "?a": {
			`{"ftueTracking":[{"name":"a","version":1,"status":"seen"}]}`, "application.ftueTracking.0.status must be an enum value"},
		"PATCH " + applicationPath + "?b": {`{"orgId":"` + mocktest.MissingID + `"}`, "application has additional properties"},
	} {
		mocktest.Case{Request: request, Body: c[0], Header: []string{mocktest.SendsJSON}, Status: 400, Want: mocktest.Validation(c[1])}.Run(t, srv)
	}
}

func TestApplicationsByOwner(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t, mockserver.WithWorld(&scenarios.Scenario{Applications: []scenarios.Application{{Name: "Mine"}}}))
	const org = "575ecdf07ae143cd83dc4a9a"
	made := mocktest.Decode[map[string]any](t, mocktest.Send(t, srv.URL, "POST /applications", `{"name":"Ours","orgId":"`+org+`"}`, mocktest.SendsJSON))
	if made["ownerId"] != org || made["ownerType"] != "organization" {
		t.Errorf("made %v", made)
	}
	for query, want := range map[string][]string{
		"": {"Mine", "Ours"}, "orgId=": {"Mine"}, "orgId=" + org: {"Ours"}, "orgId=" + strings.ToUpper(org): {"Ours"}, "orgId=" + mocktest.MissingID: nil,
		"orgId=&filterField=name&filter=o*": nil, "orgId=" + org + "&filterField=name&filter=o*": {"Ours"}, "filterField=name&filter=*s": {"Ours"},
	} {
		l := mocktest.Decode[mocktest.List](t, mocktest.Send(t, srv.URL, "GET /applications?"+query, ""))
		if !slices.Equal(l.Names(), want) || l.TotalCount != len(want) {
			t.Errorf("%s: %q of %d, want %q", query, l.Names(), l.TotalCount, want)
		}
	}
	mocktest.Case{Request: "GET /applications?orgId=x", Status: 400, Want: mocktest.Validation("orgId pattern mismatch")}.Run(t, srv)
}

// An application without an owner has the same one after a reset, also where no
// user of the scenario has an id.
func TestTheOwnerOutlastsAReset(t *testing.T) {
	t.Parallel()
	for _, users := range [][]scenarios.User{nil, {{Email: "a@example.com", Password: "a password"}}} {
		srv := mockserver.Start(t, mockserver.WithWorld(&scenarios.Scenario{
			Auth: scenarios.Auth{Users: users}, Applications: []scenarios.Application{{Name: "a"}},
		}))
		before := srv.Applications()[0].OwnerID
		srv.Reset()
		if after := srv.Applications()[0].OwnerID; after != before || before == "" {
			t.Errorf("%v: the owner was %q and is %q", users, before, after)
		}
	}
}

func TestSummaries(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	summary := func(request, body string) map[string]any {
		a := mocktest.Send(t, srv.URL, request, body, mocktest.SendsJSON)
		fields := mocktest.Decode[map[string]any](t, a)
		if items, list := fields["items"].([]any); list {
			fields = items[0].(map[string]any)
		}
		counts, ok := fields["summary"].(map[string]any)
		if !ok {
			t.Fatalf("%s: %d %s", request, a.Status, a.Body)
		}
		return counts
	}
	whole := summary("GET "+applicationPath, "")
	if len(whole) != 27 || whole["webhookCount"] != 1.0 || whole["deviceCount"] != 0.0 || len(whole["payloadCount"].(map[string]any)) != 19 {
		t.Errorf("the whole summary is %v", whole)
	}
	for _, c := range []struct{ request, body string }{
		{"GET " + applicationPath, ""}, {"GET /applications", ""}, {"PATCH " + applicationPath, "{}"}, {"POST /applications", `{"name":"x"}`},
	} {
		if got := summary(c.request+"?summaryInclude=webhookCount,+keyCount,nothing&summaryExclude=keyCount", c.body); len(got) != 1 || got["webhookCount"] == nil {
			t.Errorf("%s: %v", c.request, got)
		}
		if got := summary(c.request+"?summaryExclude=payloadCount,storageStats&summaryInclude=", c.body); len(got) != 25 || got["payloadCount"] != nil {
			t.Errorf("%s: %v", c.request, got)
		}
	}
	mocktest.Case{Request: "GET " + applicationPath + "?summaryInclude=a&summaryInclude=b", Status: 400, Want: mocktest.Validation("summaryInclude is the wrong type")}.Run(t, srv)
}

func TestTheLinksOfAnApplication(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	href := func(rel, path string) string { return `"` + rel + `":{"href":"` + path + `"}` }
	links := strings.Join([]string{
		href("applicationKeys", applicationPath+"/keys"), href("applications", "/applications"), href("data", applicationPath+"/data"),
		href("deviceRecipes", applicationPath+"/device-recipes"), href("devices", applicationPath+"/devices"),
		href("events", applicationPath+"/events"), href("flows", applicationPath+"/flows"), href("webhooks", applicationPath+"/webhooks"),
		href("self", applicationPath),
	}, ",")
	action := func(name, method, params string) string {
		return `"` + name + `":{"href":"` + applicationPath + `","method":"` + method + `"` + params + `}`
	}
	actions := action("delete", "DELETE", "") + "," + action("get", "GET", `,"params":["0","1"]`) + "," + action("patch", "PATCH", `,"params":["0","1","2"]`)
	for scope, want := range map[string]string{
		"all.Application":     `"_type":"application","_actions":{` + actions + `},"_links":{` + links + `}}`,
		"all.Application.cli": `"_type":"application","_actions":{` + strings.TrimPrefix(actions, action("delete", "DELETE", "")+",") + `},"_links":{` + href("self", applicationPath) + `}}`,
	} {
		a := mocktest.Send(t, srv.URL, "GET "+applicationPath, "", "Authorization: Bearer "+srv.Token(scope))
		if !strings.HasSuffix(a.Body, want) {
			t.Errorf("%s\n got %s\nwant the end %s", scope, a.Body, want)
		}
	}
}

// A deleted application takes its webhooks with it: their ids, their URLs, and
// the names in what is listed.
func TestDeletedApplications(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	other := mocktest.Decode[mocktest.ListItem](t, mocktest.Send(t, srv.URL, "POST /applications", `{"name":"other"}`, mocktest.SendsJSON)).ID
	mocktest.Case{Request: "DELETE " + applicationPath + "?summaryInclude=x&summaryInclude=y", Status: 200, Want: `{"success":true}`}.Run(t, srv)
	for _, c := range []mocktest.Case{
		{Request: "DELETE " + applicationPath, Status: 404, Want: mocktest.NoApplication},
		{Request: "GET " + applicationPath, Status: 404, Want: mocktest.NoApplication},
		{Request: "GET " + mocktest.WebhooksPath, Status: 404, Want: mocktest.NoApplication},
		{Request: "GET " + mocktest.WebhookPath, Status: 404, Want: mocktest.NoWebhook},
		{Request: "POST /webhooks/the_webhook_token", Status: 404},
		{Request: "GET /applications/" + other, Status: 200},
	} {
		c.Run(t, srv)
	}
	if l := mocktest.Decode[mocktest.List](t, mocktest.Send(t, srv.URL, "GET /applications", "")); !slices.Equal(l.Names(), []string{"other"}) {
		t.Errorf("listed are %q", l.Names())
	}
	if triggers := srv.Triggers().All(); len(triggers) != 0 {
		t.Errorf("the webhook has fired: %v", triggers)
	}
	// Its ids and tokens are free again.
	srv.AddApplication(scenarios.Application{ID: mocktest.ApplicationID, Name: "again", Webhooks: []scenarios.Webhook{{ID: mocktest.WebhookID, Name: "w", Token: "the_webhook_token"}}})
	mocktest.Case{Request: "GET " + mocktest.WebhookPath, Status: 200}.Run(t, srv)
}
