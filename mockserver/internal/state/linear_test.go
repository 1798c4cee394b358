package state_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"
	"github.com/losantmock/losantmock/cmd/lab/size"
	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/mockserver/internal/mocktest"
	"github.com/losantmock/losantmock/scenarios"
	"pgregory.net/rapid"
)

// serveAdmin sends a request to the admin API through a handler.
func serveAdmin(h http.Handler, method, target, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, "http://localhost"+target, strings.NewReader(body))
	if body != "" {
		r.Header.Set("Content-Type", "application/yaml")
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// operation is what a client did to a webhook.
type operation struct {
	kind        string // create, get, patch, delete or trigger
	description string // that was written
}

type told struct {
	id, token   string
	found       bool
	description string
}

// webhookState is a webhook as the model has it.
type webhookState struct {
	there       bool
	description string
}

// webhookModel says what a webhook is after an operation. Each webhook is
// looked at by itself.
var webhookModel = porcupine.Model{
	Partition: func(history []porcupine.Operation) [][]porcupine.Operation {
		byID := map[string][]porcupine.Operation{}
		for _, op := range history {
			id := op.Output.(told).id
			byID[id] = append(byID[id], op)
		}
		var parts [][]porcupine.Operation
		for _, part := range byID {
			parts = append(parts, part)
		}
		return parts
	},
	Init: func() any { return webhookState{} },
	Step: func(state, input, output any) (bool, any) {
		s, op, out := state.(webhookState), input.(operation), output.(told)
		switch op.kind {
		case "create":
			return !s.there, webhookState{true, op.description}
		case "get":
			return out.found == s.there && (!s.there || out.description == s.description), s
		case "patch":
			if s.there {
				return out.found, webhookState{true, op.description}
			}
			return !out.found, s
		case "delete":
			return out.found == s.there, webhookState{}
		default:
			return out.found == s.there, s
		}
	},
}

// history lets 16 clients create, read, change, delete and call webhooks, and
// gives what they did.
func history(h http.Handler, seed uint64, each int) []porcupine.Operation {
	const clients, slots = 16, 20
	var begun = time.Now()
	var live [slots]atomic.Pointer[told]
	var mu sync.Mutex
	var all []porcupine.Operation
	var running sync.WaitGroup
	for client := range clients {
		running.Go(func() {
			random := rand.New(rand.NewPCG(seed, uint64(client)))
			var mine []porcupine.Operation
			for i := range each {
				slot := &live[random.IntN(slots)]
				op, known := operation{kind: "create", description: fmt.Sprintf("%d-%d", client, i)}, slot.Load()
				if known != nil {
					op.kind = []string{"get", "get", "get", "patch", "patch", "trigger", "delete", "create"}[random.IntN(8)]
				}
				call := time.Since(begun).Nanoseconds()
				out := perform(h, op, known)
				mine = append(mine, porcupine.Operation{ClientId: client, Input: op, Call: call, Output: out, Return: time.Since(begun).Nanoseconds()})
				if op.kind == "create" {
					slot.Store(&out)
				}
			}
			mu.Lock()
			all = append(all, mine...)
			mu.Unlock()
		})
	}
	running.Wait()
	return all
}

func perform(h http.Handler, op operation, known *told) told {
	var answer struct{ ID, Token, Description string }
	var w *httptest.ResponseRecorder
	switch op.kind {
	case "create":
		w = mocktest.Serve(h, "POST", mocktest.WebhooksPath, `{"name":"w","description":"`+op.description+`"}`)
		_ = json.Unmarshal(w.Body.Bytes(), &answer)
		return told{id: answer.ID, token: answer.Token, found: true}
	case "get":
		w = mocktest.Serve(h, "GET", mocktest.WebhooksPath+"/"+known.id, "")
	case "patch":
		w = mocktest.Serve(h, "PATCH", mocktest.WebhooksPath+"/"+known.id, `{"description":"`+op.description+`"}`)
	case "delete":
		w = mocktest.Serve(h, "DELETE", mocktest.WebhooksPath+"/"+known.id, "")
	default:
		w = mocktest.Serve(h, "POST", "/webhooks/"+known.token, "")
	}
	_ = json.Unmarshal(w.Body.Bytes(), &answer)
	return told{id: known.id, token: known.token, found: w.Code == 200, description: answer.Description}
}

func busyWorld(t testing.TB) *mockserver.Server {
	t.Helper()
	s, err := mockserver.New(mockserver.WithJournalLimits(100, 1<<20), mockserver.WithWorld(&scenarios.Scenario{
		Triggers:     scenarios.Triggers{RateLimit: scenarios.RateLimit{Calls: 1 << 20, Per: time.Millisecond}},
		Applications: []scenarios.Application{{ID: mocktest.ApplicationID, Name: "a"}},
	}))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// Whatever clients do at once, each webhook behaves as if they had done it one
// after another.
func TestWebhooksAreLinearizable(t *testing.T) {
	t.Parallel()
	seeds, each := size.Of(3, 5, 500), size.Of(200, 1000, 1000)
	for seed := range seeds {
		if result := porcupine.CheckOperationsTimeout(webhookModel, history(busyWorld(t), uint64(seed), each), time.Minute); result != porcupine.Ok {
			t.Errorf("seed %d: %s", seed, result)
		}
	}
	t.Attr("C1", fmt.Sprintf("16 clients, %d operations each, %d seeds: linearizable", each, seeds))
}

// The check is worth something: a server that now and then gives an answer of
// before is found out.
func TestAStaleReadIsFound(t *testing.T) {
	t.Parallel()
	seeds := size.Of(5, 10, 100)
	found := 0
	for seed := range seeds {
		s := busyWorld(t)
		var before sync.Map
		var reads atomic.Int64
		stale := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method != http.MethodGet {
				s.ServeHTTP(w, r)
				return
			}
			recorded := httptest.NewRecorder()
			s.ServeHTTP(recorded, r)
			was, there := before.Swap(r.URL.Path, recorded)
			if there && reads.Add(1)%20 == 0 {
				recorded = was.(*httptest.ResponseRecorder)
			}
			w.WriteHeader(recorded.Code)
			_, _ = w.Write(recorded.Body.Bytes())
		})
		if porcupine.CheckOperationsTimeout(webhookModel, history(stale, uint64(seed), 300), time.Minute) == porcupine.Illegal {
			found++
		}
	}
	t.Attr("C1", fmt.Sprintf("a planted stale read found with %d of %d seeds", found, seeds))
	if found < (seeds+1)/2 { // how often the clients overlap is the machine's matter
		t.Errorf("found with %d of %d seeds", found, seeds)
	}
}

// modelled is a webhook as a slow and obvious store has it.
type modelled struct{ id, name, description, created string }

// Any sequence of requests gives what a slow and obvious store gives.
func TestTheStoreAgreesWithAModel(t *testing.T) {
	t.Parallel()
	sequences := size.Of(100, 400, 100_000)
	name := rapid.StringOfN(rapid.RuneFrom([]rune("abAB é")), 1, 3, -1)
	rapid.Check(t, func(t *rapid.T) {
		for range sequences / 100 { // rapid runs a hundred times
			s, err := mockserver.New(mockserver.WithJournalLimits(10, 1<<20), mockserver.WithWorld(&scenarios.Scenario{
				Clock:        scenarios.Clock{Mode: scenarios.ClockTicking, At: time.Date(2016, 6, 13, 4, 0, 0, 0, time.UTC)},
				Applications: []scenarios.Application{{ID: mocktest.ApplicationID, Name: "a"}},
			}))
			if err != nil {
				t.Fatal(err)
			}
			var model, loaded []modelled // now, and when a scenario was last loaded
			for range rapid.IntRange(1, 30).Draw(t, "steps") {
				switch rapid.IntRange(0, 20).Draw(t, "step") {
				case 0:
					model = slices.Clone(loaded)
					if w := serveAdmin(s, "POST", "/__admin/reset", ""); w.Code != 200 {
						t.Fatalf("%d %s", w.Code, w.Body)
					}
				case 1:
					loaded = slices.Clone(model)
					saved := serveAdmin(s, "GET", "/__admin/scenario", "")
					if w := serveAdmin(s, "PUT", "/__admin/scenario", saved.Body.String()); w.Code != 200 {
						t.Fatalf("%d %s", w.Code, w.Body)
					}
				default:
					model = step(t, s, model, name)
				}
			}
		}
	})
	t.Attr("C5", fmt.Sprintf("%d sequences of up to 30 requests, resets and reloads", sequences))
}

func step(t *rapid.T, s *mockserver.Server, model []modelled, name *rapid.Generator[string]) []modelled {
	kind := rapid.SampledFrom([]string{"create", "create", "patch", "delete", "get", "list", "list"}).Draw(t, "kind")
	at := -1
	if len(model) > 0 {
		at = rapid.IntRange(0, len(model)-1).Draw(t, "which")
	}
	switch {
	case kind == "create" || at < 0:
		text := name.Draw(t, "name")
		var made struct{ ID, CreationDate string }
		w := mocktest.Serve(s, "POST", mocktest.WebhooksPath, toJSONText(map[string]string{"name": text}))
		if err := json.Unmarshal(w.Body.Bytes(), &made); err != nil || w.Code != 201 {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
		return append(model, modelled{id: made.ID, name: text, created: made.CreationDate})
	case kind == "patch":
		text := name.Draw(t, "description")
		if w := mocktest.Serve(s, "PATCH", mocktest.WebhooksPath+"/"+model[at].id, toJSONText(map[string]string{"description": text})); w.Code != 200 {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
		model[at].description = text
	case kind == "delete":
		if w := mocktest.Serve(s, "DELETE", mocktest.WebhooksPath+"/"+model[at].id, ""); w.Code != 200 {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
		if w := mocktest.Serve(s, "GET", mocktest.WebhooksPath+"/"+model[at].id, ""); w.Code != 404 {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
		return slices.Delete(model, at, at+1)
	case kind == "get":
		var got struct{ Name, Description string }
		w := mocktest.Serve(s, "GET", mocktest.WebhooksPath+"/"+model[at].id, "")
		if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || got.Name != model[at].name || got.Description != model[at].description {
			t.Fatalf("%d %s, want %+v", w.Code, w.Body, model[at])
		}
	default:
		checkListed(t, s, model)
	}
	return model
}

func toJSONText(v any) string {
	text, _ := json.Marshal(v) // of texts
	return string(text)
}

// checkListed requests a list in some order, and again: the second time it may
// be remembered.
func checkListed(t *rapid.T, s *mockserver.Server, model []modelled) {
	field := rapid.SampledFrom([]string{"name", "id", "creationDate"}).Draw(t, "field")
	direction := rapid.SampledFrom([]string{"asc", "desc"}).Draw(t, "direction")
	page, perPage := rapid.IntRange(0, 2).Draw(t, "page"), rapid.IntRange(1, 5).Draw(t, "perPage")
	prefix := rapid.SampledFrom([]string{"", "a", "b"}).Draw(t, "prefix")
	var want []modelled
	for _, w := range model {
		if strings.HasPrefix(strings.ToLower(w.name), prefix) {
			want = append(want, w)
		}
	}
	slices.SortFunc(want, func(a, b modelled) int {
		key := map[string]int{"name": cmp.Compare(a.name, b.name), "id": 0, "creationDate": cmp.Compare(a.created, b.created)}[field]
		return cmp.Or(key, cmp.Compare(a.id, b.id))
	})
	if direction == "desc" {
		slices.Reverse(want)
	}
	total := len(want)
	want = want[min(page*perPage, total):min((page+1)*perPage, total)]
	for range 2 {
		w := mocktest.Serve(s, "GET", fmt.Sprintf("%s?sortField=%s&sortDirection=%s&page=%d&perPage=%d&filterField=name&filter=%s*", mocktest.WebhooksPath, field, direction, page, perPage, prefix), "")
		var got struct {
			TotalCount int
			Items      []struct{ ID, Name, Description string }
		}
		if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || got.TotalCount != total || len(got.Items) != len(want) {
			t.Fatalf("%d %s, want %d: %+v", w.Code, w.Body, total, want)
		}
		for i, item := range got.Items {
			if item.ID != want[i].id || item.Name != want[i].name || item.Description != want[i].description {
				t.Fatalf("%s, want %+v", w.Body, want)
			}
		}
	}
}
