package expect

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/losantmock/losantmock/mockserver/internal/limit"
)

// What is kept is bounded, in number and in bytes, and counts in the budget.
func TestTheLatestAreKept(t *testing.T) {
	t.Parallel()
	budget := limit.NewBudget(1 << 30)
	l := NewLog(budget)
	for range MostKept + 5 {
		l.Add(Expectation{})
	}
	all := l.All()
	if len(all) != MostKept || all[0].ID != MostKept+5 || len(l.Since(MostKept)) != 5 {
		t.Errorf("%d are kept, from %d", len(all), all[0].ID)
	}
	long := strings.Repeat("é", 1<<20)
	for range 50 {
		changed := l.Next()
		l.Add(Expectation{Message: long, Pattern: json.RawMessage(long), NearMisses: []NearMiss{{Differences: []Difference{{Got: long}}}}})
		<-changed
	}
	last := l.All()[0]
	if held := budget.Held(); held > mostBytes || held < mostBytes/2 || len(l.All()) > 20 {
		t.Errorf("%d bytes are held for %d", held, len(l.All()))
	}
	if !strings.HasSuffix(last.Message, "é...") || len(last.Message) > mostOfMessage+3 || last.Pattern != nil || len(last.NearMisses[0].Differences[0].Got) > mostOfText+3 {
		t.Errorf("%d bytes of a message, %d of a pattern", len(last.Message), len(last.Pattern))
	}
	l.Clear()
	if len(l.All()) != 0 || budget.Held() != 0 || l.Add(Expectation{}) != MostKept+56 {
		t.Errorf("%v, %d bytes", l.All(), budget.Held())
	}
}

// A budget that is used up evicts the oldest.
func TestABudgetEvictsTheOldest(t *testing.T) {
	t.Parallel()
	l := NewLog(limit.NewBudget(4 * overhead))
	for range 20 {
		l.Add(Expectation{})
	}
	if all := l.All(); len(all) == 0 || len(all) > 4 || all[0].ID != 20 {
		t.Errorf("%+v", all)
	}
}
