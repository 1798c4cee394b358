package api_test

import (
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/losantmock/losantmock/cmd/lab/size"
	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/suite"
	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/mockserver/internal/mocktest"
)

// drawn is a request to an operation, drawn by chance, good and bad.
type drawn struct {
	method, target, body string
	good                 bool // whether every part of it was drawn as a good one
}

// drawer draws requests. It knows what the table says of each parameter, and
// no more.
type drawer struct {
	*rand.Rand
	api *contract.API
}

func (d *drawer) of(list ...string) string { return list[d.IntN(len(list))] }

// one reports whether the next thing is to be a bad one, which is so one time in
// ten.
func (d *drawer) bad() bool { return d.IntN(10) == 0 }

func (d *drawer) request(op *contract.Operation) drawn {
	r := drawn{method: op.Method, good: true}
	path := op.Path
	for _, p := range op.Resource.Params {
		id := d.of(mocktest.ApplicationID, strings.ToUpper(mocktest.ApplicationID), mocktest.MissingID)
		if p.Name == "webhookId" {
			id = d.of(mocktest.WebhookID, strings.ToUpper(mocktest.WebhookID), mocktest.MissingID)
		}
		if d.bad() {
			id, r.good = d.of("x", mocktest.ApplicationID[1:], mocktest.ApplicationID+"0", "%20", "%00", "g"+mocktest.ApplicationID[1:], "%F0%9F%98%80"), false
		}
		path = strings.Replace(path, "{"+p.Name+"}", id, 1)
	}
	query := url.Values{"_actions": {d.of("true", "false", "1", "no", "")}, "_links": {d.of("true", "false", "maybe")}}
	for _, p := range op.Params {
		switch {
		case p.In == "body":
			d.body(&r, p)
		case p.In == "query" && d.IntN(2) == 0:
			d.query(&r, query, p)
		}
	}
	r.target = path + "?" + query.Encode()
	return r
}

func (d *drawer) query(r *drawn, query url.Values, p contract.Param) {
	good, bad := []string{"x", "*", "", "a b", "%", "\x00", "😀"}, []string(nil)
	switch {
	case p.Enum != nil:
		good, bad = p.Enum, []string{"x", "NAME", p.Enum[0] + " ", "null"}
	case p.Pattern != "":
		good, bad = []string{p.ExampleText(), ""}, []string{"x", p.ExampleText() + "0"}
	case p.Whole != nil:
		good, bad = []string{fmt.Sprint(p.Whole.Min), "3", fmt.Sprint(p.Whole.Max)}, []string{"x", "", "1.5", "-1", fmt.Sprint(p.Whole.Max + 1), "99999999999999999999"}
	case p.Name == "filter":
		good, bad = []string{"*", "my*", "?", "[a-z]*", "{a,b}*", ""}, []string{"[", "{a,b}{c,d}", strings.Repeat("*", 256), `\`}
	}
	if bad == nil || !d.bad() {
		query.Set(p.Name, d.of(good...))
		return
	}
	r.good = false
	if d.IntN(3) == 0 {
		query[p.Name+"[]"] = []string{good[0]}
		return
	}
	query.Set(p.Name, d.of(bad...))
}

// body draws one of the bodies at the edges of the schema, or text that is no
// JSON.
func (d *drawer) body(r *drawn, p contract.Param) {
	valid := map[string]any{"name": "drawn", "responseCode": 201.0, "description": "x"}
	if p.Schema == "userCredentials" {
		valid = map[string]any{"email": "dev@example.com", "password": "correct horse battery"}
	} else if !strings.HasPrefix(p.Schema, "webhook") {
		delete(valid, "responseCode")
	}
	schema := d.api.Schema(p.Schema)
	samples := suite.Samples(schema, valid)
	value := any(valid)
	if d.IntN(2) == 0 {
		value = samples[d.IntN(len(samples))].Body
	}
	text, _ := json.Marshal(value) // of plain values
	r.body = string(text)
	if d.bad() {
		r.body, r.good = d.of("", "{", "[]]", "nul", `{"name":}`, r.body+"x"), false
		return
	}
	r.good = r.good && schema.Check(p.Name, value) == nil
}

// Every response to an operation has a status that is documented for it and a
// body that keeps its schema; what is bad is refused with 400, and what is good
// is not.
func TestDrawnRequests(t *testing.T) {
	t.Parallel()
	each := size.Of(100, 500, 20_000)
	api, err := contract.At(contract.Newest)
	if err != nil {
		t.Fatal(err)
	}
	server, err := mockserver.New(mockserver.WithJournalLimits(10, 1<<20))
	if err != nil {
		t.Fatal(err)
	}
	refused, operations := 0, 0
	for _, resource := range api.Resources {
		for _, op := range resource.Actions {
			operations++
			d := &drawer{rand.New(rand.NewPCG(2, uint64(operations))), api}
			for range each {
				r := d.request(op)
				status := d.ask(t, server, op, r)
				if status == 400 {
					refused++
				}
				if bad := status == 400; bad == r.good && status != 401 && !strings.Contains(r.body, "isWebsocket") {
					t.Fatalf("%s %s %.500s: %d, drawn as good: %t", r.method, r.target, r.body, status, r.good)
				}
			}
		}
	}
	t.Attr("B2", fmt.Sprintf("%d operations, %d requests each, %d of them refused", operations, each, refused))
}

// ask sends a drawn request and holds its answer against the contract.
func (d *drawer) ask(t *testing.T, h http.Handler, op *contract.Operation, r drawn) int {
	t.Helper()
	request := httptest.NewRequest(r.method, "http://127.0.0.1"+r.target, strings.NewReader(r.body))
	request.Header.Set("Authorization", "Bearer any")
	if r.body != "" {
		request.Header.Set("Content-Type", "application/json")
	}
	recorded := httptest.NewRecorder()
	h.ServeHTTP(recorded, request)
	answer := recorded.Result()
	answer.Request = request
	request.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(r.body)), nil }
	documented := false
	for _, response := range op.Responses {
		documented = documented || response.Status == answer.StatusCode
	}
	if !documented {
		t.Fatalf("%s %s %.500s: %d %s", r.method, r.target, r.body, answer.StatusCode, recorded.Body)
	}
	for _, f := range contract.Check(answer) {
		if f.Verdict == contract.Breaks && f.Check != contract.CheckOfRequest {
			t.Fatalf("%s %s %.500s: %d %.500s\n%+v", r.method, r.target, r.body, answer.StatusCode, recorded.Body, f)
		}
	}
	return answer.StatusCode
}
