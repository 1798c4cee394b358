package suite

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/filter"
)

// filters looks for a webhook by globs of its name. That what comes matches is
// checked with the response; here, that what matches comes.
func (r *run) filters() {
	webhook := r.webhook()
	name, _ := webhook["name"].(string)
	id := idOf(webhook)
	if name == "" || strings.ContainsAny(name, `*?[]{}\,!`) || len(name) > filter.MaxLength {
		r.couldNot("the webhook to look for has a name that is a glob itself, or too long for one")
	}
	runes := []rune(name)
	for _, glob := range []string{
		name, strings.ToUpper(name), strings.ToLower(name), string(runes[:len(runes)-1]) + "?", string(runes[:1]) + "*", "*" + string(runes[len(runes)-1:]),
	} {
		a := r.whole(byName(glob))
		r.want(a.lost() || slices.Contains(a.ids(), id) || a.total() > longestRun, "webhooks.items",
			fmt.Sprintf("want %q among what matches %q", name, glob))
	}
	r.filtersThatAreNone(id)
	for _, glob := range []string{NamePrefix + "no-such-name-" + r.RunID, name + "?" + r.RunID} {
		a := r.get(r.hooks() + "?perPage=1&" + byName(glob))
		r.want(a.total() == 0, "webhooks.totalCount", fmt.Sprintf("%s: want 0, got %d", glob, a.total()))
	}
}

// filtersThatAreNone looks for a webhook by filters that let all pass. Others may
// create and delete meanwhile, so that only this one is certain.
func (r *run) filtersThatAreNone(id string) {
	for _, query := range []string{
		byName("*"), "filterField=name&filter=", "filterField=name", "filterField=&filter=" + NamePrefix + "no-such-name", "filter=" + NamePrefix + "no-such-name",
	} {
		a := r.whole(query)
		r.want(a.Status != http.StatusOK || slices.Contains(a.ids(), id) || a.total() > longestRun, "webhooks.items", query+": want every webhook")
	}
}

// globs stand behind the prefix of the run's own webhooks, with how it is known
// what they match.
var globs = []struct {
	glob   string
	source contract.Source
}{
	{"*", contract.Documented},
	{"b", contract.Documented},
	{"b*", contract.Documented},
	{"*2", contract.Documented},
	{"b*2", contract.Documented},
	{"b 2*", contract.Documented},
	{"b%2", contract.Documented},
	{"d_e", contract.Documented},
	{"end ", contract.Documented},
	{"end", contract.Documented},
	{"B 2", contract.Inferred},
	{"d.e", contract.Inferred},
	{"f+(g)", contract.Inferred},
	{"f+*", contract.Inferred},
	{"(*", contract.Inferred},
	{"É$", contract.Inferred},
	{"ä", contract.Inferred},
	{"?", contract.Inferred},
	{"d?e", contract.Inferred},
	{"b ?", contract.Inferred},
	{"b?", contract.Inferred},
	{"[ac]", contract.Inferred},
	{"[a-c]", contract.Inferred},
	{"[!a-c]", contract.Inferred},
	{"{a,b}", contract.Ours},
}

// globsOfNames looks for the run's own webhooks by globs: what matches comes, and
// nothing else of the run.
func (r *run) globsOfNames() {
	r.mineToChange()
	for _, c := range globs {
		r.wantMatches(r.prefix+c.glob, c.source)
	}
	r.wantMatches("*"+r.RunID+"-b*", contract.Documented)
	r.wantMatches("*"+r.RunID+"-b", contract.Documented)
	r.wantMatches(strings.TrimPrefix(r.prefix, "l")+"b", contract.Documented)
	r.wantMatches(r.prefix, contract.Documented)
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
		if got := slices.Contains(a.ids(), idOf(hook)); got != matches {
			r.wantBy(source, false, "webhooks.items", fmt.Sprintf("the filter %q: %q matches: want %t, got %t", glob, name, matches, got))
		}
	}
}

// byName returns the query of a filter by name.
func byName(glob string) string { return "filterField=name&filter=" + url.QueryEscape(glob) }
