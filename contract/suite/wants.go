package suite

import (
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/decode"
	"github.com/losantmock/losantmock/contract/internal/reply"
)

// same reports whether a property has the same value in two responses.
func same(name string, value, other any) bool {
	id, isText := value.(string)
	otherID, isOtherText := other.(string)
	if strings.HasSuffix(strings.ToLower(name), "id") && isText && isOtherText {
		return strings.EqualFold(id, otherID)
	}
	return reflect.DeepEqual(value, other)
}

// wantStatus checks the status of a response.
func (r *run) wantStatus(a reply.Reply, status int, doing string) {
	r.wantStatusBy(contract.Documented, a, status, doing)
}

// wantStatusBy is wantStatus for a status that is known from a source.
func (r *run) wantStatusBy(source contract.Source, a reply.Reply, status int, doing string) {
	r.wantBy(source, a.Lost() || a.Status == status, "",
		fmt.Sprintf("%s: want %s, got %s", doing, contract.StatusText(status), contract.StatusText(a.Status)))
}

// wantError checks that a request is refused with a status, and with words that
// the framework has for it; blank words are not checked.
func (r *run) wantError(a reply.Reply, status int, field, words, doing string) {
	r.wantStatusBy(contract.Observed, a, status, doing)
	if words != "" && a.Status == status {
		r.wantBy(contract.Observed, a.Text(field) == words, "error."+field, fmt.Sprintf("%s: want %q, got %s", doing, words, contract.Brief(a.Fields[field])))
	}
}

// wantJSON checks the content type of a response.
func (r *run) wantJSON(a reply.Reply, doing string) {
	given := a.Header.Get("Content-Type")
	kind, _ := decode.MediaType(given)
	r.wantOf(contract.CheckContentType, contract.Observed, kind == "application/json", "Content-Type", fmt.Sprintf("%s: want application/json, got %q", doing, given))
}

// wantSame checks that a response has the properties of a webhook as they are
// known, but for some. Every property is optional: one that is absent says
// nothing.
func (r *run) wantSame(known, got map[string]any, when string, but ...string) {
	for _, name := range r.API.Schema("webhook").Properties() {
		want, there := known[name]
		value, received := got[name]
		if there && received && !slices.Contains(but, name) {
			r.wantOf(contract.CheckEcho, contract.Documented, same(name, want, value), "webhook."+name, "is not as before, "+when)
		}
	}
}

// wantSameItems checks that webhooks which are in a list are there as they are known.
func (r *run) wantSameItems(known []map[string]any, list reply.Reply, when string) {
	for _, was := range known {
		for _, item := range list.Items() {
			if reply.IDOf(item) != reply.IDOf(was) {
				continue
			}
			r.wantSame(was, item, when)
			for _, name := range r.API.Schema("webhook").Properties() {
				r.wantOf(contract.CheckSchema, contract.Ours, was[name] == nil || item[name] != nil, "webhook."+name, "is absent from some responses")
			}
		}
	}
}

// wantReadBack checks that a webhook reads as it is known.
func (r *run) wantReadBack(known map[string]any, when string) {
	read := r.get(r.hook(known))
	r.wantOf(contract.CheckAvailability, contract.Documented, read.Lost() || read.Status == http.StatusOK, "", "want what is there, got "+contract.StatusText(read.Status))
	if read.Status == http.StatusOK {
		r.wantSame(known, read.Fields, when)
	}
}

// instants are when something happened by two clocks of a server: the one that it
// writes into webhooks, and the one of its header Date.
type instants struct{ written, sent time.Time }

// readInstants returns the instants of a response; nil where it lacks one.
func readInstants(a reply.Reply, name string) *instants {
	written, err := time.Parse(time.RFC3339, a.Text(name))
	if err != nil {
		return nil
	}
	sent, err := http.ParseTime(a.Header.Get("Date"))
	if err != nil {
		return nil
	}
	return &instants{written, sent}
}

// drift is how far two clocks of a server may go apart in a run: requests take
// time, and Date has no fractions.
const drift = time.Minute

// wantNow checks that a webhook was written at the time of the response. Both
// clocks may be wrong, but not in different ways.
func (r *run) wantNow(a reply.Reply) {
	now := readInstants(a, "lastUpdated")
	if now == nil {
		return
	}
	if r.first == nil {
		r.first = now
	}
	apart := now.written.Sub(r.first.written) - now.sent.Sub(r.first.sent)
	r.wantOf(contract.CheckEcho, contract.Documented, !r.finely() || apart.Abs() <= drift, "webhook.lastUpdated",
		fmt.Sprintf("want the time of the response, got %s at %s", a.Text("lastUpdated"), a.Header.Get("Date")))
}

// wantNew checks that a webhook was made when it was last changed, which is now. It may
// not say when.
func (r *run) wantNew(a reply.Reply) {
	r.wantNow(a)
	made, changed := readInstants(a, "creationDate"), readInstants(a, "lastUpdated")
	r.wantOf(contract.CheckEcho, contract.Inferred, made == nil || changed == nil || made.written.Sub(changed.written).Abs() <= drift, "webhook.creationDate",
		fmt.Sprintf("a new webhook: want about its lastUpdated, %s, got %s", a.Text("lastUpdated"), a.Text("creationDate")))
}

// finely reports whether the server's clock distinguishes requests, and so moves:
// each webhook was made at an instant of its own.
func (r *run) finely() bool {
	seen := map[string]bool{}
	for _, hook := range r.own {
		seen[fmt.Sprint(hook["creationDate"])] = true
	}
	return len(seen) > 1 && len(seen) == len(r.own)
}

// tick lets a clock of milliseconds move on, where the requests do not take as
// long.
func (r *run) tick() { r.pause(2 * time.Millisecond) }

// pause returns after a time, or when the run ends.
func (r *run) pause(d time.Duration) {
	select {
	case <-time.After(d):
	case <-r.ctx.Done():
	}
}
