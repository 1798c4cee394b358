package suite

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/live"
)

func (r *run) unsupportedMethods() {
	for _, op := range r.reading() {
		for _, method := range []string{http.MethodPut, http.MethodHead} {
			a := r.ask(live.Call{Method: method, Target: r.path(op, r.hookID(op))})
			allow := a.Header.Get("Allow")
			r.want(a.Status == http.StatusMethodNotAllowed, "", method+" "+op.Path+": want 405, got "+contract.StatusText(a.Status))
			r.want(a.Status != http.StatusMethodNotAllowed || strings.Contains(allow, op.Method), "Allow",
				fmt.Sprintf("%s %s: want %s in it, got %q", method, op.Path, op.Method, allow))
		}
	}
}

func (r *run) otherOrigin() {
	r.call(live.Call{Method: http.MethodGet, Target: r.hooks() + "?perPage=1", Header: http.Header{"Origin": {"https://example.com"}}})
	a := r.ask(live.Call{Method: http.MethodOptions, Target: r.hooks(), Header: http.Header{"Origin": {"https://example.com"}}, Auth: new("")})
	r.want(a.Status == http.StatusNoContent, "", "a preflight: want 204, got "+contract.StatusText(a.Status))
	for _, field := range []struct{ name, has string }{
		{"Access-Control-Allow-Headers", "authorization"}, {"Access-Control-Allow-Methods", "post"}, {"Access-Control-Allow-Origin", ""},
	} {
		got := a.Header.Get(field.name)
		r.want(got != "" && strings.Contains(strings.ToLower(got), field.has), field.name, fmt.Sprintf("a preflight: want %q in it, got %q", field.has, got))
	}
}

func (r *run) acceptHTML() {
	r.call(live.Call{Method: http.MethodGet, Target: r.hooks() + "?perPage=1", Header: http.Header{"Accept": {"text/html"}}})
	r.call(live.Call{Method: http.MethodGet, Target: r.hooks() + "?perPage=0", Header: http.Header{"Accept": {"text/html"}}})
}

func (r *run) switchExtras() {
	for _, path := range []string{r.hooks(), r.hook(r.webhook()), "/applications/" + r.ApplicationID} {
		for _, query := range []string{"", "?_actions=false", "?_links=false", "?_actions=false&_links=false", "?_actions=yes&_links=1"} {
			r.get(path + query)
		}
	}
}
