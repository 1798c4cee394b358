package admin

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/http/httptest"
	"testing"

	"github.com/losantmock/losantmock/mockserver/internal/life"
	"github.com/losantmock/losantmock/mockserver/internal/matcher"
	"github.com/losantmock/losantmock/mockserver/internal/trigger"
	"github.com/losantmock/losantmock/mockserver/internal/world"
)

// Every error has one status, and its place where it has one.
func TestErrorsAreWrittenAsWireMockDoes(t *testing.T) {
	t.Parallel()
	problem := func(rest string) string { return `{"errors":[{"code":10,` + rest + `}]}` }
	for _, c := range []struct {
		err    error
		status int
		body   string
	}{
		{errors.New("<bug>"), 500, problem(`"title":"<bug>"`)},
		{failure(409, "", "no"), 409, problem(`"title":"no"`)},
		{failure(422, "/scopes", "no"), 422, problem(`"source":{"pointer":"/scopes"},"title":"no"`)},
		{&matcher.PatternError{Pointer: "/url", Detail: "no"}, 422, problem(`"source":{"pointer":"/url"},"title":"Error parsing JSON","detail":"no"`)},
		{&matcher.PatternError{Detail: "no"}, 422, problem(`"source":{},"title":"Error parsing JSON","detail":"no"`)},
		{life.DroppedError("a"), 410, problem(`"title":"the sandbox \"a\" was dropped"`)},
		{withStatus(404, life.DroppedError("a")), 410, problem(`"title":"the sandbox \"a\" was dropped"`)},
		{world.ErrSandboxName, 404, ""},
		{withStatus(422, world.ErrSandboxName), 422, ""},
		{withStatus(422, world.ErrSandboxTaken), 409, ""},
		{withStatus(422, world.ErrManySandboxes), 429, ""},
		{withStatus(404, trigger.ErrManyReplies), 429, ""},
		{withStatus(404, fmt.Errorf("%w: no", trigger.ErrReplyInvalid)), 422, ""},
	} {
		w := httptest.NewRecorder()
		WriteError(w, c.err)
		if w.Code != c.status {
			t.Errorf("%v: %d, want %d", c.err, w.Code, c.status)
		}
		if got := compact(t, w.Body.Bytes()); c.body != "" && got != c.body {
			t.Errorf("%v: %s, want %s", c.err, got, c.body)
		}
	}
	if err := withStatus(422, nil); err != nil {
		t.Errorf("no error became %v", err)
	}
}

// What can't be encoded is an error, and no half response.
func TestResponsesAreCompleteOrAnError(t *testing.T) {
	t.Parallel()
	w := httptest.NewRecorder()
	writeJSON(w, 200, map[string]float64{"a": math.Inf(1)})
	const want = `{"errors":[{"code":10,"title":"the response can't be written as JSON: json: unsupported value: +Inf"}]}`
	if got := compact(t, w.Body.Bytes()); w.Code != 500 || got != want {
		t.Errorf("%d %s", w.Code, got)
	}
}

func compact(t *testing.T, text []byte) string {
	t.Helper()
	var b bytes.Buffer
	if err := json.Compact(&b, text); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
