package suite

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"reflect"
	"slices"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/internal/sample"
	"github.com/losantmock/losantmock/contract/live"
)

const (
	mostDrawn  = 30 // bodies
	mostShrunk = 60 // requests that look for a smaller one
)

// drawnBodies changes a webhook with bodies that are drawn. It reports each kind of
// problem once, with the smallest body that still shows it, or else the one that was
// drawn.
func (r *run) drawnBodies() {
	name := r.mineToChange()["name"]
	defer func() { r.problems(map[string]any{"name": name}) }() // which may have been drawn
	d := sample.Drawer{Random: rand.New(rand.NewPCG(r.Seed, 0)), Schema: r.API.Schema("webhookPatch"), NamePrefix: r.prefix}
	known := map[string]bool{}
	tries := 0
	for range mostDrawn {
		body, before := d.Body(r.changeable()), maps.Clone(r.own[0])
		fails := func(body map[string]any) (*contract.Exchange, []contract.Finding) {
			found := slices.DeleteFunc(r.problems(body), func(f contract.Finding) bool { return known[kindOf(f)] })
			return r.last, found
		}
		shown, found := fails(body)
		if len(found) == 0 {
			continue
		}
		sample.Shrunk(body, func(smaller map[string]any) bool {
			if tries++; tries > mostShrunk {
				return false
			}
			r.restore(before)
			e, again := fails(smaller)
			if len(again) > 0 {
				shown, found = e, again
			}
			return len(again) > 0
		})
		r.last = shown
		for _, f := range found {
			known[kindOf(f)] = true
			f.Message += fmt.Sprintf(" (drawn with seed %d)", r.Seed)
			r.add(f)
		}
	}
}

// kindOf returns what findings share that are about the same problem.
func kindOf(f contract.Finding) string { return fmt.Sprint(f.Check, f.Operation, f.Field) }

// restore changes the first webhook of the run back to what it was, one property after
// the other: a change of several may be what fails.
func (r *run) restore(before map[string]any) {
	for _, name := range r.changeable() {
		if was, there := before[name]; there && !reflect.DeepEqual(was, r.own[0][name]) {
			r.problems(map[string]any{name: was})
		}
	}
}

// problems changes the first webhook of the run, and returns what is wrong with
// that.
func (r *run) problems(body map[string]any) []contract.Finding {
	a := r.ask(live.Call{Method: http.MethodPatch, Target: r.hook(r.own[0]), Body: encoded(body)})
	if a.Lost() {
		return nil
	}
	found := slices.DeleteFunc(slices.Clone(r.API.Check(a.Exchange)), func(f contract.Finding) bool { return f.Verdict != contract.Breaks })
	asked := r.last
	read := r.ask(live.Call{Method: http.MethodGet, Target: r.hook(r.own[0])})
	r.last = asked // which shows what is wrong
	if read.Status != http.StatusOK {
		return found
	}
	want := r.own[0]
	if a.Status == http.StatusOK {
		want = maps.Clone(want)
		maps.Copy(want, sample.Normal(body).(map[string]any))
	}
	for _, name := range r.changeable() {
		if value, there := read.Fields[name]; there && want[name] != nil && !reflect.DeepEqual(want[name], value) {
			f := contract.NewFinding(contract.CheckEcho, contract.Documented, "webhook."+name, "is not what was written")
			f.Operation = contract.OperationWebhookPatch
			found = append(found, f)
		}
	}
	for _, name := range r.changeable() {
		if value, there := read.Fields[name]; there {
			r.own[0][name] = value
		}
	}
	r.own[0]["lastUpdated"] = read.Fields["lastUpdated"]
	return found
}
