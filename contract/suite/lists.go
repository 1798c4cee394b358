package suite

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/losantmock/losantmock/contract/filter"
	"github.com/losantmock/losantmock/contract/live"
)

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

func (r *run) count() {
	total := func() int { return r.get(r.hooks() + "?perPage=1&" + r.mine()).total() }
	before := total()
	a := r.send(http.MethodPost, r.hooks(), map[string]any{"name": r.prefix + "counted"})
	r.want(total() == before+1, "webhooks.totalCount", "want one more after a webhook was created")
	r.call(live.Call{Method: http.MethodDelete, Target: r.hook(a.fields)})
	r.want(total() == before, "webhooks.totalCount", "want one less after a webhook was deleted")
}
