package api_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/mockserver/internal/mocktest"
)

// invalid, with JSON sent by default, is the most common shape of a case.
// invalid returns a request that is refused. A blank body has the length 0.
func invalid(name, request, body, message string) mocktest.Case {
	header := []string{mocktest.SendsJSON}
	if body == "" {
		header = append(header, "Content-Length: 0")
	}
	return mocktest.Case{Name: name, Request: request, Header: header, Body: body, Status: 400, Want: mocktest.Validation(message)}
}

func TestParametersAreCheckedInTheAPIsOrder(t *testing.T) {
	t.Parallel()
	post, patch := "POST "+mocktest.WebhooksPath, "PATCH "+mocktest.WebhookPath
	list := "GET " + mocktest.WebhooksPath
	cases := []mocktest.Case{
		invalid("a missing field comes before additional ones", post, `{"bogus":1,"responseCode":1}`, "webhook.name is required"),
		invalid("additional fields come before wrong ones", post, `{"name":5,"bogus":2}`, "webhook has additional properties"),
		invalid("wrong fields are told in the order of the schema", post, `{"responseCode":1000,"name":""}`, "webhook.name has less length than allowed"),
		invalid("the type comes before the enum", post, `{"name":"x","verificationType":null}`, "webhook.verificationType is the wrong type"),
		invalid("the application's id comes before the webhook's", "GET /applications/x/webhooks/y", "", "applicationId pattern mismatch"),
		invalid("the webhook's id is looked at next", "GET /applications/"+mocktest.ApplicationID+"/webhooks/y", "", "webhookId pattern mismatch"),
		invalid("the path comes before the body's fields", "POST /applications/x/webhooks", `{}`, "applicationId pattern mismatch"),
		invalid("a missing body comes before the path", "POST /applications/x/webhooks", "", "webhook is required"),
		invalid("a wrong token parameter comes before the path", "GET /applications/x/webhooks?access_token[]=x", "", "accessToken is the wrong type"),
		invalid("an empty name", post, `{"name":""}`, "webhook.name has less length than allowed"),
		invalid("a name of 256 characters", post, `{"name":"`+strings.Repeat("n", 256)+`"}`, "webhook.name has longer length than allowed"),
		invalid("128 emoji are 256 code units", post, `{"name":"`+strings.Repeat("😀", 128)+`"}`, "webhook.name has longer length than allowed"),
		invalid("a response code below 100", post, `{"name":"x","responseCode":99}`, "webhook.responseCode is less than minimum"),
		invalid("a response code above 599", post, `{"name":"x","responseCode":600}`, "webhook.responseCode is more than maximum"),
		invalid("a response code beyond every float", post, `{"name":"x","responseCode":1e400}`, "webhook.responseCode is more than maximum"),
		invalid("a response code that is not whole", post, `{"name":"x","responseCode":200.5}`, "webhook.responseCode is the wrong type"),
		invalid("a response code as text", post, `{"name":"x","responseCode":"200"}`, "webhook.responseCode is the wrong type"),
		invalid("an unknown verification type", post, `{"name":"x","verificationType":"github"}`, "webhook.verificationType must be an enum value"),
		invalid("a verification code that is too long", post, `{"name":"x","verificationCode":"`+strings.Repeat("c", 32768)+`"}`, "webhook.verificationCode has longer length than allowed"),
		invalid("a switch that is no boolean", post, `{"name":"x","waitForReply":1}`, "webhook.waitForReply is the wrong type"),
		invalid("a user name of 256 characters", post, `{"name":"x","basicAuthUsername":"`+strings.Repeat("u", 256)+`"}`, "webhook.basicAuthUsername has longer length than allowed"),
		invalid("a password of 256 characters", post, `{"name":"x","basicAuthPassword":"`+strings.Repeat("p", 256)+`"}`, "webhook.basicAuthPassword has longer length than allowed"),
		invalid("a description that is too long", post, `{"name":"x","description":"`+strings.Repeat("d", 32768)+`"}`, "webhook.description has longer length than allowed"),
		invalid("an unknown cast", post, `{"name":"x","castBuffersAs":"octal"}`, "webhook.castBuffersAs must be an enum value"),
		invalid("isWebsocket as text", post, `{"name":"x","isWebsocket":"true"}`, "webhook.isWebsocket is the wrong type"),
		invalid("annotateMultipart as null", post, `{"name":"x","annotateMultipart":null}`, "webhook.annotateMultipart is the wrong type"),
		invalid("enabled as a list", post, `{"name":"x","enabled":[true]}`, "webhook.enabled is the wrong type"),
		invalid("a field that the API sets itself", post, `{"name":"x","token":"mine"}`, "webhook has additional properties"),
		invalid("a body that is a list", post, `[]`, "webhook is the wrong type"),
		invalid("a body that is text", post, `"name"`, "webhook is the wrong type"),
		invalid("a body that is a number", post, `5`, "webhook is the wrong type"),
		invalid("a body that is a boolean", post, `true`, "webhook is the wrong type"),
		invalid("a body that is null", post, `null`, "webhook is the wrong type"),
		invalid("a patch with an additional field", patch, `{"id":"`+mocktest.WebhookID+`"}`, "webhook has additional properties"),
		invalid("a patch with an empty name", patch, `{"name":""}`, "webhook.name has less length than allowed"),
		invalid("a patch of isWebsocket", patch, `{"isWebsocket":true}`, "webhook.isWebsocket can not be changed"),
		invalid("a patch without a body", patch, "", "webhook is required"),
		invalid("an application without a name", "POST /applications", `{}`, "application.name is required"),
		invalid("an application whose description is too long", "POST /applications", `{"name":"x","description":"`+strings.Repeat("d", 1025)+`"}`, "application.description has longer length than allowed"),
		invalid("an application with an additional field", "POST /applications", `{"name":"x","colour":"red"}`, "application has additional properties"),
		invalid("an application without a body", "POST /applications", "", "application is required"),
		invalid("credentials without an email", "POST /auth/user", `{"password":"x"}`, "credentials.email is required"),
		invalid("credentials without a password", "POST /auth/user", `{"email":"x"}`, "credentials.password is required"),
		invalid("an email with a space", "POST /auth/user", `{"email":"a@b c","password":"long enough"}`, "credentials.email must be email format"),
		invalid("an email that is none", "POST /auth/user", `{"email":"x","password":"long enough"}`, "credentials.email must be email format"),
		invalid("an unknown sort field", list+"?sortField=token", "", "sortField must be an enum value"),
		invalid("a blank sort field", list+"?sortField=", "", "sortField must be an enum value"),
		invalid("a sort direction in capitals", list+"?sortDirection=ASC", "", "sortDirection must be an enum value"),
		invalid("a filter field that can't be filtered by", list+"?filterField=id", "", "filterField must be an enum value"),
		invalid("the first of several wrong parameters", list+"?perPage=0&sortField=x", "", "sortField must be an enum value"),
		invalid("a page that is no number", list+"?page=x", "", "page is the wrong type"),
		invalid("a blank page", list+"?page=", "", "page is the wrong type"),
		invalid("a page that is not whole", list+"?page=1.5", "", "page is the wrong type"),
		invalid("a page with a sign", list+"?page=%2B1", "", "page is the wrong type"),
		invalid("a page below 0", list+"?page=-1", "", "page is less than minimum"),
		invalid("a page far below 0", list+"?page=-99999999999999999999", "", "page is less than minimum"),
		invalid("a page beyond every int", list+"?page=99999999999999999999", "", "page is more than maximum"),
		invalid("a perPage of 0", list+"?perPage=0", "", "perPage is less than minimum"),
		invalid("a perPage above 1000", list+"?perPage=1001", "", "perPage is more than maximum"),
		invalid("a parameter given twice", list+"?page=1&page=2", "", "page is the wrong type"),
		invalid("a parameter given as a list", list+"?filter[]=x", "", "filter is the wrong type"),
		invalid("a parameter given with an index", list+"?filter[0]=x", "", "filter is the wrong type"),
		invalid("a parameter given with a key", list+"?filter[a]=x", "", "filter is the wrong type"),
		invalid("brackets may be escaped", list+"?filter%5B%5D=x", "", "filter is the wrong type"),
		invalid("a token given twice", list+"?access_token=a&access_token=b", "", "accessToken is the wrong type"),
		invalid("a glob of several groups", list+"?filterField=name&filter={a,b}{c,d}", "", "filter is too complex"),
		invalid("a glob of 256 characters", list+"?filterField=name&filter="+strings.Repeat("*", 256), "", "filter is too complex"),
		invalid("a glob that does not close", list+"?filterField=name&filter=[a", "", "filter is not a valid glob"),
		invalid("an empty id", "GET /applications//webhooks", "", "applicationId pattern mismatch"),
		invalid("an empty id at the end", "GET "+mocktest.WebhooksPath+"//", "", "webhookId pattern mismatch"),
		invalid("an id of 23 digits", "GET /applications/"+mocktest.ApplicationID[1:], "", "applicationId pattern mismatch"),
		invalid("an id of 25 digits", "GET /applications/"+mocktest.ApplicationID+"0", "", "applicationId pattern mismatch"),
		invalid("an id with a letter beyond f", "GET /applications/"+mocktest.ApplicationID[1:]+"g", "", "applicationId pattern mismatch"),
		invalid("an encoded slash is no separator", "GET /applications/a%2Fwebhooks", "", "applicationId pattern mismatch"),
		invalid("an id of 100 characters", "GET /applications/"+strings.Repeat("a", 100), "", "applicationId pattern mismatch"),
		invalid("an id with a NUL", "GET /applications/%00", "", "applicationId pattern mismatch"),
	}
	srv := mockserver.Start(t)
	t.Attr("B3", fmt.Sprintf("%d rules", 2*len(cases)))
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) {
			t.Parallel()
			c.Run(t, srv)
			// What is wrong with a request is reported before its token is checked.
			anonymous := c
			anonymous.Header = append([]string{"Authorization:"}, c.Header...)
			if c.Name != "a patch of isWebsocket" { // which the resource itself refuses
				anonymous.Run(t, srv)
			}
		})
	}
}

func TestWhatTheAPIAccepts(t *testing.T) {
	t.Parallel()
	post, list := "POST "+mocktest.WebhooksPath, "GET "+mocktest.WebhooksPath
	ok := func(name, request, body string) mocktest.Case {
		status := http.StatusOK
		if strings.HasPrefix(request, "POST "+mocktest.WebhooksPath) {
			status = http.StatusCreated
		}
		return mocktest.Case{Name: name, Request: request, Header: []string{mocktest.SendsJSON}, Body: body, Status: status}
	}
	cases := []mocktest.Case{
		ok("a name of one character", post, `{"name":"x"}`),
		ok("a name of 255 characters", post, `{"name":"`+strings.Repeat("n", 255)+`"}`),
		ok("127 emoji are 254 code units", post, `{"name":"`+strings.Repeat("😀", 127)+`"}`),
		ok("the least response code", post, `{"name":"x","responseCode":100}`),
		ok("the largest response code", post, `{"name":"x","responseCode":599}`),
		ok("a whole number with a point", post, `{"name":"x","responseCode":200.0}`),
		ok("a whole number with an exponent", post, `{"name":"x","responseCode":2e2}`),
		ok("the longest verification code", post, `{"name":"x","verificationCode":"`+strings.Repeat("c", 32767)+`"}`),
		ok("blank texts", post, `{"name":"x","description":"","basicAuthUsername":"","basicAuthPassword":"","verificationCode":""}`),
		ok("duplicate keys, the last one counts", post, `{"name":5,"name":"x"}`),
		ok("an empty patch", "PATCH "+mocktest.WebhookPath, `{}`),
		ok("a patch that repeats isWebsocket", "PATCH "+mocktest.WebhookPath, `{"isWebsocket":false}`),
		ok("unknown parameters are ignored", list+"?colour=red&sort=up", ""),
		ok("a blank filterField", list+"?filterField=", ""),
		ok("a blank filter", list+"?filterField=name&filter=", ""),
		ok("an escape that does not decode", list+"?filterField=name&filter=%zz", ""),
		ok("a filter without a field", list+"?filter=x*", ""),
		ok("HAL switches are never refused", list+"?_actions=maybe&_links[]=x&_embedded=1&_links=2", ""),
		ok("every sort field", list+"?sortField=lastUpdated&sortDirection=desc&page=0&perPage=1", ""),
		ok("the largest page", list+"?page=2147483647&perPage=1000", ""),
		ok("leading zeros", list+"?page=00&perPage=010", ""),
		ok("one trailing slash", list+"/", ""),
		ok("a trailing slash on the root", "GET /", ""),
		ok("escaped letters of an id", "GET /applications/%35"+mocktest.ApplicationID[1:]+"/webhooks", ""),
		ok("escaped letters of the fixed part", "GET /%61pplications/"+mocktest.ApplicationID+"/%77ebhooks", ""),
		ok("an id in the other case", "GET /applications/"+strings.ToUpper(mocktest.ApplicationID)+"/webhooks/"+strings.ToUpper(mocktest.WebhookID), ""),
		ok("Accept-Version never fails", list, ""),
		ok("a body on GET is never looked at", list, "{nope"),
	}
	srv := mockserver.Start(t)
	t.Attr("B3", fmt.Sprintf("%d rules", len(cases)))
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) {
			t.Parallel()
			c.Header = append(c.Header, "Accept-Version: ^99.0.0", "Accept: text/html", "losantdomain: example.com")
			c.Run(t, srv)
		})
	}
	t.Run("names up to the largest glob", func(t *testing.T) {
		t.Parallel()
		mocktest.Case{Request: list + "?filterField=name&filter=" + strings.Repeat("*", 255), Status: 200}.Run(t, srv)
		mocktest.Case{Request: list + `?filterField=name&filter={a,b}\{\{`, Status: 200}.Run(t, srv)
	})
}
