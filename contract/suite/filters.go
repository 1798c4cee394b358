package suite

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/filter"
	"github.com/losantmock/losantmock/contract/internal/reply"
	"github.com/losantmock/losantmock/contract/internal/sample"
)

// filters looks for a webhook by globs of its name. That what comes matches is
// checked with the response; here, that what matches comes.
func (r *run) filters() {
	webhook := r.webhook()
	name, _ := webhook["name"].(string)
	id := reply.IDOf(webhook)
	if name == "" || strings.ContainsAny(name, `*?[]{}\,!`) || len(name) > filter.MaxLength {
		r.couldNot("the webhook to look for has a name that is a glob itself, or too long for one")
	}
	runes := []rune(name)
	for _, glob := range []string{
		name, strings.ToUpper(name), strings.ToLower(name), string(runes[:len(runes)-1]) + "?", string(runes[:1]) + "*", "*" + string(runes[len(runes)-1:]),
	} {
		a := r.whole(byName(glob))
		r.want(a.Lost() || slices.Contains(a.IDs(), id) || a.Total() > longestRun, "webhooks.items",
			fmt.Sprintf("want %q among what matches %q", name, glob))
	}
	r.filtersThatAreNone(id)
	for _, glob := range []string{NamePrefix + "no-such-name-" + r.RunID, name + "?" + r.RunID, id} {
		a := r.get(r.hooks() + "?perPage=1&" + byName(glob))
		r.want(a.Total() == 0, "webhooks.totalCount", fmt.Sprintf("%s: want 0, got %d", glob, a.Total()))
	}
}

// filtersThatAreNone looks for a webhook by filters that let all pass. Others may
// create and delete meanwhile, so that only this one is certain.
func (r *run) filtersThatAreNone(id string) {
	for _, query := range []string{
		byName("*"), "filterField=name&filter=", "filterField=name", "filterField=&filter=" + NamePrefix + "no-such-name", "filter=" + NamePrefix + "no-such-name",
	} {
		a := r.whole(query)
		r.want(a.Status != http.StatusOK || slices.Contains(a.IDs(), id) || a.Total() > longestRun, "webhooks.items", query+": want every webhook")
	}
}

// globsOfNames looks for the run's own webhooks by globs: what matches comes, and
// nothing else of the run.
func (r *run) globsOfNames() {
	r.mineToChange()
	for _, c := range sample.Globs {
		r.wantMatches(r.prefix+c.Glob, c.Source)
	}
	r.wantMatches(r.prefix+strings.Repeat("b", 2*len(r.prefix)), contract.Documented) // longer than any name of the run
	r.wantMatches("*"+r.RunID+"-b*", contract.Documented)
	r.wantMatches("*"+r.RunID+"-b", contract.Documented)
	r.wantMatches(strings.TrimPrefix(r.prefix, "l")+"b", contract.Documented)
	r.wantMatches(r.prefix, contract.Documented)
	blank := r.get(r.hooks() + "?filterField=name&filter=" + r.prefix + "b%202") // where the others have a plus
	r.want(blank.Status != http.StatusOK || blank.Total() == r.whole(byName(r.prefix+"b 2")).Total(), "webhooks.totalCount", "a blank in a filter: want the same whether it is written as %20 or as a plus")
}

func (r *run) wantMatches(glob string, source contract.Source) {
	wanted, problem := filter.Compile(glob)
	a := r.whole(byName(glob))
	if a.Status != http.StatusOK || problem != nil {
		return
	}
	for _, hook := range r.own {
		name, _ := hook["name"].(string)
		matches := wanted.Match(strings.ToLower(name))
		if got := slices.Contains(a.IDs(), reply.IDOf(hook)); got != matches {
			r.wantBy(source, false, "webhooks.items", fmt.Sprintf("the filter %q: %q matches: want %t, got %t", glob, name, matches, got))
		}
	}
}

// byName returns the query of a filter by name.
func byName(glob string) string { return "filterField=name&filter=" + url.QueryEscape(glob) }
