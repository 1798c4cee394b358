package suite

import (
	"net/http"
	"strings"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/internal/protocol"
	"github.com/losantmock/losantmock/contract/internal/reply"
	"github.com/losantmock/losantmock/contract/live"
)

// sendEach sends requests that are written in other ways than usual, and checks that the
// response to each has its status.
func (r *run) sendEach(requests []protocol.Request) {
	for i := range requests {
		q := &requests[i]
		a := r.ask(q.Call)
		if operationOf(r.API, a.Exchange) != "" {
			r.check(a)
		}
		r.wantStatusBy(q.Source, a, q.Status, q.Title)
	}
}

// judgeEach sends calls that belong to no operation, and judges the responses.
func (r *run) judgeEach(calls []live.Call, judge func(*contract.API, *contract.Exchange) []contract.Finding) {
	for _, call := range calls {
		a := r.ask(call)
		if a.Lost() {
			continue
		}
		for _, f := range judge(r.API, a.Exchange) {
			r.add(f)
		}
	}
}

// nowhere is the path of a webhook that is not there.
func (r *run) nowhere() string { return r.hooks() + "/" + nowhereID }

// application is the path of the run's application.
func (r *run) application() string { return "/applications/" + r.ApplicationID }

func (r *run) unsupportedMethods() {
	var paths []string
	for _, op := range r.reading() {
		paths = append(paths, r.path(op, r.hookID(op)))
	}
	r.judgeEach(protocol.Unsupported(r.hooks(), r.nowhere(), paths), protocol.NotAllowed)
}

func (r *run) unsupportedWrites() {
	r.judgeEach(protocol.UnsupportedWrites(r.application(), r.hooks(), r.hook(r.mineToChange())), protocol.NotAllowed)
}

// otherPaths reads with other ways to write a path, and with what the API ignores.
func (r *run) otherPaths() {
	hook := r.hook(r.webhook())
	r.sendEach(protocol.Paths(r.hooks(), hook))
	r.sendEach(protocol.Ignored(r.hooks(), hook))
}

func (r *run) malformedPaths() { r.sendEach(protocol.MalformedPaths(r.hooks(), r.hook(r.webhook()))) }

// tokenPlaces reads with the token in each place where it can stand, and in some
// where it is none.
func (r *run) tokenPlaces() {
	another := unissued
	if r.AnyToken {
		another = ""
	}
	r.sendEach(protocol.Tokens(r.hooks()+"?perPage=1", r.Client.Token().Reveal(), another))
}

func (r *run) listsOfTokens() {
	r.sendEach(protocol.ListsOfTokens(r.hooks()+"?perPage=1", r.Client.Token().Reveal()))
}

func (r *run) otherOrigin() {
	header := http.Header{"Origin": {protocol.Origin}}
	r.call(live.Call{Method: http.MethodGet, Target: r.hooks() + "?perPage=1", Header: header})
	r.call(live.Call{Method: http.MethodGet, Target: r.hooks() + "?perPage=0", Header: header})
	without := r.ask(live.Call{Method: http.MethodOptions, Target: r.hooks(), Auth: new("")})
	r.wantStatusBy(contract.Observed, without, http.StatusNoContent, "OPTIONS without an origin")
	paths := []string{r.hooks(), r.hook(r.webhook()), r.hooks() + "/x", r.application(), "/applications", "/auth/user", "/no-such-path"}
	r.judgeEach(protocol.Preflights(paths), protocol.Preflight)
}

func (r *run) acceptHTML() {
	r.call(live.Call{Method: http.MethodGet, Target: r.hooks() + "?perPage=1", Header: http.Header{"Accept": {"text/html"}}})
	r.call(live.Call{Method: http.MethodGet, Target: r.hooks() + "?perPage=0", Header: http.Header{"Accept": {"text/html"}}})
}

// writeByPaths writes by other ways to write a path.
func (r *run) writeByPaths() {
	r.writeBy(writing{source: contract.Observed, doing: "a slash behind the path", path: func(path string) string { return path + "/" }})
	r.writeBy(writing{source: contract.Inferred, doing: "the last id in capitals", path: func(path string) string {
		return protocol.InCapitals(path, strings.Count(path, "/")/2*2)
	}})
}

// writing is a way to write webhooks.
type writing struct {
	source contract.Source
	doing  string
	path   func(path string) string // how a path is written
	auth   *string                  // in place of the client's token, unless it is nil
}

// writeBy creates, changes and deletes a webhook in a way, and checks that it had an effect.
func (r *run) writeBy(w writing) {
	by := func(method, path string, status int, body map[string]any) reply.Reply {
		a := r.call(live.Call{Method: method, Target: w.path(path), Auth: w.auth, Body: encoded(body)})
		r.wantStatusBy(w.source, a, status, method+" with "+w.doing)
		return a
	}
	a := by(http.MethodPost, r.hooks(), http.StatusCreated, map[string]any{"name": r.prefix + "written"})
	if a.Text("id") == "" {
		a = r.send(http.MethodPost, r.hooks(), map[string]any{"name": r.prefix + "written"})
	}
	path := r.hook(a.Fields)
	if changed := by(http.MethodPatch, path, http.StatusOK, map[string]any{"name": r.prefix + "changed"}); changed.Status == http.StatusOK {
		r.wantReadBack(changed.Fields, "after a change with "+w.doing)
	}
	deleted := by(http.MethodDelete, path, http.StatusOK, map[string]any{}) // which Losant's clients send
	if deleted.Status != http.StatusOK {
		r.delete(path)
		return
	}
	r.wantStatusBy(w.source, r.get(path), http.StatusNotFound, "reading what was deleted with "+w.doing)
}

// withQuery returns how a path is written with a query.
func withQuery(query string) func(string) string {
	return func(path string) string { return path + query }
}
