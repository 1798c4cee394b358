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

// drawnBodies changes a webhook with bodies that are drawn, and reports the
// smallest that shows what is wrong with the first that fails.
func (r *run) drawnBodies() {
	name := r.mineToChange()["name"]
	defer func() { r.problems(map[string]any{"name": name}) }() // which may have been drawn
	d := sample.Drawer{Random: rand.New(rand.NewPCG(r.Seed, 0)), Schema: r.API.Schema("webhookPatch"), NamePrefix: r.prefix}
	for range mostDrawn {
		body := d.Body(r.changeable())
		if len(r.problems(body)) == 0 {
			continue
		}
		tries := 0
		body = sample.Shrunk(body, func(smaller map[string]any) bool {
			tries++
			return tries <= mostShrunk && len(r.problems(smaller)) > 0
		})
		for _, f := range r.problems(body) {
			f.Message += fmt.Sprintf(" (drawn with seed %d)", r.Seed)
			r.add(f)
		}
		return
	}
}

// problems changes the first webhook of the run, and returns what is wrong with
// that.
func (r *run) problems(body map[string]any) []contract.Finding {
	a := r.ask(live.Call{Method: http.MethodPatch, Target: r.hook(r.own[0]), Body: encoded(body)})
	if a.lost() {
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
		if value, there := read.fields[name]; there && want[name] != nil && !reflect.DeepEqual(want[name], value) {
			f := contract.NewFinding(contract.CheckEcho, contract.Documented, "webhook."+name, "is not what was written")
			f.Operation = contract.OperationWebhookPatch
			found = append(found, f)
		}
	}
	for _, name := range r.changeable() {
		if value, there := read.fields[name]; there {
			r.own[0][name] = value
		}
	}
	r.own[0]["lastUpdated"] = read.fields["lastUpdated"]
	return found
}
