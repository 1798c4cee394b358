package mocktest

import (
	"net/http"
	"net/http/httptest"
	"strings"
)

// Serve sends a request through a handler, without a socket: for tests that
// send very many.
func Serve(handler http.Handler, method, target, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	r.Host = "localhost" // which the admin API accepts
	r.Header.Set("Authorization", "Bearer any")
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, r)
	return w
}
