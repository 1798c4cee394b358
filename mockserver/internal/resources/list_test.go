package resources_test

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/losantmock/losantmock/mockserver/internal/resources"
)

// A list has the items that a slow model has, in its order, whatever was added, changed and
// deleted before, in whatever orders and by whatever properties lists were made.
func TestListsBesideAModel(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		store, in, model := resources.New(), resources.Place{Name: "things"}, map[string]*resources.Item{}
		drawn := func(t *rapid.T, id string) []byte {
			return fmt.Appendf(nil, `{"id":%q,"kind":%q,"size":%d}`, id, rapid.SampledFrom([]string{"", "a", "b", "a\"b", "5F0000000000000000000001", "5f0000000000000000000001"}).Draw(t, "kind"), rapid.IntRange(0, 3).Draw(t, "size"))
		}
		id := rapid.SampledFrom([]string{"1", "2", "3", "4", "5", "6"})
		t.Repeat(map[string]func(*rapid.T){
			"add": func(t *rapid.T) {
				id := id.Draw(t, "id")
				item := resources.NewItem(id, "", drawn(t, id))
				if err := store.Add(in, item); (err == nil) != (model[id] == nil) {
					t.Fatalf("%s: %v", id, err)
				} else if err == nil {
					model[id] = item
				}
			},
			"change": func(t *rapid.T) {
				id := id.Draw(t, "id")
				text := drawn(t, id)
				item, err := store.Change(in, id, func(was *resources.Item) *resources.Item { return was.Changed("", text) })
				if err != nil || (item == nil) != (model[id] == nil) {
					t.Fatalf("%s: %v %v", id, item, err)
				} else if item != nil {
					model[id] = item
				}
			},
			"delete": func(t *rapid.T) {
				id := id.Draw(t, "id")
				if store.Delete(in, id) != (model[id] != nil) {
					t.Fatal(id)
				}
				delete(model, id)
			},
			"list": func(t *rapid.T) {
				l := resources.Listing{SortField: rapid.SampledFrom([]string{"", "kind", "size"}).Draw(t, "sort"), Descending: rapid.Bool().Draw(t, "down"), Limit: 10}
				for _, h := range []resources.Having{
					{Property: "kind", Text: rapid.SampledFrom([]string{"", "a", "a\"b", "5F0000000000000000000001"}).Draw(t, "kind")}, {Property: "size", Text: "2"},
				} {
					if rapid.Bool().Draw(t, "has "+h.Property) {
						l.Having = append(l.Having, h)
					}
				}
				if rapid.Bool().Draw(t, "matches") {
					l.Matches = func(item *resources.Item) bool { return item.ID > "2" }
				}
				page, total := store.List(in, l)
				if want := listed(model, l); !slices.Equal(page, want) || total != len(want) {
					t.Fatalf("%+v: %v, want %v", l, page, want)
				}
			},
		})
	})
}

// listed returns what a list of a model's items has.
func listed(model map[string]*resources.Item, l resources.Listing) (items []*resources.Item) {
	for _, item := range model {
		has := func(h resources.Having) bool { return strings.EqualFold(item.Text(h.Property), h.Text) }
		if (l.Matches == nil || l.Matches(item)) && !slices.ContainsFunc(l.Having, func(h resources.Having) bool { return !has(h) }) {
			items = append(items, item)
		}
	}
	slices.SortFunc(items, func(a, b *resources.Item) int {
		by := 0
		if l.SortField != "" {
			by = strings.Compare(a.Text(l.SortField), b.Text(l.SortField))
		}
		return cmp.Or(by, strings.Compare(a.ID, b.ID))
	})
	if l.Descending {
		slices.Reverse(items)
	}
	return items
}
