package mockserver_test

import (
	"strings"
	"testing"

	"github.com/losantmock/losantmock/mockserver"
)

// fields is the webhook of the scenario "default" as every answer begins it.
const fields = `{"id":"` + hook + `","webhookId":"` + hook + `","applicationId":"` + app + `",` +
	`"creationDate":"2016-06-13T04:00:00.000Z","lastUpdated":"2016-06-13T04:00:00.000Z",` +
	`"name":"My Webhook","token":"the_webhook_token","responseCode":200,"verificationType":"none","verificationCode":"",` +
	`"waitForReply":false,"basicAuthUsername":"","basicAuthPassword":"","description":"","isWebsocket":false,` +
	`"castBuffersAs":"array","annotateMultipart":false,"enabled":true,"_type":"webhook"`

const (
	getAction    = `"get":{"href":"` + myHook + `","method":"GET"}`
	deleteAction = `"delete":{"href":"` + myHook + `","method":"DELETE","params":["0"]}`
	patchAction  = `"patch":{"href":"` + myHook + `","method":"PATCH","params":["0"]}`
	upLinks      = `"application":{"href":"/applications/` + app + `"},"webhooks":{"href":"` + hooks + `"},`
	selfLink     = `"self":{"href":"` + myHook + `"}`
)

func hal(actions, links string) string {
	return fields + `,"_actions":{` + actions + `},"_links":{` + links + `}}`
}

func TestAnswersByteForByte(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	listActions := `"_actions":{"get":{"href":"` + hooks + `","method":"GET","params":["0","1","2","3","4","5"]},"post":{"href":"` + hooks + `","method":"POST","params":["0"]}}`
	listLinks := `"_links":{"application":{"href":"/applications/` + app + `"},"self":{"href":"` + hooks + `"}}`
	whole := hal(deleteAction+","+getAction+","+patchAction, upLinks+selfLink)
	head := `{"count":1,"items":[` + whole + `],"applicationId":"` + app + `","perPage":1,"page":0,"sortField":"name","sortDirection":"asc",`
	tail := `"totalCount":1,"_type":"webhooks",` + listActions + "," + listLinks + "}"
	bare := fields + "}"
	for request, want := range map[string]string{
		"GET " + myHook: whole,
		"GET " + myHook + "?_actions=true&_links=yes":                       whole,
		"GET " + myHook + "?_actions=&_links=1":                             whole,
		"GET " + myHook + "?_actions=false":                                 fields + `,"_links":{` + upLinks + selfLink + `}}`,
		"GET " + myHook + "?_links=0":                                       fields + `,"_actions":{` + deleteAction + "," + getAction + "," + patchAction + `}}`,
		"GET " + myHook + "?_actions=no&_links=False":                       bare,
		"GET " + myHook + "?_actions=True&_links=on":                        bare,
		"GET " + myHook + "?_actions[]=true&_links=true&_links=true":        bare,
		"GET " + hooks + "?perPage=1":                                       head + tail,
		"GET " + hooks + "?perPage=1&filterField=name&filter=my*webhook":    head + `"filterField":"name","filter":"my*webhook",` + tail,
		"GET /applications/" + strings.ToUpper(app) + "/webhooks?perPage=1": head + tail,
	} {
		if a := send(t, srv.URL, request, ""); a.body != want {
			t.Errorf("%s\n got %s\nwant %s", request, a.body, want)
		}
	}
	if a := send(t, srv.URL, "DELETE "+myHook, ""); a.body != `{"success":true}` || a.status != 200 {
		t.Errorf("%d %s", a.status, a.body)
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
		"all.Application.bounded":              hal(all, upLinks+selfLink),
		"webhook.*":                            hal(all, upLinks+selfLink),
		"all.Application.read":                 hal(getAction, selfLink),
		"all.User.read":                        hal(getAction, selfLink),
		"webhook.get":                          hal(getAction, selfLink),
		"webhook.get webhook.patch":            hal(getAction+","+patchAction, selfLink),
		"webhook.get webhook.patch webhooks.*": hal(getAction+","+patchAction, selfLink),
	} {
		token := srv.Token(strings.Fields(scopes)...)
		if a := send(t, srv.URL, "GET "+myHook, "", "Authorization: Bearer "+token); a.body != want {
			t.Errorf("%s\n got %s\nwant %s", scopes, a.body, want)
		}
	}
	// In a list the items go by the scopes of items.
	for scopes, want := range map[string]string{
		"webhooks.get":             hal("", selfLink),
		"webhooks.* webhook.patch": hal(patchAction, selfLink),
		"webhooks.get webhook.*":   hal(all, upLinks+selfLink),
	} {
		token := srv.Token(strings.Fields(scopes)...)
		a := send(t, srv.URL, "GET "+hooks, "", "Authorization: Bearer "+token)
		if !strings.Contains(a.body, `"items":[`+want+`]`) {
			t.Errorf("%s\n got %s\nwant the item %s", scopes, a.body, want)
		}
		links := `"_links":{"self":`
		if strings.Contains(scopes, "webhooks.*") {
			links = `"_links":{"application":`
		}
		if _, own, found := strings.Cut(a.body, `"_type":"webhooks"`); !found || strings.Count(own, links) != 1 {
			t.Errorf("%s: the list has not %s: %s", scopes, links, a.body)
		}
	}
}
