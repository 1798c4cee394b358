package mockserver

import (
	"strings"
	"testing"
	"time"
)

// post creates a webhook and fails the test where it can't.
func post(t *testing.T, srv *TestServer, body string) {
	t.Helper()
	if status := postJSON(t, srv.URL+"/applications/575ec8687ae143cd83dc4a97/webhooks?access_token="+srv.Token("webhooks.post"), body); status >= 500 {
		t.Fatalf("%d", status)
	}
}

func TestAssertions(t *testing.T) {
	t.Parallel()
	srv := Start(t)
	post(t, srv, `{"name":"Door opened","responseCode":201}`)
	post(t, srv, `{"name":"Door closed"}`)
	post(t, srv, `{}`)
	if _, err := get(srv.URL + "/applications/575ec8687ae143cd83dc4a97/webhooks/575ed78e7ae143cd83dc4aab?perPage=5"); err != nil {
		t.Fatal(err)
	}
	posts := srv.Requests().Operation("webhooks.post")
	opened := posts.Body("name", "Door opened")
	if r := opened.Once(t); r.Status != 201 {
		t.Errorf("gives %+v", r)
	}
	if all := posts.Times(t, 3); len(all) != 3 || all[0].Sequence > all[1].Sequence {
		t.Errorf("gives %+v", all)
	}
	srv.Requests().Operation("webhook.delete").Never(t)
	posts.Body("responseCode", 201).Once(t)
	posts.Body("$.responseCode", 201.0).Once(t)
	posts.Body("$[*]", "Door closed").Once(t)
	posts.BodyJSON(map[string]any{"name": "Door closed"}).Once(t)
	posts.BodyJSON(struct {
		Name string `json:"name"`
		Code int    `json:"responseCode"`
	}{"Door opened", 201}).Once(t)
	posts.Violation("webhook.name is required").Once(t)
	posts.Header("content-type", "application/json").Times(t, 3)
	posts.Scope("webhooks.post").Times(t, 3) // also of the third, which was refused before the API looked at its token
	srv.Requests().Webhook("575ED78E7ae143cd83dc4aab").Application("575ec8687ae143cd83dc4a97").Query("perPage", "5").Status(403).Once(t)
	srv.Requests().Path("/applications/575ec8687ae143cd83dc4a97/webhooks").Times(t, 3)
	srv.Requests().Matching(`{"method":"POST","bodyPatterns":[{"contains":"opened"}]}`).Once(t)
	InOrder(t, opened, posts.Body("name", "Door closed"), srv.Requests().Operation("webhook.get"))
}

func TestFailedAssertionsExplain(t *testing.T) {
	t.Parallel()
	srv := Start(t)
	post(t, srv, `{"name":"Door closed","responseCode":201}`)
	post(t, srv, `{"name":"Window opened"}`)
	posts := srv.Requests().Operation("webhooks.post")
	for name, c := range map[string]struct {
		assert func(*fakeTest)
		want   []string
	}{
		"a value in a body": {
			func(f *fakeTest) { posts.Body("name", "Door opened").Once(f) },
			[]string{"want 1 request(s)", "operation equal to \"webhooks.post\"", "body name equal to \"Door opened\"", "got 0, of 2 received", "the nearest:\n#", `name is "Door closed"`, "GET /__admin/requests"},
		},
		"a whole body, field by field": {
			func(f *fakeTest) { posts.BodyJSON(map[string]any{"name": "Door closed", "responseCode": 202}).Once(f) },
			[]string{"$.responseCode: want 202, got 201"},
		},
		"too many": {
			func(f *fakeTest) { posts.Once(f) },
			[]string{"want 1 request(s)", "got 2, of 2 received", "#1 POST /applications/575ec8687ae143cd83dc4a97/webhooks"},
		},
		"one that should not be": {
			func(f *fakeTest) { posts.Never(f) },
			[]string{"want 0 request(s)", "got 2"},
		},
		"another operation": {
			func(f *fakeTest) { srv.Requests().Operation("webhook.delete").Once(f) },
			[]string{"operation\n    want equal to \"webhook.delete\"\n    got  \"webhooks.post\""},
		},
		"out of order": {
			func(f *fakeTest) { InOrder(f, posts.Body("name", "Window opened"), posts.Body("name", "Door closed")) },
			[]string{"question 2 of 2 matches no request after the one that question 1 matches:\n#2 POST", "it matches too early:\n#1 POST"},
		},
		"no JSONPath": {
			func(f *fakeTest) { posts.Body("$[", 1).Once(f) },
			[]string{"the question is invalid"},
		},
		"no JSON": {
			func(f *fakeTest) { posts.BodyJSON(func() {}).Never(f) },
			[]string{"the value can't be written as JSON"},
		},
		"no pattern": {
			func(f *fakeTest) { srv.Requests().Matching(`{"urll":1}`).Never(f) },
			[]string{`/urll: there is no field`},
		},
		"too late": {
			func(f *fakeTest) { srv.Requests().Operation("webhook.get").Within(10 * time.Millisecond).Once(f) },
			[]string{"got 0"},
		},
	} {
		f := &fakeTest{}
		f.run(func() { c.assert(f) })
		if !f.failed {
			t.Errorf("%s: it passes", name)
		}
		for _, want := range c.want {
			if !strings.Contains(f.log.String(), want) {
				t.Errorf("%s: %q is missing in\n%s", name, want, f.log.String())
			}
		}
	}
}

func TestAssertionsWait(t *testing.T) {
	t.Parallel()
	srv := Start(t)
	sent := make(chan struct{})
	go func() {
		defer close(sent)
		post(t, srv, `{"name":"late"}`)
	}()
	srv.Requests().Operation("webhooks.post").Status(201).Within(2 * time.Minute).Once(t)
	<-sent
	srv.Requests().Operation("webhook.delete").Within(20 * time.Millisecond).Never(t)
}

// What was evicted may have been asked for: no assertion passes by chance.
func TestAssertionsAreIncompleteAfterEviction(t *testing.T) {
	t.Parallel()
	srv := Start(t, WithJournalLimits(1, 1<<20))
	post(t, srv, `{"name":"one"}`)
	post(t, srv, `{"name":"two"}`)
	for _, assert := range []func(*fakeTest){
		func(f *fakeTest) { srv.Requests().Body("name", "two").Once(f) },
		func(f *fakeTest) { srv.Requests().Body("name", "three").Never(f) },
	} {
		f := &fakeTest{}
		f.run(func() { assert(f) })
		if !strings.Contains(f.log.String(), "incomplete: the journal has evicted 1 requests") {
			t.Errorf("failed %t: %s", f.failed, f.log.String())
		}
	}
}
