package suite

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/internal/reply"
	"github.com/losantmock/losantmock/contract/live"
)

// What others may change is read again: a difference counts where it shows in this
// many tries in which nobody changed anything, of this many tries in all.
const (
	quietTries = 2
	mostTries  = 5
)

// seesOthers reports whether the response to a call depends on what others change: it
// reads more than this run's own webhooks.
func (r *run) seesOthers(call live.Call) bool {
	path, _, _ := strings.Cut(call.Target, "?")
	return call.Method == http.MethodGet && strings.HasPrefix(path, "/applications") && !r.made[strings.ToLower(path)] && !strings.Contains(call.Target, r.prefix)
}

// tryAgain tries a case again that found differences in what others may change, and
// returns what it finds. A difference that does not last could not be checked.
func (r *run) tryAgain(c testCase, first []found) []found {
	quiet := 0
	lasting := func(found) bool { return true }
	for range mostTries {
		before := r.snapshot()
		again := r.try(c, true)
		if before == "" || before != r.snapshot() {
			continue
		}
		earlier := lasting
		lasting = func(f found) bool { return earlier(f) && slices.ContainsFunc(again, f.sameDifference) }
		if quiet++; quiet == quietTries || !slices.ContainsFunc(first, func(f found) bool { return f.isDoubtful() && lasting(f) }) {
			break
		}
	}
	for i := range first {
		if f := &first[i]; f.isDoubtful() && (quiet < quietTries || !lasting(*f)) {
			f.Verdict, f.Source = contract.CouldNotCheck, ""
			f.Message = "changed by others: " + f.Message
		}
	}
	return first
}

// sameDifference reports whether another finding is about the same difference.
func (f found) sameDifference(other found) bool {
	return other.differs() && f.Check == other.Check && f.Operation == other.Operation && f.Field == other.Field
}

// snapshot returns a text that changes when somebody changes the application or its
// webhooks; blank where it can't be known.
func (r *run) snapshot() string {
	var seen []string
	for _, target := range []string{"/applications/" + r.ApplicationID, fmt.Sprintf("%s?perPage=%d", r.hooks(), longestRun)} {
		e, err := r.Client.Do(r.ctx, live.Call{Method: http.MethodGet, Target: target})
		if err != nil {
			return ""
		}
		a := reply.Of(e)
		seen = append(seen, fmt.Sprint(e.Status, a.Fields["lastUpdated"], a.Fields["summary"], a.Fields["totalCount"]))
		var items []string
		for _, item := range a.Items() {
			items = append(items, fmt.Sprint(item["id"], item["lastUpdated"]))
		}
		seen = append(seen, slices.Sorted(slices.Values(items))...)
	}
	return strings.Join(seen, "\n")
}
