package api_test

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/decode"
	"github.com/losantmock/losantmock/mockserver"
)

// FuzzRequest sends requests of every kind through the whole server. Whatever
// they are, the response is one that the API or its framework documents.
func FuzzRequest(f *testing.F) {
	const hooks = "/applications/575ec8687ae143cd83dc4a97/webhooks"
	for _, seed := range []struct{ method, target, contentType, body string }{
		{"GET", hooks + "?perPage=5&filterField=name&filter=my*", "", ""},
		{"POST", hooks, "application/json", `{"name":"x","responseCode":201}`},
		{"PATCH", hooks + "/575ed78e7ae143cd83dc4aab", "application/x-www-form-urlencoded", "name=x&name[]=y"},
		{"DELETE", hooks + "/575ed78e7ae143cd83dc4aab", "multipart/form-data; boundary=b", "--b\r\n\r\n--b--"},
		{"GET", "/__admin/requests?limit=1&since=x", "", ""},
		{"POST", "/auth/user", "application/json", `{"email":"dev@example.com","password":"correct horse battery"}`},
		{"GET", "/%61pplications/%2f/?access_token[]=", "text/plain", "x"},
	} {
		f.Add(seed.method, seed.target, seed.contentType, []byte(seed.body))
	}
	server, err := mockserver.New(mockserver.WithMaxBodySize(1 << 16))
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, method, target, contentType string, body []byte) {
		u, err := url.ParseRequestURI(target)
		if err != nil || !regexp.MustCompile(`^[A-Z]+$`).MatchString(method) || strings.ContainsAny(contentType, "\r\n") {
			t.Skip("net/http lets no such request through")
		}
		r := httptest.NewRequest(method, "http://localhost/", bytes.NewReader(body))
		r.URL, r.RequestURI = u, target
		r.Header.Set("Authorization", "Bearer any")
		r.Header.Set("Content-Type", contentType)
		w := httptest.NewRecorder()
		server.ServeHTTP(w, r)
		documented := []int{200, 201, 204, 400, 401, 403, 404, 405, 413, 415, 421, 431}
		if strings.Contains(u.Path, "/__admin") {
			documented = append(documented, 422)
		}
		if !slices.Contains(documented, w.Code) {
			t.Fatalf("%s %s: %d %s", method, target, w.Code, w.Body)
		}
		if w.Code == http.StatusOK && w.Header().Get("Content-Type") != "application/json" {
			t.Fatalf("%s %s: %v", method, target, w.Header())
		}
	})
}

// FuzzBody holds every body of a create against what comes of it: a webhook
// that keeps the contract, or a refusal.
func FuzzBody(f *testing.F) {
	f.Add("application/json", []byte(`{"name":"x","responseCode":2e2,"enabled":false}`))
	f.Add("application/x-www-form-urlencoded", []byte("name=x&description=%ff"))
	f.Add("multipart/form-data; boundary=b", []byte("--b\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\nx\r\n--b--"))
	server, err := mockserver.New()
	if err != nil {
		f.Fatal(err)
	}
	schema := contract.AtNewest().Schema("webhook")
	f.Fuzz(func(t *testing.T, contentType string, body []byte) {
		r := httptest.NewRequest("POST", "/applications/575ec8687ae143cd83dc4a97/webhooks?jwt=any", bytes.NewReader(body))
		r.Header.Set("Content-Type", contentType)
		w := httptest.NewRecorder()
		server.ServeHTTP(w, r)
		if w.Code == http.StatusCreated {
			made, err := decode.JSON(w.Body.Bytes())
			if err != nil {
				t.Fatalf("%s is no JSON", w.Body)
			}
			if v := schema.Check("webhook", made); v != nil {
				t.Fatalf("%s breaks its schema: %v", w.Body, v)
			}
			return
		}
		if w.Code != 400 && w.Code != 413 {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
	})
}
