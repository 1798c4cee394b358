package api_test

import (
	"cmp"
	"fmt"
	"net/url"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/mockserver/internal/mocktest"
	"github.com/losantmock/losantmock/scenarios"
)

func TestListsAreSortedByEachFieldInBothDirections(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t, mockserver.WithScenario("paging"))
	for field, key := range map[string]func(mocktest.ListItem) string{
		"name":         func(i mocktest.ListItem) string { return i.Name },
		"id":           func(i mocktest.ListItem) string { return "" },
		"creationDate": func(i mocktest.ListItem) string { return i.CreationDate },
		"lastUpdated":  func(i mocktest.ListItem) string { return i.LastUpdated },
	} {
		up := mocktest.ListWebhooks(t, srv, "perPage=1000&sortField="+field)
		want := slices.Clone(up.Items)
		slices.SortFunc(want, func(a, b mocktest.ListItem) int {
			return cmp.Or(strings.Compare(key(a), key(b)), strings.Compare(a.ID, b.ID))
		})
		if len(up.Items) != 250 || !slices.Equal(up.Items, want) {
			t.Errorf("by %s, ties by id: %d items, out of order", field, len(up.Items))
		}
		down := mocktest.ListWebhooks(t, srv, "perPage=1000&sortDirection=desc&sortField="+field)
		slices.Reverse(down.Items)
		if !slices.Equal(up.Items, down.Items) {
			t.Errorf("by %s: descending is not the reverse of ascending", field)
		}
		if down.SortField != field || down.SortDirection != "desc" {
			t.Errorf("echoes %s %s", down.SortField, down.SortDirection)
		}
	}
}

func TestPages(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t, mockserver.WithScenario("paging"))
	all := mocktest.ListWebhooks(t, srv, "perPage=1000").Names()
	for _, filter := range []string{"", "&filterField=name&filter=*"} {
		for _, direction := range []string{"asc", "desc"} {
			for _, perPage := range []int{1, 7, 100, 249, 250, 251, 1000} {
				var got []string
				for page := 0; ; page++ {
					l := mocktest.ListWebhooks(t, srv, fmt.Sprintf("page=%d&perPage=%d&sortDirection=%s%s", page, perPage, direction, filter))
					if l.TotalCount != 250 || l.Count != len(l.Items) || l.Page != page || l.PerPage != perPage {
						t.Fatalf("page %d of %d: %+v", page, perPage, l)
					}
					if l.Count == 0 {
						break
					}
					got = append(got, l.Names()...)
				}
				if direction == "desc" {
					slices.Reverse(got)
				}
				if !slices.Equal(got, all) {
					t.Errorf("pages of %d %s%s are not the whole list", perPage, direction, filter)
				}
			}
		}
	}
	if l := mocktest.ListWebhooks(t, srv, ""); l.Count != 100 || l.PerPage != 100 || l.Page != 0 || l.SortField != "name" || l.SortDirection != "asc" || l.Filter != nil || l.FilterField != nil {
		t.Errorf("the defaults are %+v", l)
	}
}

func TestFilters(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t, mockserver.WithScenario("paging"))
	for _, c := range []struct {
		filter string
		want   []string
	}{
		{"my*webhook", []string{"My Webhook", "my other webhook", "my webhook"}},
		{"MY*WEBHOOK", []string{"My Webhook", "my other webhook", "my webhook"}},
		{"alpha", []string{"ALPHA", "Alpha", "alpha"}},
		{"alpha*", []string{"ALPHA", "Alpha", "Alphabet", "alpha"}},
		{"*ALPHA", []string{"ALPHA", "Alpha", "alpha"}},
		{"lpha", nil},
		{"device 1?", []string{"Device 10", "Device 11", "Device 12", "Device 13", "Device 14", "Device 15", "Device 16", "Device 17", "Device 18", "Device 19"}},
		{"device [12]", []string{"Device 1", "Device 2"}},
		{"device [!1]", []string{"Device 2", "Device 3", "Device 4", "Device 5", "Device 6", "Device 7", "Device 8", "Device 9"}},
		{"device {7,8}", []string{"Device 7", "Device 8"}},
		{`\*`, []string{"*"}},
		{`a\?b`, []string{"a?b"}},
		{"ZÜRICH", []string{"Zürich"}},
		{"å*", []string{"Ångström"}},
		{"東?", []string{"東京"}},
		{"*smile", []string{"😀 smile"}},
		{" *", []string{" leading blank"}},
		{"%zz", nil},
	} {
		raw := url.QueryEscape(c.filter)
		if c.filter == "%zz" {
			raw = c.filter
		}
		l := mocktest.ListWebhooks(t, srv, "filterField=name&filter="+raw)
		if got := l.Names(); !slices.Equal(got, c.want) || l.TotalCount != len(c.want) {
			t.Errorf("%s: %q, want %q", c.filter, got, c.want)
		}
		if *l.Filter != c.filter || *l.FilterField != "name" {
			t.Errorf("%s: echoes %s %s", c.filter, *l.FilterField, *l.Filter)
		}
	}
	for _, query := range []string{"filter=alpha", "filterField=&filter=alpha", "filterField=name", "filterField=name&filter="} {
		if l := mocktest.ListWebhooks(t, srv, query); l.TotalCount != 250 {
			t.Errorf("%s filters: %d", query, l.TotalCount)
		}
	}
	// A plus is a blank, and another matcher agrees on a plain pattern.
	got := mocktest.ListWebhooks(t, srv, "perPage=1000&filterField=name&filter=door+opened+*5").Names()
	var want []string
	for _, name := range mocktest.ListWebhooks(t, srv, "perPage=1000").Names() {
		if ok, _ := path.Match("door opened *5", name); ok {
			want = append(want, name)
		}
	}
	if len(want) == 0 || !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestListsKeepUpWithChanges(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t, mockserver.WithScenario("empty"))
	srv.AddApplication(scenarios.Application{Name: "Mine", ID: mocktest.ApplicationID})
	b, a := mocktest.Create(t, srv, `{"name":"b"}`), mocktest.Create(t, srv, `{"name":"a"}`)
	check := func(when string, want ...string) {
		t.Helper()
		for _, direction := range []string{"asc", "desc"} {
			l := mocktest.ListWebhooks(t, srv, "sortDirection="+direction)
			if direction == "desc" {
				slices.Reverse(l.Items)
			}
			if got := l.Names(); !slices.Equal(got, want) || l.TotalCount != len(want) {
				t.Errorf("%s, %s: %q, want %q", when, direction, got, want)
			}
		}
	}
	check("after two creates", "a", "b")
	mocktest.Send(t, srv.URL, "PATCH "+mocktest.WebhooksPath+"/"+a, `{"name":"c"}`, mocktest.SendsJSON)
	check("after a change of name", "b", "c")
	mocktest.Send(t, srv.URL, "DELETE "+mocktest.WebhooksPath+"/"+b, "")
	check("after a delete", "c")
	mocktest.Create(t, srv, `{"name":"c"}`)
	check("with two of one name", "c", "c")
}

func TestApplicationsAreListed(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	made := mocktest.Decode[map[string]any](t, mocktest.Send(t, srv.URL, "POST /applications", `{"name":"another","description":"d"}`, mocktest.SendsJSON))
	id := made["id"].(string)
	if made["applicationId"] != id || made["description"] != "d" || made["ownerType"] != "user" || made["_type"] != "application" {
		t.Errorf("made %v", made)
	}
	l := mocktest.Decode[mocktest.List](t, mocktest.Send(t, srv.URL, "GET /applications?sortDirection=desc", ""))
	if got := l.Names(); !slices.Equal(got, []string{"another", "My Application"}) {
		t.Errorf("listed %q", got)
	}
	l = mocktest.Decode[mocktest.List](t, mocktest.Send(t, srv.URL, "GET /applications?filterField=name&filter=my*&sortField=ownerId", ""))
	if got := l.Names(); !slices.Equal(got, []string{"My Application"}) {
		t.Errorf("filtered %q", got)
	}
	// Applications are apart from each other.
	mocktest.Send(t, srv.URL, "POST /applications/"+id+"/webhooks", `{"name":"w"}`, mocktest.SendsJSON)
	if l := mocktest.ListWebhooks(t, srv, ""); l.TotalCount != 1 {
		t.Errorf("the other application has %d webhooks", l.TotalCount)
	}
	one := mocktest.Decode[map[string]any](t, mocktest.Send(t, srv.URL, "GET /applications/"+id, ""))
	if count := one["summary"].(map[string]any)["webhookCount"]; count != 1.0 {
		t.Errorf("webhookCount is %v", count)
	}
}
