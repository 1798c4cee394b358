package suite

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/decode"
	"github.com/losantmock/losantmock/contract/live"
)

// response is an exchange of the suite, with its body decoded.
type response struct {
	*contract.Exchange
	fields map[string]any
}

func (a response) text(name string) string {
	text, _ := a.fields[name].(string)
	return text
}

func (a response) total() int {
	n, _ := a.fields["totalCount"].(float64)
	return int(n)
}

func (a response) items() []map[string]any {
	list, _ := a.fields["items"].([]any)
	var items []map[string]any
	for _, item := range list {
		if fields, ok := item.(map[string]any); ok {
			items = append(items, fields)
		}
	}
	return items
}

// ids returns the ids of the items, in their order.
func (a response) ids() []string {
	var ids []string
	for _, item := range a.items() {
		id, _ := item["id"].(string)
		ids = append(ids, id)
	}
	return ids
}

// get sends a GET and checks the response.
func (r *run) get(target string) response {
	return r.call(live.Call{Method: http.MethodGet, Target: target})
}

// send sends a body as JSON and checks the response.
func (r *run) send(method, target string, body any) response {
	text, err := json.Marshal(body)
	if err != nil {
		panic(err) // bodies are made here, of what JSON has
	}
	return r.call(live.Call{Method: method, Target: target, Body: text})
}

// call sends a call and checks the exchange against the contract.
func (r *run) call(call live.Call) response {
	a := r.ask(call)
	for _, f := range r.API.Check(a.Exchange) {
		r.add(f)
	}
	for _, check := range contract.ExchangeChecks() {
		if !r.found[check] {
			r.report.Pass(check)
		}
	}
	return a
}

// ask sends a call and does not check the exchange: for requests that lead to no
// operation.
func (r *run) ask(call live.Call) response {
	if r.ctx.Err() != nil {
		r.last = nil
		r.couldNot("the run was ended")
	}
	creates := call.Method == http.MethodPost && strings.HasSuffix(call.Target, "/webhooks")
	r.posted = r.posted || creates
	e, err := r.Client.Do(r.ctx, call)
	if err != nil {
		r.last = &contract.Exchange{Method: call.Method, URL: &url.URL{Opaque: call.Target}, RequestBody: call.Body, RequestHeader: call.Header}
		r.couldNot(err.Error())
	}
	r.report.Requests++
	r.last = e
	r.covered.add(r.API, e)
	if r.Observe != nil {
		r.Observe(r.current.title, e)
	}
	if contract.Unavailable(e.Status) {
		r.couldNot("the response is " + contract.StatusText(e.Status))
	}
	decoded, _ := decode.JSON(e.Body) // the check reports what is not JSON
	fields, _ := decoded.(map[string]any)
	a := response{e, fields}
	path := strings.TrimSuffix(call.Target, "/") + "/" + a.text("id")
	switch {
	case creates && e.Status < 300 && a.text("id") != "":
		r.created = append(r.created, path)
	case call.Method == http.MethodDelete && e.Status < 300:
		r.created = slices.DeleteFunc(r.created, func(p string) bool { return p == call.Target })
	}
	return a
}

// cleanUpTime is how long cleaning up may take, also when the context has ended.
const cleanUpTime = 2 * time.Minute

// cleanUp deletes what the suite made: the webhooks whose creation was
// confirmed, and those with the run's name, of which the response was lost.
func (r *run) cleanUp() {
	if !r.posted {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.ctx), cleanUpTime)
	defer cancel()
	list, err := r.Client.Do(ctx, live.Call{Method: http.MethodGet, Target: r.hooks() + "?perPage=1000&" + r.mine()})
	if err == nil {
		decoded, _ := decode.JSON(list.Body)
		fields, _ := decoded.(map[string]any)
		for _, item := range (response{list, fields}).items() {
			id, _ := item["id"].(string)
			name, _ := item["name"].(string)
			// The server may ignore the filter, so the name is checked here too.
			if path := r.hooks() + "/" + id; strings.HasPrefix(name, r.prefix) && !slices.Contains(r.created, path) {
				r.created = append(r.created, path)
			}
		}
	}
	for _, path := range r.created {
		e, err := r.Client.Do(ctx, live.Call{Method: http.MethodDelete, Target: path})
		if err != nil || e.Status >= 300 && e.Status != http.StatusNotFound {
			r.report.LeftBehind = append(r.report.LeftBehind, path)
		}
	}
}

// hooks returns the path of the application's webhooks.
func (r *run) hooks() string { return "/applications/" + r.ApplicationID + "/webhooks" }

// mine returns the query that narrows a list to the webhooks of this run.
func (r *run) mine() string { return filtered(r.prefix + "*") }

func filtered(glob string) string {
	return "filterField=name&filter=" + url.QueryEscape(glob)
}

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
	items := r.get(r.hooks() + "?perPage=1").items()
	if len(items) == 0 {
		r.couldNot("the application has no webhook to read: let the run write, or take an application that has some")
	}
	return items[0]
}

// hook returns the path of a webhook.
func (r *run) hook(fields map[string]any) string {
	id, _ := fields["id"].(string)
	return r.hooks() + "/" + id
}

// path returns an operation's path with ids in it.
func (r *run) path(op *contract.Operation, webhookID string) string {
	return strings.NewReplacer("{applicationId}", r.ApplicationID, "{webhookId}", webhookID).Replace(op.Path)
}
