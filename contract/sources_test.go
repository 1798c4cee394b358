package contract_test

import (
	"cmp"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/losantmock/losantmock/contract"
)

func items(a *reply) []any { list, _ := a.fields["items"].([]any); return list }

// named makes the items of a list have names, in their order.
func named(names ...string) func(*reply) {
	return func(a *reply) {
		list := items(a)[:1]
		for i, name := range names {
			item := object{}
			for key, value := range list[0].(object) {
				item[key] = value
			}
			item["name"] = name
			if i == 0 {
				list = nil
			}
			list = append(list, item)
		}
		a.fields["items"], a.fields["count"], a.fields["totalCount"] = list, len(names), len(names)
	}
}

func fails(status int, kind, message string) func(*reply) {
	return func(a *reply) { a.status, a.fields = status, object{"type": kind, "message": message} }
}

func without(names ...string) func(*reply) {
	return func(a *reply) {
		fields := a.fields
		for _, name := range names[:len(names)-1] {
			fields = fields[name].(object)
		}
		delete(fields, names[len(names)-1])
	}
}

func header(name, value string) func(*reply) {
	return func(a *reply) { a.header.Set(name, value) }
}

const one = hooks + "/" + aHook

// Each rule is found to be contradicted, with its source: what is documented, seen
// or inferred breaks, and what is ours is news.
func TestEveryRuleHasItsSource(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		request string // method, target and body
		sends   string // a field of the request
		change  func(*reply)
		check   contract.CheckName
		source  contract.Source
		field   string
	}{
		{"GET " + hooks + "?perPage=0", "", func(a *reply) { a.status = 200 }, contract.CheckNegative, contract.Ours, "perPage"},
		{"GET " + hooks + "?page=x", "", fails(404, "NotFound", "Application was not found"), contract.CheckNegative, contract.Ours, "page"},
		{"GET " + hooks + "?perPage=1001", "", fails(400, "Validation", "perPage pattern mismatch"), contract.CheckError, contract.Ours, "error.message"},
		{"GET " + hooks + "?perPage=101", "", fails(400, "Validation", "perPage is more than maximum"), contract.CheckPositive, contract.Ours, ""},
		{"GET " + hooks + "?perPage=100", "", fails(400, "Validation", "perPage is more than maximum"), contract.CheckPositive, contract.Documented, ""},
		{"GET " + hooks + "?perPage=1000", "", func(a *reply) { a.fields["perPage"] = 100 }, contract.CheckPagination, contract.Ours, "webhooks.perPage"},
		{"GET " + hooks + "?perPage=1000", "", func(a *reply) { a.fields["perPage"] = 10 }, contract.CheckPagination, contract.Documented, "webhooks.perPage"},
		{"GET " + hooks + "?filterField=", "", fails(400, "Validation", "filterField must be an enum value"), contract.CheckPositive, contract.Ours, ""},
		{"GET " + hooks + "?page=1&page=2", "", func(a *reply) { a.status = 200 }, contract.CheckNegative, contract.Documented, "page"},
		{"GET " + hooks + "?sortField=x", "", func(a *reply) { a.fields["message"] = "bad" }, contract.CheckError, contract.Observed, "error.message"},
		{"GET " + hooks, "", named("a", "B"), contract.CheckSorting, contract.Ours, "webhooks.items"},
		{"GET " + hooks, "", named("a2", "a10"), contract.CheckSorting, contract.Ours, "webhooks.items"},
		{"GET " + hooks, "", named("b", "a"), contract.CheckSorting, contract.Documented, "webhooks.items"},
		{"GET " + hooks + "?filterField=name&filter=x*", "", func(*reply) {}, "", "", ""},
		{"GET " + one, "", without("token"), contract.CheckSchema, contract.Ours, "webhook.token"},
		{"GET " + hooks, "", without("applicationId"), contract.CheckSchema, contract.Ours, "webhooks.applicationId"},
		{"GET " + one, "", func(a *reply) {
			a.status, a.body = 403, []byte("<h1>Forbidden</h1>")
			a.header.Set("Content-Type", "text/html")
		}, contract.CheckServerError, "", ""},
		{"GET " + one, "", func(a *reply) { a.fields["creationDate"] = "2016-06-13T04:00:00Z" }, contract.CheckSchema, contract.Inferred, "webhook.creationDate"},
		{"GET " + one, "", func(a *reply) { a.fields["name"] = 5 }, contract.CheckSchema, contract.Documented, "webhook.name"},
		{"GET " + one, "", header("Content-Type", "text/plain"), contract.CheckContentType, contract.Observed, "Content-Type"},
		{"GET " + one, "", without("_links", "self"), contract.CheckHAL, contract.Observed, "webhook._links.self"},
		{"GET " + one, "", without("_links", "application"), contract.CheckHAL, contract.Observed, "webhook._links.application"},
		{"GET " + one, "", without("_actions", "patch"), contract.CheckHAL, contract.Observed, "webhook._actions.patch"},
		{"GET " + one + "?_links=false", "", without("_actions", "get"), contract.CheckHAL, contract.Observed, "webhook._actions.get"},
		{"GET " + one + "?_links=false", "", without("_actions", "patch"), "", "", ""},
		{"GET " + one, "Origin: https://a.example", func(*reply) {}, "", "", ""},
		{"GET " + one, "Origin: https://a.example", header("Access-Control-Allow-Origin", "https://b.example"), contract.CheckCORS, contract.Observed, "Access-Control-Allow-Origin"},
		{"GET " + one, "Origin: https://a.example", header("Vary", "X-Origin"), contract.CheckCORS, contract.Observed, "Vary"},
		{"GET " + one, "", func(a *reply) { a.header.Del("Access-Control-Allow-Origin") }, contract.CheckCORS, contract.Observed, "Access-Control-Allow-Origin"},
		{"GET " + one, "", fails(413, "x", "x"), contract.CheckPositive, contract.Ours, ""},
		{"GET " + one, "", fails(415, "x", "x"), contract.CheckStatus, contract.Documented, ""},
		{"GET " + one, "Authorization: Bearer wrong", func(a *reply) { a.fields["message"] = "No" }, contract.CheckError, contract.Observed, "error.message"},
		{"GET " + one, "Authorization: Basic x", func(a *reply) { a.fields["type"] = "No" }, contract.CheckError, contract.Observed, "error.type"},
		{"POST " + hooks + ` {"name":"x"}`, "", func(a *reply) { a.fields["name"] = "y" }, contract.CheckEcho, contract.Documented, "webhook.name"},
		{"POST " + hooks + ` {"name":"x","description":"x"}`, "", without("description"), contract.CheckSchema, contract.Ours, "webhook.description"},
		{"POST " + hooks + ` {"name":"x","description":"y"}`, "", without("description"), contract.CheckSchema, contract.Ours, "webhook.description"},
		{"POST " + hooks + ` {"name":"x"`, "", func(a *reply) { a.fields["code"] = "Invalid" }, contract.CheckError, contract.Observed, "error.code"},
		{"POST " + hooks + ` {"name":"x"}`, "Content-Encoding: br", func(*reply) {}, "", "", ""},
		{"POST " + hooks + ` {"name":"x"}`, "Content-Encoding: br", func(a *reply) { a.header.Del("Accept-Encoding") }, contract.CheckError, contract.Observed, "Accept-Encoding"},
		{"POST " + hooks + ` {"name":"x"}`, "Content-Encoding: br", fails(400, "Validation", "x"), contract.CheckNegative, contract.Observed, "the body"},
		{"POST " + hooks + ` name=x`, "Content-Type: application/x-www-form-urlencoded", func(*reply) {}, "", "", ""},
		{"POST " + hooks + ` name=x`, "Content-Type: application/x-www-form-urlencoded", func(a *reply) { a.fields["name"] = "y" }, contract.CheckEcho, contract.Documented, "webhook.name"},
		{"POST " + hooks + ` not gzip`, "Content-Encoding: gzip", func(*reply) {}, "", "", ""},
		{`POST /auth/user {"email":"a@b","password":"password"}`, "Authorization: none", func(a *reply) { a.fields["message"] = "No" }, contract.CheckError, contract.Ours, "error.message"},
		{`POST /applications {"name":"x","orgId":"` + app + `"}`, "", func(a *reply) { a.fields["ownerId"] = aHook }, contract.CheckEcho, contract.Ours, "application.ownerId"},
		{"PUT " + hooks, "", func(*reply) {}, "", "", ""},
		{"PUT " + hooks, "", header("Allow", "POST,GET"), contract.CheckMethod, contract.Observed, "Allow"},
		{"PUT " + hooks, "", header("Allow", "OPTIONS, PATCH, POST, GET"), "", "", ""},
		{"PUT " + hooks, "", func(a *reply) { a.header["Allow"] = []string{"GET", "OPTIONS", "POST"} }, "", "", ""},
		{"PUT " + hooks, "", func(a *reply) { a.status = 404 }, contract.CheckMethod, contract.Observed, ""},
		{"PUT " + hooks, "", func(a *reply) { a.fields["message"] = "no" }, contract.CheckError, contract.Observed, "error.message"},
		{"HEAD " + hooks, "", func(*reply) {}, "", "", ""},
		{"OPTIONS " + hooks, "Origin: https://a.example", func(a *reply) { a.body = []byte{} }, "", "", ""},
		{"OPTIONS " + hooks, "", func(a *reply) { a.status, a.body = 200, []byte{} }, contract.CheckCORS, contract.Observed, ""},
		{"OPTIONS " + hooks, "", func(a *reply) { a.header.Del("Access-Control-Max-Age"); a.body = []byte{} }, contract.CheckCORS, contract.Observed, "Access-Control-Max-Age"},
		{"OPTIONS " + hooks, "", func(a *reply) { a.header.Set("Access-Control-Allow-Methods", "GET,POST"); a.body = []byte{} }, contract.CheckCORS, contract.Observed, "Access-Control-Allow-Methods"},
	} {
		t.Run("", func(t *testing.T) {
			t.Parallel()
			server := altering(t, false, func(_ *http.Request, a *reply) { c.change(a) })
			found := checkOne(t, server.URL, c.request, c.sends)
			switch {
			case c.check == "":
				if len(found) > 0 {
					t.Errorf("%s, %s: %+v", c.request, c.sends, found)
				}
				return
			case len(found) != 1:
				t.Errorf("%s, %s: want one finding: %+v", c.request, c.sends, found)
				return
			}
			verdict := map[contract.Source]contract.Verdict{"": contract.CouldNotCheck, contract.Ours: contract.News}[c.source]
			verdict = cmp.Or(verdict, contract.Breaks)
			f := found[0]
			if f.Check != c.check || f.Source != c.source || f.Field != c.field || f.Verdict != verdict {
				t.Errorf("%s, %s: want %s of %q, %s, got %+v", c.request, c.sends, c.check, c.field, c.source, f)
			}
			if known := strings.HasPrefix(f.Message, "the real API decides this otherwise"); known != (c.source == contract.Ours) {
				t.Errorf("%s: %s", c.request, f.Message)
			}
		})
	}
}

// checkOne sends a request and holds its response against the contract.
func checkOne(t *testing.T, baseURL, text, field string) contract.Findings {
	t.Helper()
	method, rest, _ := strings.Cut(text, " ")
	target, body, _ := strings.Cut(rest, " ")
	request, err := http.NewRequestWithContext(t.Context(), method, baseURL+target, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+allUser)
	request.Header.Set("Content-Type", "application/json")
	if name, value, ok := strings.Cut(field, ": "); ok {
		request.Header.Set(name, value)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	return contract.Check(response)
}

// What a client sends beyond a limit that is not public is news.
func TestATransportReportsARuleOfOursAsNews(t *testing.T) {
	t.Parallel()
	server := serve(t, standIn(t, "default"))
	w := wear(t, server.URL)
	w.exchange(t, "GET", server.URL+hooks+"?"+url.Values{"perPage": {"1001"}}.Encode(), nil)
	if found := w.findings(); len(found) != 1 || found[0].Verdict != contract.News || found[0].Check != contract.CheckOfRequest {
		t.Errorf("%+v", found)
	}
}
