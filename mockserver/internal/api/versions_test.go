package api_test

import (
	"cmp"
	"fmt"
	"strings"
	"testing"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/mockserver/internal/mocktest"
	"github.com/losantmock/losantmock/scenarios"
)

// arrivals are what a request came to be able to say, each with the version that
// brought it and the response of the version before.
var arrivals = []struct {
	since, request, body string
	before               string // what is refused; blank where nothing was refused
}{
	{"1.24.1", "PATCH " + mocktest.WebhookPath, `{"description":"x"}`, "webhook has additional properties"},
	{"1.3.1", "PATCH " + mocktest.WebhookPath, `{"responseCode":201}`, "webhook has additional properties"},
	{"1.3.1", "PATCH " + mocktest.WebhookPath, `{"verificationType":"fitbit"}`, "webhook has additional properties"},
	{"1.3.10", "PATCH " + mocktest.WebhookPath, `{"verificationType":"twilio"}`, "webhook.verificationType must be an enum value"},
	{"1.9.0", "PATCH " + mocktest.WebhookPath, `{"verificationType":"alexa"}`, "webhook.verificationType must be an enum value"},
	{"1.3.1", "PATCH " + mocktest.WebhookPath, `{"verificationCode":"x"}`, "webhook has additional properties"},
	{"1.4.10", "PATCH " + mocktest.WebhookPath, `{"waitForReply":false}`, "webhook has additional properties"},
	{"1.5.5", "PATCH " + mocktest.WebhookPath, `{"basicAuthUsername":"x","basicAuthPassword":"y"}`, "webhook has additional properties"},
	{"1.26.4", "POST " + mocktest.WebhooksPath, `{"name":"x","isWebsocket":true}`, "webhook has additional properties"},
	{"1.26.9", "PATCH " + mocktest.WebhookPath, `{"castBuffersAs":"hex"}`, "webhook has additional properties"},
	{"1.26.9", "PATCH " + mocktest.WebhookPath, `{"annotateMultipart":true}`, "webhook has additional properties"},
	{"1.28.4", "PATCH " + mocktest.WebhookPath, `{"enabled":true}`, "webhook has additional properties"},

	{"1.1.1", "POST /applications", `{"name":"x","orgId":"` + mocktest.MissingID + `"}`, "application has additional properties"},
	{"1.16.2", "POST /applications", `{"name":"x","applicationTemplateId":"` + mocktest.MissingID + `"}`, "application has additional properties"},
	{"1.17.3", "POST /applications", `{"name":"x","appliedTemplateIds":[]}`, "application has additional properties"},
	{"1.5.5", "PATCH " + applicationPath, `{"endpointSlug":"abcd"}`, "application has additional properties"},
	{"1.5.5", "PATCH " + applicationPath, `{"expUserTokenCutoff":"2016-06-13T04:00:00.000Z"}`, "application has additional properties"},
	{"1.5.5", "PATCH " + applicationPath, `{"endpointDefaultCors":true}`, "application has additional properties"},
	{"1.6.2", "PATCH " + applicationPath, `{"globals":[]}`, "application has additional properties"},
	{"1.8.0", "PATCH " + applicationPath, `{"ftueTracking":[]}`, "application has additional properties"},
	{"1.9.0", "PATCH " + applicationPath, `{"archiveConfig":{}}`, "application has additional properties"},
	{"1.9.0", "POST /applications", `{"name":"x","archiveConfig":{}}`, "application has additional properties"},
	{"1.17.0", "PATCH " + applicationPath, `{"blobUrlTTL":3600}`, "application has additional properties"},

	{"1.9.0", "POST /applications", `{"name":"x","globals":[{"key":"k","json":"` + strings.Repeat("1", 2049) + `"}]}`, "application.globals.0.json has longer length than allowed"},
	{"1.10.0", "PATCH " + applicationPath, `{"globals":[{"key":"k","json":"1","cloudOnly":true}]}`, "application.globals.0 has additional properties"},
	{"1.16.0", "PATCH " + applicationPath, `{"globals":[{"key":"k","json":"1","description":"d"}]}`, "application.globals.0 has additional properties"},
	{"1.23.1", "PATCH " + applicationPath, `{"endpointSlug":"abc"}`, "application.endpointSlug has less length than allowed"},
	{"1.9.3", "POST /applications", archived(`"mode":"all","deviceIds":[],"deviceTags":[]`), "application.archiveConfig has additional properties"},
	{"1.15.1", "POST /applications", archived(`"includeDevices":true,"includeEvents":true,"includeDataTables":true,"dataTablesMode":"all","dataTableIds":[]`), "application.archiveConfig has additional properties"},
	{"1.15.3", "POST /applications", archived(`"azure":{"bucket":"abc","account":"abc","accountKey":"k"}`), "application.archiveConfig has additional properties"},
	{"1.16.1", "POST /applications", archived(`"gcs":{"bucket":"b","projectId":"p","keyJson":"1234"}`), "application.archiveConfig.gcs.keyJson has less length than allowed"},
	{"1.26.0", "POST /applications", archived(`"s3":{"bucket":"b"}`), "application.archiveConfig.s3.accessKeyId is required"},
	{"1.26.0", "POST /applications", archived(`"gcs":{"bucket":"b"}`), "application.archiveConfig.gcs.projectId is required"},
	{"1.26.0", "POST /applications", archived(`"azure":{"bucket":"abc"}`), "application.archiveConfig.azure.account is required"},
	{"1.26.0", "POST /applications", archived(`"credentialName":"c"`), "application.archiveConfig has additional properties"},
	{"1.28.1", "POST /applications", archived(`"delayDays":1`), "application.archiveConfig has additional properties"},
	{"1.28.3", "POST /applications", archived(`"includeApplicationExport":true,"applicationExportOptions":{"credentialName":"c"}`), "application.archiveConfig has additional properties"},
	{"1.28.3", "PATCH " + applicationPath, `{"archiveConfig":null}`, "application.archiveConfig is the wrong type"},
	{"1.29.0", "POST /applications", archived(`"applicationExportOptions":{"credentialName":"c","includePrivateFiles":true}`), "application.archiveConfig.applicationExportOptions has additional properties"},

	{"1.12.2", "POST /auth/user", "{" + credentials + `,"requestedScopes":["all.User"]}`, "credentials has additional properties"},
	{"1.12.2", "POST /auth/user", "{" + credentials + `,"tokenTTL":1}`, "credentials has additional properties"},
	{"1.13.2", "POST /auth/user", "{" + credentials + `,"requestedScopes":["application.search"]}`, unknownScope},
	{"1.20.1", "POST /auth/user", "{" + credentials + `,"requestedScopes":["all.User.cli"]}`, unknownScope},
	{"1.30.0", "POST /auth/user", "{" + credentials + `,"requestedScopes":["all.User.bounded"]}`, unknownScope},
	{"1.30.0", "POST /auth/user", "{" + credentials + `,"requestedScopes":["only.User"]}`, unknownScope},

	{"1.11.0", "GET " + mocktest.WebhooksPath + "?sortField=lastUpdated", "", "sortField must be an enum value"},
	{"1.11.0", "GET /applications?sortField=lastUpdated", "", "sortField must be an enum value"},
}

const unknownScope = "credentials.requestedScopes.0 no (or more than one) schemas match"

// archived returns the body of a create with some members of archiveConfig.
func archived(members string) string { return `{"name":"x","archiveConfig":{` + members + `}}` }

// limits are requests that are refused since a version, and were not before. A blank
// body is the least that the method needs.
var limits = []struct{ since, request, body, message string }{
	{"1.9.3", "PATCH " + applicationPath, `{"endpointSlug":"snake_case"}`, "application.endpointSlug pattern mismatch"},
	{"1.9.3", "PATCH " + applicationPath, `{"endpointSlug":"` + strings.Repeat("a", 64) + `"}`, "application.endpointSlug has longer length than allowed"},
	{"1.16.2", "PATCH " + applicationPath, `{"description":"` + strings.Repeat("d", 1025) + `"}`, "application.description has longer length than allowed"},
	{"1.16.2", "PATCH " + applicationPath, `{"globals":[{"key":"k","json":"1","description":"` + strings.Repeat("d", 1025) + `"}]}`, "application.globals.0.description has longer length than allowed"},
	{"1.22.0", "POST /applications", archived(`"directory":"` + strings.Repeat("d", 256) + `"`), "application.archiveConfig.directory has longer length than allowed"},
	{"1.22.0", "POST /applications", archived(`"s3":{"bucket":"b","accessKeyId":"abc","secretAccessKey":"abcd","region":"r"}`), "application.archiveConfig.s3.accessKeyId has less length than allowed"},
	{"1.26.9", "POST /auth/user", "{" + credentials + `,"requestedScopes":["org.chargeDetails"]}`, unknownScope},
	{"1.29.4", "POST /auth/user", "{" + credentials + `,"requestedScopes":["devices.detailedSummary"]}`, unknownScope},
	{"1.14.0", "GET /applications?summaryInclude[]=x", "", "summaryInclude is the wrong type"},
	{"1.14.0", "GET " + applicationPath + "?summaryExclude[]=x", "", "summaryExclude is the wrong type"},
	{"1.14.1", "PATCH " + applicationPath + "?summaryExclude[]=x", "", "summaryExclude is the wrong type"},
	{"1.14.1", "POST /applications?summaryInclude[]=x", "", "summaryInclude is the wrong type"},
	{"1.19.0", "DELETE " + mocktest.WebhookPath + "?includeWorkflows[]=x", "", "includeWorkflows is the wrong type"},
}

func TestWhatCameWhen(t *testing.T) {
	t.Parallel()
	for _, c := range arrivals {
		t.Run(c.since+" "+c.request+" "+c.body, func(t *testing.T) {
			t.Parallel()
			send(t, before(t, c.since), c.request, c.body, 400, mocktest.Validation(c.before))
			send(t, c.since, c.request, c.body, 0, "")
		})
	}
	for _, c := range limits {
		t.Run(c.since+" "+c.request, func(t *testing.T) {
			t.Parallel()
			method, _, _ := strings.Cut(c.request, " ")
			body := cmp.Or(c.body, map[string]string{"POST": `{"name":"x"}`, "PATCH": "{}"}[method])
			send(t, before(t, c.since), c.request, body, 0, "")
			send(t, c.since, c.request, body, 400, mocktest.Validation(c.message))
		})
	}
}

// What a version changed in responses, in the definition at GET /, or in what
// tokens may do.
func TestWhatResponsesCameToSay(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ since, request, was, is string }{
		{"1.18.0", "GET " + mocktest.WebhooksPath, `"perPage":1000`, `"perPage":100,`},
		{"1.3.8", "GET /", `"token":{"type":"string"},"responseCode"`, `"token":{"type":"string","minLength":1},"responseCode"`},
		{"1.15.2", "GET /", `"sortDirection":{"type":"string","enum":["asc","desc"]}`, `"sortDirection":{"type":"string","enum":["asc","desc","ASC","DESC",""]}`},
		{"1.13.0", "GET /", `"params":[],"authGroups"`, `"params":[{"name":"losantdomain"`},
		{"1.18.1", "GET /", `"auth":["webhook.delete"],"responses"`, `"params":[{"name":"includeWorkflows","in":"query"`},
		{"1.19.0", "GET /", `workflows that use the webhook too","required":false}`, `workflows that use the webhook too","type":"string","required":false,"example":true}`},
		{"1.20.1", "GET /", `"all.Application":[`, `"all.Application.cli":["application.get","application.patch"]`},
		{"1.14.1", "GET " + applicationPath, `"summary":{`, `"storageStats":{"count":0,"size":0}`},
		{"1.26.2", "GET " + applicationPath, `"credentialCount":0`, `"payloadCount":{"dataTable":{}`},
		{"1.29.0", "GET " + applicationPath, `"payloadCount":{`, `"privateFileCount":0`},
		{"1.22.0", "GET /", `"deviceCount":{"type":"number"}`, `"deviceCount":{"type":"integer"}`},
		{"1.18.0", "GET /", `"token":{"type":"string","minLength":1}}`, `"needsToVerifyEmail":{"type":"boolean"}`},
		{"1.30.0", "GET /", `"all.User":[`, `"only.Organization.read":["applications.get"]`},
	} {
		t.Run(c.since+" "+c.is, func(t *testing.T) {
			t.Parallel()
			for version, want := range map[string]string{before(t, c.since): c.was, c.since: c.is} {
				a := mocktest.Send(t, at(t, version).URL, c.request, "")
				if !strings.Contains(a.Body, want) || version != c.since && strings.Contains(a.Body, c.is) {
					t.Errorf("%s has not %s, or has %s too early: %.2000s", version, want, c.is, a.Body)
				}
			}
		})
	}
}

// before returns the version before another one: the client's history has no other
// between the two.
func before(t *testing.T, version string) string {
	t.Helper()
	v, err := contract.ParseVersion(version)
	if err != nil {
		t.Fatal(err)
	}
	if v.Patch > 0 {
		return fmt.Sprintf("%d.%d.%d", v.Major, v.Minor, v.Patch-1)
	}
	return fmt.Sprintf("%d.%d.%d", v.Major, v.Minor-1, 99)
}

// at starts a server of a version of the API.
func at(t *testing.T, version string) *mockserver.TestServer {
	t.Helper()
	return mockserver.Start(t, mockserver.WithWorld(&scenarios.Scenario{
		API:  scenarios.API{Version: version},
		Auth: scenarios.Auth{Users: []scenarios.User{{Email: "dev@example.com", Password: "correct horse battery"}}},
		Applications: []scenarios.Application{{
			ID: mocktest.ApplicationID, Name: "a", Webhooks: []scenarios.Webhook{{ID: mocktest.WebhookID, Name: "w"}},
		}},
	}))
}

// send sends a request to a server of a version; a status of 0 is that of any
// success.
func send(t *testing.T, version, request, body string, status int, want string) {
	t.Helper()
	a := mocktest.Send(t, at(t, version).URL, request, body, mocktest.SendsJSON)
	if a.Status != status && (status != 0 || a.Status > 299) || want != "" && a.Body != want {
		t.Errorf("%s: %d %s, want %d %s", version, a.Status, a.Body, status, want)
	}
}
