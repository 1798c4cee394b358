package generic_test

import (
	"fmt"
	"net/http"
	"sync"
	"testing"

	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/mockserver/internal/mocktest"
	"github.com/tidwall/gjson"
)

// Whatever clients do at once, what each has made is as it has left it, and lists are
// complete.
func TestClientsAtOnceKeepTheirItems(t *testing.T) {
	t.Parallel()
	srv, err := mockserver.New(mockserver.WithDefinition(railway))
	if err != nil {
		t.Fatal(err)
	}
	serve := func(method, path, body string, want int) gjson.Result {
		w := mocktest.Serve(srv, method, path, body)
		if w.Code != want {
			t.Errorf("%s %s: %d %s", method, path, w.Code, w.Body)
		}
		return gjson.ParseBytes(w.Body.Bytes())
	}
	const clients, each = 8, 40
	var running sync.WaitGroup
	for n := range clients {
		running.Go(func() {
			for i := range each {
				name := fmt.Sprintf("%d-%d", n, i)
				path := linesPath + "/" + serve(http.MethodPost, linesPath, `{"name":"`+name+`"}`, 201).Get("id").String()
				serve(http.MethodPost, path+"/stops", `{"name":"quay"}`, 201)
				if got := serve(http.MethodPatch, path, `{"colour":"`+name+`"}`, 200); got.Get("name").String() != name {
					t.Errorf("%s", got)
				}
				sort := []string{"name", "id", "distance.total"}[i%3]
				serve(http.MethodGet, linesPath+"?perPage=5&sortField="+sort, "", 200)
				serve(http.MethodGet, linesPath+"?filterField=name&filter="+name+"&sortField="+sort, "", 200)
				if i%2 == 0 {
					serve(http.MethodDelete, path, "", 200)
				}
			}
		})
	}
	running.Wait()
	list := serve(http.MethodGet, linesPath+"?perPage=1000", "", 200)
	if got := list.Get("items.#").Int(); got != clients*each/2 || list.Get("totalCount").Int() != got {
		t.Errorf("%d of %s lines are left, want %d", got, list.Get("totalCount"), clients*each/2)
	}
	for _, line := range list.Get("items").Array() {
		if line.Get("colour").String() != line.Get("name").String() {
			t.Errorf("%s", line)
		}
	}
}
