package suite

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/internal/reply"
	"github.com/losantmock/losantmock/contract/live"
)

// get sends a GET and checks the response.
func (r *run) get(target string) reply.Reply {
	return r.call(live.Call{Method: http.MethodGet, Target: target})
}

// whole returns a list of the application's webhooks, on one page where they are no
// more than longestRun.
func (r *run) whole(query string) reply.Reply {
	return r.get(fmt.Sprintf("%s?perPage=%d&%s", r.hooks(), longestRun, query))
}

// send sends a body as JSON and checks the response.
func (r *run) send(method, target string, body any) reply.Reply {
	return r.call(live.Call{Method: method, Target: target, Body: encoded(body)})
}

// encoded returns a body as JSON.
func encoded(body any) []byte {
	text, err := json.Marshal(body)
	if err != nil {
		panic(err) // bodies are made here, of what JSON has
	}
	return text
}

// call sends a call and checks the exchange against the contract.
func (r *run) call(call live.Call) reply.Reply {
	a := r.ask(call)
	r.check(a)
	return a
}

// check checks a response against the contract.
func (r *run) check(a reply.Reply) {
	if a.Lost() {
		return
	}
	for _, f := range r.API.Check(a.Exchange) {
		r.add(f)
	}
	listed := map[string]bool{}
	for _, id := range a.IDs() {
		r.wantOf(contract.CheckPagination, contract.Documented, !listed[id] || id == "", "items", "an item is listed twice")
		listed[id] = true
	}
	for _, check := range contract.ExchangeChecks() {
		if !r.found[check] {
			r.pass(check)
		}
	}
}

// ask sends a call and does not check the exchange: for requests that lead to no
// operation. Without a response, and without one of the API, only this step of the
// case is lost: ask returns a response that is [reply.Reply.Lost].
func (r *run) ask(call live.Call) reply.Reply {
	r.last, r.skipped = nil, false
	r.stopWhenEnded()
	if !r.mayLogIn(call) {
		r.skipped = true
		return noResponse(call)
	}
	r.exposed = r.exposed || r.seesOthers(call)
	target, _, _ := strings.Cut(call.Target, "?")
	target = strings.TrimSuffix(target, "/")
	creates := call.Method == http.MethodPost && strings.HasSuffix(target, "/webhooks") && !strings.Contains(target, nowhereID)
	r.posted = r.posted || creates
	if call.Header = call.Header.Clone(); call.Header == nil {
		call.Header = http.Header{}
	}
	if call.Header.Get("Accept-Version") == "" {
		call.Header.Set("Accept-Version", "^"+r.API.Version.String())
	}
	e, err := r.Client.Do(r.ctx, call)
	if reason := r.loss(call, e, err); reason != "" {
		r.unconfirmed = r.unconfirmed || creates && (e == nil || e.Status != http.StatusTooManyRequests)
		lost := noResponse(call)
		r.observe(lost.Exchange)
		r.lose(err == nil, reason)
		return lost
	}
	r.failures, r.lastResponse = 0, time.Now()
	r.report.Requests++
	r.last = e
	r.covered.Add(r.API, e)
	r.observe(e)
	r.learn(call.Body, e.Body)
	a := reply.Of(e)
	hasID := anyID.MatchString(a.Text("id"))
	r.unconfirmed = r.unconfirmed || creates && (e.Status >= http.StatusInternalServerError || e.Status < 300 && !hasID)
	path := target + "/" + reply.IDOf(a.Fields)
	switch {
	case creates && e.Status < 300 && hasID:
		r.created = append(r.created, path)
		r.made[strings.ToLower(path)] = true
	case call.Method == http.MethodDelete && e.Status < 300:
		r.created = slices.DeleteFunc(r.created, func(p string) bool { return strings.EqualFold(p, target) })
	}
	r.remember(e)
	return a
}

func (r *run) observe(e *contract.Exchange) {
	if r.Observe != nil && !r.repeated {
		r.Observe(r.current.title, e)
	}
}

// noResponse stands for the response to a call that has none.
func noResponse(call live.Call) reply.Reply {
	return reply.Reply{Exchange: &contract.Exchange{Method: call.Method, URL: &url.URL{Opaque: call.Target}, RequestHeader: http.Header{}, RequestBody: call.Body, Header: http.Header{}}}
}

// hooks returns the path of the application's webhooks.
func (r *run) hooks() string { return "/applications/" + r.ApplicationID + "/webhooks" }

// mine returns the query that narrows a list to the webhooks of this run.
func (r *run) mine() string { return byName(r.prefix + "*") }

// scope returns the query that narrows lists to what only this run changes: in
// a run that writes, to its own webhooks.
func (r *run) scope() string {
	if r.Write {
		return "&" + r.mine()
	}
	return ""
}

// webhook returns a webhook to read.
func (r *run) webhook() map[string]any {
	if len(r.own) > 0 {
		return r.own[0]
	}
	items := r.get(r.hooks() + "?perPage=1").Items()
	if len(items) == 0 {
		r.couldNot("the application has no webhook to read: let the run write, or take an application that has some")
	}
	return items[0]
}

// hook returns the path of a webhook. Without its id the case ends.
func (r *run) hook(fields map[string]any) string {
	id, _ := fields["id"].(string)
	if !anyID.MatchString(id) {
		r.couldNot("no response has the id of the webhook")
	}
	return r.hooks() + "/" + id
}

// path returns an operation's path with ids in it.
func (r *run) path(op *contract.Operation, webhookID string) string {
	return strings.NewReplacer("{applicationId}", r.ApplicationID, "{webhookId}", webhookID).Replace(op.Path)
}
