package state

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/losantmock/losantmock/contract/filter"
	"github.com/losantmock/losantmock/mockserver/internal/sorted"
	"github.com/losantmock/losantmock/scenarios"
	"pgregory.net/rapid"
)

// A filter finds the same by its prefix as by looking at every name, on every
// page, in every order.
func TestFiltersByPrefixFindTheSame(t *testing.T) {
	t.Parallel()
	name := rapid.StringOfN(rapid.RuneFrom([]rune("aAbB1*?É")), 1, 4, -1)
	rapid.Check(t, func(t *rapid.T) {
		names := rapid.SliceOfN(name, 1, 300).Draw(t, "names")
		a := newApplication(scenarios.Application{ID: "575ec8687ae143cd83dc4a97"})
		s := newStore()
		if err := s.addApplication(a); err != nil {
			t.Fatal(err)
		}
		for i, n := range names {
			hook := newWebhook(scenarios.Webhook{ID: fmt.Sprintf("%024x", i+1), Token: fmt.Sprint(i), Name: n, CreationDate: time.Unix(int64(i%7), 0)}, a.Holdings)
			if err := s.addWebhook(hook); err != nil {
				t.Fatal(err)
			}
		}
		text := rapid.SampledFrom([]string{"a*", "aB*", "a?", "b", "A1*", `a\*`, "É*", "ab*b", "a[ab]*", "{a,b}*", "z*"}).Draw(t, "filter")
		glob, problem := filter.Compile(text)
		if problem != nil {
			t.Fatal(problem)
		}
		l := Listing{
			SortField: rapid.SampledFrom([]string{"name", "id", "creationDate"}).Draw(t, "field"), SortDirection: rapid.SampledFrom([]string{"asc", "desc"}).Draw(t, "direction"),
			Page: rapid.IntRange(0, 3).Draw(t, "page"), PerPage: rapid.IntRange(1, 20).Draw(t, "perPage"), Glob: glob,
		}
		lower := func(hook *Webhook) string { return hook.lowerName }
		got, total := list(&s.mu, a.webhooks, l, nil, lower, func(n string) *Webhook { return &Webhook{lowerName: n} })
		want, wantTotal := sorted.Matching(a.webhooks.Snapshot(l.SortField), l.descending(), l.offset(), l.PerPage, func(hook *Webhook) bool { return glob.Match(lower(hook)) })
		if total != wantTotal || !slices.Equal(got, want) {
			t.Fatalf("%q: %d of %d, want %d of %d", text, len(got), total, len(want), wantTotal)
		}
	})
}

func TestPrefixesOfFilters(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{"Door*": "door", "door": "door", "*": "", "d?or": "d", `d\*`: "d", "{a,b}": "", "[ab]": "", "É*": "é"} {
		glob, problem := filter.Compile(text)
		if problem != nil || glob.Prefix() != want {
			t.Errorf("%q: %q %v", text, glob.Prefix(), problem)
		}
	}
}
