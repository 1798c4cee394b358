package mockserver

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/losantmock/losantmock/scenarios"
)

const house = "/applications/575ec8687ae143cd83dc4a97/webhooks"

// send sends a request with JSON and fails the test where it can't.
func send(t *testing.T, method, url, body string) {
	t.Helper()
	request, err := http.NewRequest(method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", "Bearer any")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
}

// asserted is what a failed assertion says; a blank text if it passes.
func asserted(assert func(*fakeTest)) string {
	f := &fakeTest{}
	f.run(func() { assert(f) })
	return f.log.String()
}

func TestQuestionsWithUnknownNamesAreInvalid(t *testing.T) {
	t.Parallel()
	srv := Start(t)
	send(t, "POST", srv.URL+"/webhooks/the_webhook_token", `{}`)
	requests, triggers := srv.Requests(), srv.Triggers()
	for want, q := range map[string]Requests{
		`no operation has the name "webhooks.pots": did you mean "webhooks.post"?`:                          requests.Operation("webhooks.pots"),
		`no scope has the name "webhoks.get": did you mean "webhooks.get"?`:                                 requests.Scope("webhoks.get"),
		`no fault has the name "outage"`:                                                                    requests.Fault("outage"),
		`no webhook has the name, id or token "My Webhok": did you mean "My Webhook"? (before the webhook`:  requests.Webhook("My Webhok"),
		`no application has the name or id "My Applicatio": did you mean "My Application"? (before the app`: requests.Application("My Applicatio"),
		`want a status from 100 to 599, not "601"`:                                                          requests.Status(601),
		`"webhooks" does not begin with a slash`:                                                            requests.Path("webhooks"),
		`want a method such as GET, not "GET /"`:                                                            requests.Method("get /"),
		`/operation: no operation has the name "webhook"`:                                                   requests.Matching(`{"operation":"webhook"}`),
		`the JSONPath "$[ " has`:                                                                            requests.Body("$[ ", 1),
		`/webhook: it is blank`:                                                                             requests.Webhook("").Status(999),
		`/application: it is blank`:                                                                         requests.Application(""),
		`/operation: it is blank`:                                                                           requests.Operation(""),
		`/violation: it is blank`:                                                                           requests.Violation(""),
		`/query: it is blank`:                                                                               requests.Query("", "x"),
		`/header: want a name such as Accept, not ""`:                                                       requests.Header("", "x"),
		`/header: want a name such as Accept, not "a b"`:                                                    requests.Header("a b", "x").Body("$[", 1),
		`the place "" has a blank name`:                                                                     requests.Body("", 1),
		`the place ".name" has a blank name`:                                                                requests.Body(".name", "x"),
		`"/a?b=1" is no path`:                                                                               requests.Path("/a?b=1"),
	} {
		said := asserted(func(f *fakeTest) { q.Never(f) })
		if err := q.Err(); err == nil || !strings.Contains(strings.ToUpper(err.Error()), strings.ToUpper(want)) {
			t.Errorf("the question has the error %v, want %s", err, want)
		} else if !strings.Contains(said, "the question is invalid: "+err.Error()) {
			t.Errorf("the assertion says %q", said)
		}
		if _, ok := q.First(); ok || q.Count() != 0 || len(q.All()) != 0 {
			t.Errorf("%s: it finds something", want)
		}
	}
	for want, q := range map[string]Triggers{
		`no webhook has the name, id or token "Door"`:                                   triggers.Webhook("Door"),
		`no application has the name or id "House"`:                                     triggers.Application("House"),
		`want a type of event, one of connect, message, disconnect, not "open"`:         triggers.Type("open"),
		`"door" does not begin with a slash`:                                            triggers.Path("door"),
		`want a method such as GET, not ""`:                                             triggers.Method(""),
		`/webhook: it is blank`:                                                         triggers.Webhook(""),
		`/application: it is blank`:                                                     triggers.Application(""),
		`/header: want a name such as Accept, not "a b"`:                                triggers.Header("a b", "x"),
		`/method: want a method such as GET`:                                            triggers.Method("ANY"),
		`the place "data.body..name" has a blank name`:                                  triggers.Body(".name", "x"),
		`/type: want a type of event, one of connect, message, disconnect, not ""`:      triggers.Type(""),
		`no application has the name or id "my application": did you mean "My Applicat`: triggers.Application("my application"),
	} {
		if err := q.Err(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("the question has the error %v, want %s", err, want)
		}
		if said := asserted(func(f *fakeTest) { q.Never(f) }); !strings.Contains(said, "the question is invalid") {
			t.Errorf("the assertion says %q", said)
		}
	}
	if said := asserted(func(f *fakeTest) { requests.Times(f, -1) }); !strings.Contains(said, "-1 is no count") {
		t.Errorf("the assertion says %q", said)
	}
	if _, err := srv.World().Token("webhoks.get"); err == nil || !strings.Contains(err.Error(), `did you mean "webhooks.get"?`) {
		t.Errorf("a token of an unknown scope: %v", err)
	}
	srv.Token("device.get", "application.*")
}

func TestWebhooksAndApplicationsAreFoundByAllTheirNames(t *testing.T) {
	t.Parallel()
	srv := Start(t)
	hook := srv.AddWebhook(scenarios.Webhook{Name: "Door", Token: "door_token"})
	url := srv.URL + house + "/" + hook.ID
	send(t, "POST", srv.URL+"/webhooks/door_token", `{}`)
	send(t, "PATCH", url, `{"name":"Gate"}`)
	send(t, "DELETE", url, "")
	send(t, "GET", url, "")
	for _, name := range []string{hook.ID, strings.ToUpper(hook.ID), "door_token"} {
		srv.Requests().Webhook(name).Times(t, 4)
		srv.Triggers().Webhook(name).Once(t)
	}
	srv.Triggers().Webhook("Door").Once(t)
	srv.Requests().Webhook("Door").Operation("webhook.patch").Once(t)
	srv.Requests().Webhook("Gate").Operation("webhook.patch").Never(t)
	srv.Requests().Webhook("Gate").Operation("webhook.delete").Once(t)
	srv.Requests().Webhook("Gate").Operation("webhook.get").Once(t) // when it was no longer there
	for _, name := range []string{"My Application", "575ec8687ae143cd83dc4a97", "575EC8687AE143CD83DC4A97"} {
		srv.Requests().Application(name).Times(t, 4)
		srv.Triggers().Application(name).Once(t)
	}
}

func TestAWebhookThatIsCreatedDuringAWaitIsKnown(t *testing.T) {
	t.Parallel()
	srv := Start(t)
	sent := make(chan struct{})
	go func() {
		defer close(sent)
		send(t, "POST", srv.URL+house, `{"name":"Late"}`)
		srv.AddWebhook(scenarios.Webhook{Name: "Later", Token: "later"})
		send(t, "POST", srv.URL+"/webhooks/later", `{}`)
	}()
	srv.Triggers().Webhook("Later").Within(2 * time.Minute).Once(t)
	<-sent
	srv.Requests().Webhook("Late").Never(t)
}

func TestInOrderSaysWhatMatchedTooEarly(t *testing.T) {
	t.Parallel()
	srv, other := Start(t), Start(t)
	for _, name := range []string{"one", "two", "three"} {
		send(t, "POST", srv.URL+house, `{"name":"`+name+`"}`)
	}
	posted := func(name string) Requests { return srv.Requests().Operation("webhooks.post").Body("name", name) }
	InOrder(t, posted("one"), posted("two"), posted("three"))
	InOrder(t, posted("one"), posted("three"))
	for want, questions := range map[string][]Requests{
		"question 3 of 3 matches no request after the one that question 2 matches:\n#3 POST": {posted("one"), posted("three"), posted("two")},
		"it matches too early:\n#2 POST":                   {posted("three"), posted("two")},
		"question 2 of 2 matches no request after":         {posted("one"), posted("four")},
		"question 1 of 1 matches no request\n  operation":  {posted("four")},
		"question 2: the question is invalid: /status":     {posted("one"), srv.Requests().Status(999).Within(time.Hour)},
		"question 2 of 2 matches no request":               {posted("one"), posted("one")},
		"the questions are about different worlds":         {posted("one"), other.Requests()},
		"there is no question: InOrder wants at least one": {},
		`name is "three"`:                                  {posted("one"), posted("tree")},
	} {
		if said := asserted(func(f *fakeTest) { InOrder(f, questions...) }); !strings.Contains(said, want) {
			t.Errorf("want %q in\n%s", want, said)
		}
	}
}

func TestInOrderWaitsAfterItsFirstQuestion(t *testing.T) {
	t.Parallel()
	srv := Start(t)
	send(t, "GET", srv.URL+house+"?perPage=1", "")
	send(t, "POST", srv.URL+house, `{"name":"one"}`)
	read := srv.Requests().Operation("webhooks.get").Within(2 * time.Minute)
	sent := make(chan struct{})
	go func() {
		defer close(sent)
		send(t, "GET", srv.URL+house+"?perPage=2", "")
	}()
	InOrder(t, read, srv.Requests().Operation("webhooks.post"), read)
	<-sent
}

func TestFailuresListWhatWasFound(t *testing.T) {
	t.Parallel()
	srv := Start(t)
	for _, name := range []string{"one", "two", "other"} {
		send(t, "POST", srv.URL+house, `{"name":"`+name+`","responseCode":201}`)
	}
	said := asserted(func(f *fakeTest) {
		srv.Requests().Matching(`{"bodyPatterns":[{"matches":".*(one|two).*"}]}`).Times(f, 3)
	})
	if listed := strings.Index(said, "got 2, of 3 received\n#1 POST"); listed < 0 || strings.Index(said, "\n#2 POST") < listed || !strings.Contains(said, "the nearest:\n#3 POST") {
		t.Errorf("it says\n%s", said)
	}
}
