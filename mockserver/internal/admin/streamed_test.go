package admin

import (
	"context"
	"errors"
	"iter"
	"math"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// serveListing writes a listing, and reports whether it broke the connection.
func serveListing(ctx context.Context, list iter.Seq[any]) (w *httptest.ResponseRecorder, broken bool) {
	w = httptest.NewRecorder()
	defer func() {
		err, _ := recover().(error)
		broken = errors.Is(err, http.ErrAbortHandler)
	}()
	response := listing{name: "list", list: list, after: listMeta{1}}.streamed()
	response.ServeHTTP(w, httptest.NewRequestWithContext(ctx, http.MethodGet, "/", nil))
	return w, false
}

// A streamed response is complete, or an error, or the connection breaks.
func TestStreamedResponsesAreCompleteOrAnError(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 2*streamBuffer)
	for _, c := range []struct {
		list   []any
		status int
		broken bool
		body   string
	}{
		{nil, 200, false, `{"list":[],"total":1}`},
		{[]any{"<a>", map[string]int{"b": 1}}, 200, false, `{"list":["<a>",{"b":1}],"total":1}`},
		{[]any{"a", math.Inf(1)}, 500, false, `{"errors":[{"code":10,"title":"the response can't be written as JSON: json: unsupported value: +Inf"}]}`},
		{[]any{long, math.Inf(1)}, 200, true, ""},
	} {
		list := func(yield func(any) bool) {
			for _, element := range c.list {
				if !yield(element) {
					return
				}
			}
		}
		w, broken := serveListing(t.Context(), list)
		if w.Code != c.status || broken != c.broken {
			t.Errorf("%.20v: %d, broken %t", c.list, w.Code, broken)
		}
		if !broken && compact(t, w.Body.Bytes()) != c.body {
			t.Errorf("%s", w.Body)
		}
	}
}

// Nothing more is looked at for a client that has left.
func TestAStreamedResponseEndsWithItsClient(t *testing.T) {
	t.Parallel()
	ctx, leave := context.WithCancel(t.Context())
	about := &request{Request: httptest.NewRequestWithContext(ctx, http.MethodGet, "/", nil)}
	looked := 0
	look := func(i int) any {
		if looked++; looked == 3 {
			leave()
		}
		return strings.Repeat("x", streamBuffer)
	}
	if _, broken := serveListing(ctx, forms(about, make([]int, 10), look)); looked != 3 || !broken {
		t.Errorf("looked at %d, broken %t", looked, broken)
	}
}
