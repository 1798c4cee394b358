package page_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/losantmock/losantmock/mockserver/internal/admin/page"
	"github.com/losantmock/losantmock/mockserver/journal"
)

// records are what a report has in itself.
type records struct {
	Left     int
	Requests []journal.Request
}

var between = regexp.MustCompile(`(?s)<script id="records" type="application/json">(.*?)</script>`)

func report(t *testing.T, requests []journal.Request, maxBytes int64) (text string, has records) {
	t.Helper()
	var b strings.Builder
	left, err := page.WriteReport(&b, `a"<b>.jsonl`, requests, maxBytes)
	if err != nil {
		t.Fatal(err)
	}
	data := between.FindStringSubmatch(b.String())
	if data == nil {
		t.Fatalf("no records in %s", b.String())
	}
	if err := json.Unmarshal([]byte(data[1]), &has); err != nil || has.Left != left || left+len(has.Requests) != len(requests) {
		t.Fatalf("%d of %d requests, %d left out: %v", len(has.Requests), len(requests), left, err)
	}
	if int64(len(data[1])) > maxBytes+100 {
		t.Errorf("the records take %d bytes of %d", len(data[1]), maxBytes)
	}
	return b.String(), has
}

// What takes too much is left out, the oldest first.
func TestReportsKeepTheNewest(t *testing.T) {
	t.Parallel()
	var requests []journal.Request
	for i := range 10 {
		requests = append(requests, journal.Request{ID: fmt.Sprint("id", i), Sequence: uint64(i + 1), Method: "POST", Target: "/a", Status: 200, Body: []byte(strings.Repeat("<", 100))})
	}
	_, all := report(t, requests, 1<<20)
	if len(all.Requests) != 10 {
		t.Errorf("%d requests", len(all.Requests))
	}
	_, some := report(t, requests, 6000)
	if n := len(some.Requests); n < 2 || n > 6 || some.Requests[n-1].ID != "id9" || some.Requests[0].ID != fmt.Sprint("id", 10-n) {
		t.Errorf("%d requests: %+v", n, some.Requests)
	}
	if _, none := report(t, requests, 10); len(none.Requests) != 0 {
		t.Errorf("%d requests", len(none.Requests))
	}
	report(t, nil, 10)
}

// No text of a record or of a name is markup, and secrets are replaced.
func TestReportsHoldTextAlone(t *testing.T) {
	t.Parallel()
	hostile := "</script><!--<script>]]>&\u2028\u2029\u202e\x00\xff"
	text, has := report(t, []journal.Request{{
		ID: "id", Sequence: 1, Method: "POST", Target: "/a", Status: 200, Body: []byte(hostile), Hint: hostile, ResponseBody: []byte(hostile),
		Header: map[string][]string{"Authorization": {"Bearer a-secret-token"}, "X": {hostile}},
	}}, 1<<20)
	data := between.FindStringSubmatch(text)[1]
	if strings.ContainsAny(data, "<>&\u2028\u2029\x00") || strings.Contains(text, "a-secret-token") || !strings.Contains(text, `data-file="a&#34;&lt;b&gt;.jsonl"`) {
		t.Errorf("%s", data)
	}
	if got := has.Requests[0]; string(got.Body) != hostile || string(got.ResponseBody) != hostile || got.Header["X"][0] != hostile {
		t.Errorf("%+v", got)
	}
	for tag, want := range map[string]int{"<script": 3, "</script>": 3, "<style": 1, "</style>": 1, "<link": 1, "http-equiv": 1} {
		if n := strings.Count(text, tag); n != want {
			t.Errorf("%d %s", n, tag)
		}
	}
}

// A report has every module that another one names, by names alone, and a nonce of
// its own.
func TestReportsHaveTheWholePage(t *testing.T) {
	t.Parallel()
	text, _ := report(t, nil, 10)
	found := regexp.MustCompile(`<script nonce="([A-Z2-7]{26})" type="importmap">(.*)</script>`).FindStringSubmatch(text)
	if found == nil || strings.Count(text, found[1]) != 5 {
		t.Fatal("no import map, or not five times its nonce")
	}
	var modules struct{ Imports map[string]string }
	if err := json.Unmarshal([]byte(found[2]), &modules); err != nil || len(modules.Imports) < 20 {
		t.Fatalf("%d modules, %v", len(modules.Imports), err)
	}
	for name, url := range modules.Imports {
		text, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(url, "data:text/javascript;base64,"))
		source := string(text)
		if err != nil || strings.Contains(source, "'./") {
			t.Errorf("%s names another module by a path: %v", name, err)
		}
		for _, other := range regexp.MustCompile(`(?m)^import .* from '(.*)'`).FindAllStringSubmatch(source, -1) {
			if modules.Imports[other[1]] == "" {
				t.Errorf("%s imports %s, which is missing", name, other[1])
			}
		}
	}
	if again, _ := report(t, nil, 10); strings.Contains(again, found[1]) {
		t.Error("two reports have the same nonce")
	}
}
