package suite

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/internal/sample"
)

// needTwo ends a case that compares webhooks of a list, where that has too few.
func (r *run) needTwo(webhooks int) {
	switch {
	case webhooks >= 2:
	case r.Write:
		r.couldNot("fewer than 2 of the webhooks that the run made are listed")
	default:
		r.couldNot("the application has fewer than 2 webhooks: let the run write, or take an application that has more")
	}
}

// pages reads a list in pages: they hold each item once, and agree on how
// many there are.
func (r *run) pages() {
	total := r.get(r.hooks() + "?perPage=1" + r.scope()).Total()
	r.needTwo(total)
	third := min((total+2)/3, longestRun)
	for _, size := range []int{third, 1, min(total, longestRun)} {
		r.pagesOf(size, total)
	}
	a := r.get(fmt.Sprintf("%s?perPage=%d&page=%d%s", r.hooks(), third, total, r.scope()))
	r.wantStatus(a, http.StatusOK, "the page behind the last")
	r.want(len(a.Items()) == 0, "webhooks.items", fmt.Sprintf("want none behind the last page, got %d", len(a.Items())))
	r.want(a.Lost() || a.Total() == total, "webhooks.totalCount", fmt.Sprintf("behind the last page: want %d, got %d", total, a.Total()))
}

// pagesOf reads the first pages of a size.
func (r *run) pagesOf(size, total int) {
	pages := min((total+size-1)/size, 3)
	seen := map[string]bool{}
	counted := 0
	for page := range pages {
		a := r.get(fmt.Sprintf("%s?perPage=%d&page=%d%s", r.hooks(), size, page, r.scope()))
		r.want(a.Lost() || a.Total() == total, "webhooks.totalCount", fmt.Sprintf("want %d as on the page before, got %d", total, a.Total()))
		counted += len(a.IDs())
		for _, id := range a.IDs() {
			seen[id] = true
		}
		if a.Lost() {
			return
		}
	}
	want := min(total, pages*size)
	r.want(counted == want && len(seen) == want, "webhooks.items",
		fmt.Sprintf("want %d webhooks on %d pages of %d, got %d, of which %d are different", want, pages, size, counted, len(seen)))
}

// sortedLists reads a list in every order. That each is in its order is
// checked with the response; here, that each has the same items, and the run's own
// webhooks as they were written.
func (r *run) sortedLists() {
	var ids []string
	listed := r.get(r.hooks() + "?perPage=1" + r.scope())
	for _, order := range sample.Orders(r.API.Operation(contract.OperationWebhooksGet)) {
		a := r.whole(order + r.scope())
		if a.Status != http.StatusOK {
			r.want(a.Lost() || listed.Status != http.StatusOK, "", "a list by "+order+": want 200 OK as without an order, got "+contract.StatusText(a.Status))
			continue
		}
		got := slices.Sorted(slices.Values(a.IDs()))
		if ids == nil {
			ids = got
		}
		r.want(a.Total() > longestRun || slices.Equal(got, ids), "webhooks.items",
			fmt.Sprintf("by %s: want the same %d webhooks as in another order, got %d", order, len(ids), len(got)))
		r.wantSameItems(r.own, a, "in a list by "+order)
	}
	r.needTwo(len(ids))
}

// fewPerPage makes several pages of the run's own webhooks, with a last one that is
// not full.
const fewPerPage = 3

// pagesInEveryOrder reads the run's own webhooks in pages, by each order: one page
// goes on where the one before ended, also among names that are the same. Those may
// come in any order.
func (r *run) pagesInEveryOrder() {
	for _, order := range sample.Orders(r.API.Operation(contract.OperationWebhooksGet)) {
		query := r.hooks() + "?" + order + "&" + r.mine()
		whole := r.get(query)
		if whole.Status != http.StatusOK {
			continue // which sortedLists reports
		}
		want := whole.Items()
		var got []map[string]any
		for page := 0; page*fewPerPage < len(want); page++ {
			got = append(got, r.get(fmt.Sprintf("%s&perPage=%d&page=%d", query, fewPerPage, page)).Items()...)
		}
		field, _, _ := strings.Cut(strings.TrimPrefix(order, "sortField="), "&")
		sorted := func(items []map[string]any) []string { return slices.Sorted(slices.Values(valuesOf(items, "id"))) }
		r.want(slices.Equal(valuesOf(got, field), valuesOf(want, field)) && slices.Equal(sorted(got), sorted(want)), "webhooks.items",
			fmt.Sprintf("by %s: pages of %d are not the whole list of %d webhooks", order, fewPerPage, len(want)))
	}
}

// valuesOf returns the values of a property in a list, in small letters.
func valuesOf(items []map[string]any, name string) []string {
	var values []string
	for _, item := range items {
		values = append(values, strings.ToLower(fmt.Sprint(item[name])))
	}
	return values
}

// longPages makes one webhook more than a page has by default: such a page is full, and a
// longer one has them all.
func (r *run) longPages() {
	list := r.hooks() + "?" + r.mine()
	usual, _ := strconv.Atoi(new(contract.Request).Text(r.API.Operation(contract.OperationWebhooksGet), "perPage"))
	var added []string
	for range usual + 1 - r.get(list).Total() {
		a := r.send(http.MethodPost, r.hooks()+"?_actions=false&_links=false", map[string]any{"name": r.prefix + "page"})
		if a.Text("id") == "" {
			break
		}
		added = append(added, r.hook(a.Fields))
	}
	for query, size := range map[string]int{"": usual, fmt.Sprintf("&perPage=%d", usual+1): usual + 1} {
		a := r.get(list + query)
		if capped, ok := a.Fields["perPage"].(float64); ok { // the largest perPage is not public
			size = min(size, int(capped))
		}
		want := min(a.Total(), size)
		r.wantBy(contract.Inferred, a.Status != http.StatusOK || len(a.Items()) == want, "webhooks.items",
			fmt.Sprintf("a page of %d: want %d of %d webhooks, got %d", size, want, a.Total(), len(a.Items())))
	}
	for _, path := range added {
		r.delete(path)
	}
}

func (r *run) count() {
	total := func() int { return r.get(r.hooks() + "?perPage=1&" + r.mine()).Total() }
	before := total()
	a := r.send(http.MethodPost, r.hooks()+"?_actions=false&_links=false", map[string]any{"name": r.prefix + "counted"})
	if a.Status != http.StatusCreated {
		return
	}
	r.want(total() == before+1, "webhooks.totalCount", "want one more after a webhook was created")
	r.delete(r.hook(a.Fields))
	r.want(total() == before, "webhooks.totalCount", "want one less after a webhook was deleted")
}
