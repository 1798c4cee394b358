package protocol

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/decode"
	"github.com/losantmock/losantmock/contract/live"
)

// Unsupported returns requests with methods that a path does not support, which write
// nothing: a known path supports other ones, and an unknown path OPTIONS alone. The
// paths are those of the operations that read.
func Unsupported(list, nowhere string, paths []string) []live.Call {
	var calls []live.Call
	for _, path := range paths {
		calls = append(calls, live.Call{Method: http.MethodPut, Target: path}, live.Call{Method: http.MethodHead, Target: path})
	}
	front, id := lastStep(nowhere)
	for _, path := range []string{
		"/no-such-path", strings.Replace(list, "/applications", "/Applications", 1), strings.Replace(list, "/webhooks", "/Webhooks", 1),
		nowhere + "/no-such-path", "/auth/user", strings.Replace(list, "/applications", "/applications/", 1), nowhere + "//", front + strings.Repeat("0", longestStep+1-len(id)) + id,
	} {
		calls = append(calls, live.Call{Method: http.MethodGet, Target: path})
	}
	return append(calls, live.Call{Method: http.MethodPut, Target: list, Body: []byte("{")}) // the route comes before the body
}

// UnsupportedWrites returns requests with methods that write, to paths that have other
// ones. None could do harm if the path had it.
func UnsupportedWrites(application, list, hook string) []live.Call {
	writing := func(method, target string) live.Call {
		return live.Call{Method: method, Target: target, Body: []byte("{}")}
	}
	return []live.Call{
		writing(http.MethodPost, hook), writing(http.MethodPatch, list), writing(http.MethodPatch, "/applications"),
		writing(http.MethodPost, application), writing(http.MethodPost, "/no-such-path"),
		// The route comes before the token too, and a server that deletes a list needs one.
		{Method: http.MethodDelete, Target: list, Auth: new("")},
	}
}

// found are the findings about an exchange.
type found struct {
	api   *contract.API
	e     *contract.Exchange
	doing string
	all   []contract.Finding
}

// want adds a finding that a check breaks, unless a condition holds.
func (f *found) want(check contract.CheckName, holds bool, field, want string, got any) {
	if holds {
		return
	}
	finding := contract.NewFinding(check, contract.Observed, field, fmt.Sprintf("%s: want %s, got %v", f.doing, want, got))
	if op, _ := f.api.OperationAt(f.e.Method, f.e.URL); op != nil {
		finding.Operation = op.Name
	}
	f.all = append(f.all, finding)
}

// NotAllowed returns what is wrong with the response to a method that the path does not
// support: it says what the path supports.
func NotAllowed(api *contract.API, e *contract.Exchange) []contract.Finding {
	f := found{api: api, e: e, doing: e.Method + " " + e.URL.String()}
	f.want(contract.CheckMethod, e.Status == http.StatusMethodNotAllowed, "", "405 Method Not Allowed", contract.StatusText(e.Status))
	if e.Status != http.StatusMethodNotAllowed {
		return f.all
	}
	allow := http.MethodOptions
	if endpoint, _ := api.Find(e.Method, e.URL); endpoint != nil {
		allow = endpoint.Allow
	}
	text := strings.Join(e.Header.Values("Allow"), ",")
	got := slices.Sorted(strings.FieldsFuncSeq(text, func(c rune) bool { return c == ',' || c == ' ' }))
	f.want(contract.CheckMethod, slices.Equal(got, strings.Split(allow, ", ")), "Allow", allow, text)
	if e.Method == http.MethodHead {
		return f.all // its response has no body
	}
	f.wantJSON()
	f.wantWord(contract.CheckMethod, "type", "MethodNotAllowed")
	f.wantWord(contract.CheckMethod, "message", e.Method+" is not allowed")
	return f.all
}

// Missing returns what is wrong with the response to a path that is no text.
func Missing(api *contract.API, e *contract.Exchange) []contract.Finding {
	f := found{api: api, e: e, doing: e.Method + " " + e.URL.EscapedPath()}
	f.want(contract.CheckStatus, e.Status == http.StatusNotFound, "", "404 Not Found", contract.StatusText(e.Status))
	if e.Status == http.StatusNotFound {
		f.wantWord(contract.CheckStatus, "type", "NotFound")
		f.wantWord(contract.CheckStatus, "message", e.URL.EscapedPath()+" does not exist")
	}
	return f.all
}

// wantJSON checks the content type.
func (f *found) wantJSON() {
	given := f.e.Header.Get("Content-Type")
	kind, _ := decode.MediaType(given)
	f.want(contract.CheckContentType, kind == "application/json", "Content-Type", "application/json", given)
}

// wantWord checks a word of an error.
func (f *found) wantWord(check contract.CheckName, field, want string) {
	decoded, _ := decode.JSON(f.e.Body)
	fields, _ := decoded.(map[string]any)
	f.want(check, fields[field] == want, "error."+field, fmt.Sprintf("%q", want), contract.Brief(fields[field]))
}
