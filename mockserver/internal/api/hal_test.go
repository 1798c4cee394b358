package api_test

import (
	"strings"
	"testing"

	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/mockserver/internal/mocktest"
)

// fields is the webhook of the scenario "default" as every response begins it.
const fields = `{"id":"` + mocktest.WebhookID + `","webhookId":"` + mocktest.WebhookID + `","applicationId":"` + mocktest.ApplicationID + `",` +
	`"creationDate":"2016-06-13T04:00:00.000Z","lastUpdated":"2016-06-13T04:00:00.000Z",` +
	`"name":"My Webhook","description":"","token":"the_webhook_token","responseCode":200,"verificationType":"none","verificationCode":"",` +
	`"waitForReply":false,"basicAuthUsername":"","basicAuthPassword":"","isWebsocket":false,` +
	`"castBuffersAs":"array","annotateMultipart":false,"enabled":true,"_type":"webhook"`

const (
	getAction    = `"get":{"href":"` + mocktest.WebhookPath + `","method":"GET"}`
	deleteAction = `"delete":{"href":"` + mocktest.WebhookPath + `","method":"DELETE","params":["0"]}`
	patchAction  = `"patch":{"href":"` + mocktest.WebhookPath + `","method":"PATCH","params":["0"]}`
	upLinks      = `"application":{"href":"/applications/` + mocktest.ApplicationID + `"},"webhooks":{"href":"` + mocktest.WebhooksPath + `"},`
	selfLink     = `"self":{"href":"` + mocktest.WebhookPath + `"}`
)

func hal(actions, links string) string {
	return fields + `,"_actions":{` + actions + `},"_links":{` + links + `}}`
}

func TestResponsesByteForByte(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	listActions := `"_actions":{"get":{"href":"` + mocktest.WebhooksPath + `","method":"GET","params":["0","1","2","3","4","5"]},"post":{"href":"` + mocktest.WebhooksPath + `","method":"POST","params":["0"]}}`
	listLinks := `"_links":{"application":{"href":"/applications/` + mocktest.ApplicationID + `"},"self":{"href":"` + mocktest.WebhooksPath + `"}}`
	whole := hal(deleteAction+","+getAction+","+patchAction, upLinks+selfLink)
	head := `{"count":1,"items":[` + whole + `],"applicationId":"` + mocktest.ApplicationID + `","perPage":1,"page":0,"sortField":"name","sortDirection":"asc",`
	tail := `"totalCount":1,"_type":"webhooks",` + listActions + "," + listLinks + "}"
	bare := fields + "}"
	for request, want := range map[string]string{
		"GET " + mocktest.WebhookPath:                                                          whole,
		"GET " + mocktest.WebhookPath + "?_actions=true&_links=yes":                            whole,
		"GET " + mocktest.WebhookPath + "?_actions=&_links=1":                                  whole,
		"GET " + mocktest.WebhookPath + "?_actions=false":                                      fields + `,"_links":{` + upLinks + selfLink + `}}`,
		"GET " + mocktest.WebhookPath + "?_links=0":                                            fields + `,"_actions":{` + deleteAction + "," + getAction + "," + patchAction + `}}`,
		"GET " + mocktest.WebhookPath + "?_actions=no&_links=False":                            bare,
		"GET " + mocktest.WebhookPath + "?_actions=True&_links=on":                             bare,
		"GET " + mocktest.WebhookPath + "?_actions[]=true&_links=true&_links=true":             bare,
		"GET " + mocktest.WebhooksPath + "?perPage=1":                                          head + tail,
		"GET " + mocktest.WebhooksPath + "?perPage=1&filterField=name&filter=my*webhook":       head + `"filterField":"name","filter":"my*webhook",` + tail,
		"GET /applications/" + strings.ToUpper(mocktest.ApplicationID) + "/webhooks?perPage=1": head + tail,
	} {
		if a := mocktest.Send(t, srv.URL, request, ""); a.Body != want {
			t.Errorf("%s\n got %s\nwant %s", request, a.Body, want)
		}
	}
	if a := mocktest.Send(t, srv.URL, "DELETE "+mocktest.WebhookPath, ""); a.Body != `{"success":true}` || a.Status != 200 {
		t.Errorf("%d %s", a.Status, a.Body)
	}
}

func TestActionsAndLinksGoByTheScopes(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	all := deleteAction + "," + getAction + "," + patchAction
	for scopes, want := range map[string]string{
		"all.User":                             hal(all, upLinks+selfLink),
		"all.Organization":                     hal(all, upLinks+selfLink),
		"all.Application":                      hal(all, upLinks+selfLink),
		"all.Application.bounded":              hal(all, selfLink),
		"webhook.*":                            hal(all, upLinks+selfLink),
		"all.Application.read":                 hal(getAction, selfLink),
		"all.User.read":                        hal(getAction, selfLink),
		"webhook.get":                          hal(getAction, selfLink),
		"webhook.get webhook.patch":            hal(getAction+","+patchAction, selfLink),
		"webhook.get webhook.patch webhooks.*": hal(getAction+","+patchAction, selfLink),
	} {
		token := srv.Token(strings.Fields(scopes)...)
		if a := mocktest.Send(t, srv.URL, "GET "+mocktest.WebhookPath, "", "Authorization: Bearer "+token); a.Body != want {
			t.Errorf("%s\n got %s\nwant %s", scopes, a.Body, want)
		}
	}
	// In a list the items go by the scopes of items.
	for scopes, want := range map[string]string{
		"webhooks.get":             hal("", selfLink),
		"webhooks.* webhook.patch": hal(patchAction, selfLink),
		"webhooks.get webhook.*":   hal(all, upLinks+selfLink),
	} {
		token := srv.Token(strings.Fields(scopes)...)
		a := mocktest.Send(t, srv.URL, "GET "+mocktest.WebhooksPath, "", "Authorization: Bearer "+token)
		if !strings.Contains(a.Body, `"items":[`+want+`]`) {
			t.Errorf("%s\n got %s\nwant the item %s", scopes, a.Body, want)
		}
		links := `"_links":{"self":`
		if strings.Contains(scopes, "webhooks.*") {
			links = `"_links":{"application":`
		}
		if _, own, found := strings.Cut(a.Body, `"_type":"webhooks"`); !found || strings.Count(own, links) != 1 {
			t.Errorf("%s: the list has not %s: %s", scopes, links, a.Body)
		}
	}
}

func TestMain(m *testing.M) { mocktest.Main(m) }
