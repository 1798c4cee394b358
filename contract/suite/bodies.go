package suite

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"net/http"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/live"
)

// malformedBodies sends bodies that are no JSON, or no object.
func (r *run) malformedBodies() {
	path := r.hook(r.mineToChange())
	name := `{"name":"` + r.prefix + `x"}`
	for _, target := range []live.Call{{Method: http.MethodPost, Target: r.hooks()}, {Method: http.MethodPatch, Target: path}} {
		for _, body := range []string{`{"name":`, name + " x", name + name, "\ufeff" + name, " ", ""} {
			call := target
			call.Body = []byte(body)
			a := r.call(call)
			doing := fmt.Sprintf("the body %q", body)
			r.wantStatus(a, http.StatusBadRequest, doing)
			if message := a.text("message"); a.Status == http.StatusBadRequest && body != "" {
				r.wantBy(contract.Observed, bytes.HasPrefix([]byte(message), []byte("Invalid JSON: ")), "error.message", fmt.Sprintf("%s: want it to begin with \"Invalid JSON: \", got %q", doing, message))
			}
		}
	}
	a := r.call(live.Call{Method: http.MethodDelete, Target: r.hooks() + "/" + nowhereID, Body: []byte("{")})
	r.wantStatusBy(contract.Observed, a, http.StatusBadRequest, "a DELETE whose body is no JSON")
}

// kind makes the header of a body's content type.
func kind(contentType string) http.Header { return http.Header{"Content-Type": {contentType}} }

// otherBodies changes a webhook with bodies that are written in other ways.
func (r *run) otherBodies() {
	r.mineToChange()
	for _, c := range []struct {
		title, body string
		header      http.Header
		want        map[string]any
	}{
		{"JSON with a charset", `{"verificationCode":"charset"}`, kind("application/json; charset=utf-8"), map[string]any{"verificationCode": "charset"}},
		{"another type of JSON", `{"verificationCode":"vendor"}`, kind("application/vnd.api+json"), map[string]any{"verificationCode": "vendor"}},
		{"gzip", zipped(`{"verificationCode":"zipped"}`), http.Header{"Content-Encoding": {"gzip"}}, map[string]any{"verificationCode": "zipped"}},
		{"a form", "verificationCode=a+%26+form", kind("application/x-www-form-urlencoded"), map[string]any{"verificationCode": "a & form"}},
		{"two equal keys", `{"description":"first","description":"last"}`, nil, map[string]any{"description": "last"}},
		{"an escaped key", `{"v\u0065rificationCode":"\u0045\ud83d\ude00"}`, nil, map[string]any{"verificationCode": "E😀"}},
		{"a whole number with a fraction", `{"responseCode":202.0}`, nil, map[string]any{"responseCode": 202.0}},
		{"a whole number with an exponent", `{"responseCode":2.03e2}`, nil, map[string]any{"responseCode": 203.0}},
	} {
		if !r.writable(c.want) {
			continue
		}
		a := r.call(live.Call{Method: http.MethodPatch, Target: r.hook(r.own[0]), Header: c.header, Body: []byte(c.body)})
		r.wantStatusBy(contract.Observed, a, http.StatusOK, c.title)
		for name, value := range c.want {
			if a.Status == http.StatusOK {
				r.own[0][name], r.own[0]["lastUpdated"] = value, a.text("lastUpdated")
				r.wantOf(contract.CheckEcho, contract.Observed, a.fields[name] == value, "webhook."+name, fmt.Sprintf("%s: want %s, got %s", c.title, contract.Brief(value), contract.Brief(a.fields[name])))
			}
		}
	}
	r.createByForm()
}

// writable reports whether the API has all of the properties.
func (r *run) writable(fields map[string]any) bool {
	return r.API.Operation(contract.OperationWebhookPatch).CheckBody(fields) == nil
}

func (r *run) createByForm() {
	a := r.call(live.Call{
		Method: http.MethodPost, Target: r.hooks(), Header: kind("application/x-www-form-urlencoded"), Body: []byte("name=" + r.prefix + "form"),
	})
	r.wantStatusBy(contract.Observed, a, http.StatusCreated, "a form")
	if a.text("id") != "" {
		r.wantOf(contract.CheckEcho, contract.Observed, a.text("name") == r.prefix+"form", "webhook.name", fmt.Sprintf("a form: want %q, got %q", r.prefix+"form", a.text("name")))
		r.call(live.Call{Method: http.MethodDelete, Target: r.hook(a.fields)})
	}
}

// bodiesOfOtherKinds sends JSON that is said to be something else.
func (r *run) bodiesOfOtherKinds() {
	body := []byte(`{"name":"` + r.prefix + `kind"}`)
	for _, c := range []struct {
		title         string
		header        http.Header
		status        int
		member, words string
	}{
		{"text", kind("text/plain"), http.StatusBadRequest, "message", "webhook is the wrong type"},
		{"bytes", kind("application/octet-stream"), http.StatusBadRequest, "message", "webhook is required"},
		{"XML", kind("application/xml"), http.StatusBadRequest, "message", "webhook.name is required"},
		{"a patch of JSON", kind("application/merge-patch+json"), http.StatusBadRequest, "message", "webhook.name is required"},
		{"another encoding", http.Header{"Content-Encoding": {"identity"}}, http.StatusUnsupportedMediaType, "code", "UnsupportedMediaType"},
		{"another digest", http.Header{"Content-Md5": {"AAAAAAAAAAAAAAAAAAAAAA=="}}, http.StatusBadRequest, "code", "BadDigest"},
	} {
		a := r.ask(live.Call{Method: http.MethodPost, Target: r.hooks(), Header: c.header, Body: body})
		r.wantError(a, c.status, c.member, c.words, c.title)
		if a.Status < 300 && a.text("id") != "" {
			r.call(live.Call{Method: http.MethodDelete, Target: r.hook(a.fields)})
		}
	}
}

func zipped(text string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = w.Write([]byte(text)) // to memory
	_ = w.Close()
	return b.String()
}
