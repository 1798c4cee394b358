package suite

import (
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/filter"
)

// readingCases change nothing on the server.
var readingCases = []testCase{
	{contract.CheckSelfDescribed, "GET / describes the API as the contract does", false, (*run).describeItself},
	{contract.CheckPositive, "every parameter with valid values", false, (*run).validParameters},
	{contract.CheckNegative, "every parameter with invalid values", false, (*run).invalidParameters},
	{contract.CheckStatus, "ids that lead nowhere", false, (*run).unknownIDs},
	{contract.CheckIgnoredAuth, "reading without a token", false, (*run).readWithoutToken},
	{contract.CheckIgnoredAuth, "reading with a token that nobody issued", false, (*run).readWithWrongToken},
	{contract.CheckMethod, "methods that a path does not support", false, (*run).unsupportedMethods},
	{contract.CheckCORS, "a page of another origin", false, (*run).otherOrigin},
	{contract.CheckContentType, "asking for HTML", false, (*run).acceptHTML},
	{contract.CheckHAL, "responses with and without their extras", false, (*run).switchExtras},
	{contract.CheckPagination, "pages of a list", false, (*run).pages},
	{contract.CheckSorting, "a list by each field in each direction", false, (*run).sortedLists},
	{contract.CheckFiltering, "filters of a list", false, (*run).filters},
	{contract.CheckIdempotence, "reading twice", false, (*run).readTwice},
	{contract.CheckAvailability, "reading what a list names", false, (*run).readListed},
}

const (
	nowhereID    = "000000000000000000000000"
	unknownToken = "Bearer losantmock-check-token-that-nobody-issued"
	longestRun   = 1000 // items that are read to see a whole list
)

// reading returns the operations that read.
func (r *run) reading() []*contract.Operation {
	var ops []*contract.Operation
	for _, resource := range r.API.Resources {
		for _, op := range resource.Actions {
			if op.Method == http.MethodGet {
				ops = append(ops, op)
			}
		}
	}
	return ops
}

// hookID returns the id of a webhook to read, where a path needs one.
func (r *run) hookID(op *contract.Operation) string {
	if !strings.Contains(op.Path, "{webhookId}") {
		return ""
	}
	id, _ := r.webhook()["id"].(string)
	return id
}

func (r *run) validParameters() {
	for _, op := range r.reading() {
		path := r.path(op, r.hookID(op))
		r.get(path)
		r.get(path + "?noSuchParameter=1")
		r.get(path + "/")
		for i := range op.Params {
			for _, value := range accepted(&op.Params[i]) {
				query := op.Params[i].Name + "=" + url.QueryEscape(value)
				if op.Params[i].Name == "filter" {
					query += "&filterField=name"
				}
				r.get(path + "?" + query)
			}
		}
	}
}

// accepted returns texts that the parameter allows.
func accepted(p *contract.Param) []string {
	texts := slices.Clone(p.Enum)
	if p.Whole != nil {
		texts = append(texts, strconv.Itoa(p.Whole.Min), strconv.Itoa(p.Whole.Min+1))
	}
	if p.BlankIsNone || p.Name == "filter" {
		texts = append(texts, "")
	}
	if len(texts) == 0 || p.Name == "filter" {
		texts = append(texts, p.ExampleText())
	}
	return texts
}

func (r *run) invalidParameters() {
	for _, op := range r.reading() {
		path := r.path(op, r.hookID(op))
		for i := range op.Params {
			for _, value := range refused(&op.Params[i]) {
				r.get(path + "?" + op.Params[i].Name + "=" + url.QueryEscape(value))
			}
			twice := op.Params[i].Name + "=" + url.QueryEscape(op.Params[i].ExampleText())
			r.get(path + "?" + twice + "&" + twice)
		}
		for _, param := range op.Resource.Params {
			own := map[string]string{"applicationId": r.ApplicationID, "webhookId": r.hookID(op)}[param.Name]
			for _, id := range []string{own[1:], own + "0", "x" + own[1:], "my-webhook"} {
				r.get(strings.Replace(path, own, id, 1))
			}
		}
	}
}

// refused returns texts that the parameter does not allow. Its maximum is not
// public, so that none is too large.
func refused(p *contract.Param) []string {
	switch {
	case len(p.Enum) > 0:
		return []string{"no-such-value", strings.ToUpper(p.Enum[0])}
	case p.Whole != nil:
		return []string{strconv.Itoa(p.Whole.Min - 1), "x", "1.5"}
	case p.Pattern != "":
		return []string{"x", p.ExampleText() + "0"}
	default:
		return nil
	}
}

func (r *run) unknownIDs() {
	for _, op := range r.reading() {
		if len(op.Resource.Params) == 0 {
			continue
		}
		// The last id of the path leads nowhere.
		path := r.path(op, nowhereID)
		if !strings.Contains(op.Path, "{webhookId}") {
			path = strings.Replace(op.Path, "{applicationId}", nowhereID, 1)
		}
		a := r.get(path)
		r.want(a.Status == http.StatusNotFound, "", "want 404 for what is not there, got "+contract.StatusText(a.Status))
	}
}

func (r *run) readWithoutToken() {
	for _, op := range r.reading() {
		r.wantRefused(Call{Method: op.Method, Target: r.path(op, r.hookID(op)), Auth: new("")}, http.StatusForbidden)
	}
	// What is malformed is reported before the token is looked at.
	r.wantRefused(Call{Method: http.MethodGet, Target: r.hooks() + "?sortField=none", Auth: new("")}, http.StatusBadRequest)
}

func (r *run) readWithWrongToken() {
	if r.AnyToken {
		return
	}
	for _, op := range r.reading() {
		r.wantRefused(Call{Method: op.Method, Target: r.path(op, r.hookID(op)), Auth: new(unknownToken)}, http.StatusUnauthorized)
	}
}

func (r *run) wantRefused(call Call, status int) {
	a := r.call(call)
	r.want(a.Status == status, "", fmt.Sprintf("want %s, got %s", contract.StatusText(status), contract.StatusText(a.Status)))
}

func (r *run) unsupportedMethods() {
	for _, op := range r.reading() {
		for _, method := range []string{http.MethodPut, http.MethodHead} {
			a := r.ask(Call{Method: method, Target: r.path(op, r.hookID(op))})
			allow := a.Header.Get("Allow")
			r.want(a.Status == http.StatusMethodNotAllowed, "", method+" "+op.Path+": want 405, got "+contract.StatusText(a.Status))
			r.want(a.Status != http.StatusMethodNotAllowed || strings.Contains(allow, op.Method), "Allow",
				fmt.Sprintf("%s %s: want %s in it, got %q", method, op.Path, op.Method, allow))
		}
	}
}

func (r *run) otherOrigin() {
	r.call(Call{Method: http.MethodGet, Target: r.hooks() + "?perPage=1", Header: http.Header{"Origin": {"https://example.com"}}})
	a := r.ask(Call{Method: http.MethodOptions, Target: r.hooks(), Header: http.Header{"Origin": {"https://example.com"}}, Auth: new("")})
	r.want(a.Status == http.StatusNoContent, "", "a preflight: want 204, got "+contract.StatusText(a.Status))
	for _, field := range []struct{ name, has string }{
		{"Access-Control-Allow-Headers", "authorization"}, {"Access-Control-Allow-Methods", "post"}, {"Access-Control-Allow-Origin", ""},
	} {
		got := a.Header.Get(field.name)
		r.want(got != "" && strings.Contains(strings.ToLower(got), field.has), field.name, fmt.Sprintf("a preflight: want %q in it, got %q", field.has, got))
	}
}

func (r *run) acceptHTML() {
	r.call(Call{Method: http.MethodGet, Target: r.hooks() + "?perPage=1", Header: http.Header{"Accept": {"text/html"}}})
	r.call(Call{Method: http.MethodGet, Target: r.hooks() + "?perPage=0", Header: http.Header{"Accept": {"text/html"}}})
}

func (r *run) switchExtras() {
	for _, path := range []string{r.hooks(), r.hook(r.webhook()), "/applications/" + r.ApplicationID} {
		for _, query := range []string{"", "?_actions=false", "?_links=false", "?_actions=false&_links=false", "?_actions=yes&_links=1"} {
			r.get(path + query)
		}
	}
}

// pages reads a list in pages: they hold each item once, and agree on how
// many there are.
func (r *run) pages() {
	total := r.get(r.hooks() + "?perPage=1" + r.scope()).total()
	if total < 2 {
		r.couldNot("the application has fewer than 2 webhooks: let the run write, or take an application that has more")
	}
	size := min(max(1, (total+2)/3), longestRun)
	pages := min((total+size-1)/size, 3)
	seen := map[string]bool{}
	counted := 0
	for page := range pages {
		a := r.get(fmt.Sprintf("%s?perPage=%d&page=%d%s", r.hooks(), size, page, r.scope()))
		r.want(a.total() == total, "webhooks.totalCount", fmt.Sprintf("want %d as on the page before, got %d", total, a.total()))
		counted += len(a.ids())
		for _, id := range a.ids() {
			seen[id] = true
		}
	}
	want := min(total, pages*size)
	r.want(counted == want && len(seen) == want, "webhooks.items",
		fmt.Sprintf("want %d webhooks on %d pages of %d, got %d, of which %d are different", want, pages, size, counted, len(seen)))
	a := r.get(fmt.Sprintf("%s?perPage=%d&page=%d%s", r.hooks(), size, total, r.scope()))
	r.want(len(a.items()) == 0, "webhooks.items", fmt.Sprintf("want none behind the last page, got %d", len(a.items())))
}

// sortedLists reads a list in every order. That each is in its order is
// checked with the response; here, that each has the same items.
func (r *run) sortedLists() {
	var ids []string
	for _, op := range r.API.Resource("webhooks").Actions {
		for i := range op.Params {
			if op.Params[i].Name != "sortField" {
				continue
			}
			for _, field := range op.Params[i].Enum {
				for _, direction := range []string{"asc", "desc"} {
					a := r.get(fmt.Sprintf("%s?perPage=%d&sortField=%s&sortDirection=%s%s", r.hooks(), longestRun, field, direction, r.scope()))
					got := slices.Sorted(slices.Values(a.ids()))
					if ids == nil {
						ids = got
					}
					r.want(a.total() > longestRun || slices.Equal(got, ids), "webhooks.items",
						fmt.Sprintf("by %s %s: want the same %d webhooks as in another order, got %d", field, direction, len(ids), len(got)))
				}
			}
		}
	}
	if len(ids) < 2 {
		r.couldNot("the application has fewer than 2 webhooks: let the run write, or take an application that has more")
	}
}

// filters looks for a webhook by globs of its name. That what comes matches is
// checked with the response; here, that what matches comes.
func (r *run) filters() {
	webhook := r.webhook()
	name, _ := webhook["name"].(string)
	id, _ := webhook["id"].(string)
	if name == "" || strings.ContainsAny(name, `*?[]{}\,!`) || len(name) > filter.MaxLength {
		r.couldNot("the webhook to look for has a name that is a glob itself, or too long for one")
	}
	runes := []rune(name)
	for _, glob := range []string{
		name, strings.ToUpper(name), strings.ToLower(name), string(runes[:len(runes)-1]) + "?", string(runes[:1]) + "*", "*" + string(runes[len(runes)-1:]),
	} {
		a := r.get(r.hooks() + "?perPage=1000&" + filtered(glob))
		r.want(slices.Contains(a.ids(), id) || a.total() > longestRun, "webhooks.items",
			fmt.Sprintf("want %q among what matches %q", name, glob))
	}
	total := r.get(r.hooks() + "?perPage=1").total()
	for _, c := range []struct {
		query string
		want  int
	}{
		{filtered("*"), total},
		{"filterField=name&filter=", total},
		{filtered(NamePrefix + "no-such-name-" + r.RunID), 0},
		{filtered(name + "?" + r.RunID), 0},
	} {
		a := r.get(r.hooks() + "?perPage=1&" + c.query)
		got := a.total()
		// Others may create and delete meanwhile: only nothing is certain.
		r.want(got == c.want || c.want > 0 && got > 0, "webhooks.totalCount", fmt.Sprintf("%s: want %d, got %d", c.query, c.want, got))
	}
}

func (r *run) readTwice() {
	for _, op := range r.reading() {
		path := r.path(op, r.hookID(op)) + "?" + strings.TrimPrefix(r.scope(), "&")
		if op.Resource.Name == "applications" {
			path = r.path(op, "") // others' applications may change
			r.get(path)
			r.get(path)
			continue
		}
		first, second := r.get(path), r.get(path)
		r.want(first.Status == second.Status, "", fmt.Sprintf("%s twice: %d, then %d", path, first.Status, second.Status))
		r.want(!r.Write || reflect.DeepEqual(r.known(op, first), r.known(op, second)), "", path+" twice: two different responses")
	}
}

// known returns the properties that the contract knows of the things in a
// response, by their ids. Their order among equals may change, and so may what
// the contract does not know.
func (r *run) known(op *contract.Operation, a response) map[string]any {
	schema := r.API.Schema(op.Resource.Name)
	things, names := []map[string]any{a.fields}, schema.Properties()
	if items := schema.ItemsOf(); items != "" {
		things, names = a.items(), r.API.Schema(items).Properties()
	}
	values := map[string]any{}
	for _, thing := range things {
		for _, name := range names {
			values[fmt.Sprint(thing["id"], ".", name)] = thing[name]
		}
	}
	return values
}

// readListed reads single webhooks of a list, which are as the list has them.
func (r *run) readListed() {
	list := r.get(r.hooks() + "?perPage=3" + r.scope())
	for _, item := range list.items() {
		a := r.get(r.hook(item))
		r.want(a.Status == http.StatusOK, "", "want what the list names, got "+contract.StatusText(a.Status))
		for _, name := range r.API.Schema("webhook").Properties() {
			r.want(a.Status != http.StatusOK || reflect.DeepEqual(a.fields[name], item[name]), "webhook."+name, "is not as the list has it")
		}
	}
}
