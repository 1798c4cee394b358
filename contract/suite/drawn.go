package suite

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/live"
)

const (
	mostDrawn  = 30 // bodies
	mostShrunk = 60 // requests that look for a smaller one
)

// drawnBodies changes a webhook with bodies that are drawn, and reports the
// smallest that shows what is wrong with the first that fails.
//
// Library rapid draws and shrinks within the tests of Go alone.
func (r *run) drawnBodies() {
	name := r.mineToChange()["name"]
	defer func() { r.problems(map[string]any{"name": name}) }() // which may have been drawn
	d := drawer{r, rand.New(rand.NewPCG(r.Seed, 0))}
	for range mostDrawn {
		body := d.body()
		if len(r.problems(body)) == 0 {
			continue
		}
		tries := 0
		body = shrunk(body, func(smaller map[string]any) bool {
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
	if !a.came() {
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
		maps.Copy(want, normal(body).(map[string]any))
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

// drawer draws bodies.
type drawer struct {
	*run
	*rand.Rand
}

func (d *drawer) body() map[string]any {
	names := d.changeable()
	d.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
	body := map[string]any{}
	for _, name := range names[:d.IntN(min(len(names), 5)+1)] {
		body[name] = d.value(name)
	}
	return body
}

// value returns a value for a property, of which one in eight is of the wrong type.
func (d *drawer) value(name string) any {
	if d.IntN(8) == 0 {
		return wrongTypes[d.IntN(len(wrongTypes))].value
	}
	property := definitionOf(d.API.Schema("webhookPatch")).Properties[name]
	switch {
	case len(property.Enum) > 0:
		return property.Enum[d.IntN(len(property.Enum))]
	case property.Type == "boolean":
		return d.IntN(2) == 0
	case property.Type == "integer":
		return float64(d.IntN(700))
	case name == "name":
		return d.prefix + d.text(60) // by which it is found again
	default:
		return d.text(300)
	}
}

// letters have what servers confuse: marks, quotes, line breaks, pairs of UTF-16,
// and letters that combine. A terminal can show them all.
var letters = []rune("aZ09 \t\n\r\"'\\/<>&%+;:$.*?[](){}^|~`#@!-_\u00a0ßéÄİıǆΣς\u0301\ufffd漢字😀\U0001F468\u200d\U0001F469")

func (d *drawer) text(most int) string {
	var b strings.Builder
	for range d.IntN(most + 1) {
		b.WriteRune(letters[d.IntN(len(letters))])
	}
	return b.String()
}

// shrunk returns the smallest body that it finds for which something still fails:
// with fewer properties, and then with shorter texts.
func shrunk(body map[string]any, fails func(map[string]any) bool) map[string]any {
	for _, name := range slices.Sorted(maps.Keys(body)) {
		if smaller := without(body, name); fails(smaller) {
			body = smaller
		}
	}
	for _, name := range slices.Sorted(maps.Keys(body)) {
		text, _ := body[name].(string)
		for size := len([]rune(text)) / 2; size > 0; {
			letters := []rune(body[name].(string))
			at := 0
			for at+size <= len(letters) {
				shorter := string(slices.Concat(letters[:at], letters[at+size:]))
				if smaller := with(body, name, shorter); fails(smaller) {
					body, letters = smaller, []rune(shorter)
				} else {
					at += size
				}
			}
			size /= 2
		}
	}
	return body
}
