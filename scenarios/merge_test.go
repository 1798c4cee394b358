package scenarios_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/losantmock/losantmock/scenarios"
)

// Of several files lists come together, and of each single setting the last one counts.
func TestSettingsOfSeveralFiles(t *testing.T) {
	t.Parallel()
	merge := func(texts ...string) *scenarios.Scenario {
		t.Helper()
		var sources []scenarios.Source
		for _, text := range texts {
			sources = append(sources, scenarios.Source{Name: "f", Text: []byte(text)})
		}
		s, err := scenarios.Limits{}.Merge(sources...)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	got := merge(`
api: {version: 1.28.3, rateLimit: {calls: 5, per: 1m}}
clock: {mode: ticking, at: "2016-06-13T04:00:00Z", step: 2s}
ids: {seed: 1}
triggers: {replyTimeout: 2s, maxBody: 100, maxHeld: 3, rateLimit: {calls: 1, per: 1s}}
pedantic: {seed: 5}
`, `
api: {rateLimit: {calls: 7, per: 2m}}
clock: {mode: fixed, at: "2017-06-13T04:00:00Z"}
triggers: {maxHeld: 7}
pedantic: {}
`)
	seed, pedanticSeed := uint64(1), uint64(5)
	want := &scenarios.Scenario{
		API:      scenarios.API{Version: "1.28.3", RateLimit: scenarios.RateLimit{Calls: 7, Per: 2 * time.Minute}},
		Clock:    scenarios.Clock{Mode: scenarios.ClockFixed, At: time.Date(2017, 6, 13, 4, 0, 0, 0, time.UTC), Step: 2 * time.Second},
		IDs:      scenarios.IDs{Seed: &seed},
		Triggers: scenarios.Triggers{ReplyTimeout: 2 * time.Second, MaxBody: 100, MaxHeld: 7, RateLimit: scenarios.RateLimit{Calls: 1, Per: time.Second}},
		Pedantic: &scenarios.Pedantic{Seed: &pedanticSeed},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	// A real clock has neither a beginning nor a step.
	ofReal := merge(`clock: {mode: fixed, at: "2016-06-13T04:00:00Z"}`, `clock: {mode: real}`)
	if want := (scenarios.Clock{Mode: scenarios.ClockReal}); ofReal.Clock != want || ofReal.Check() != nil {
		t.Errorf("%+v, %v", ofReal.Clock, ofReal.Check())
	}
}
