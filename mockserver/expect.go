package mockserver

import "testing"

// question is what Requests and Triggers have in common for assertions.
type question interface {
	// Err tells what is wrong with the question itself.
	Err() error
	// Count tells how many answers there are.
	Count() int
	// Evicted tells how many the journal had to let go of.
	Evicted() uint64

	noun() string // of what it asks for
	wait(n int)   // for so many answers, as long as Within says
	sequences() []uint64
	explain(want, got int) string
}

// expect fails the test unless a question has exactly so many answers.
func expect(t testing.TB, q question, n int) {
	t.Helper()
	if err := q.Err(); err != nil {
		t.Fatalf("mockserver: the question can't be answered: %v", err)
		return
	}
	q.wait(max(n, 1))
	got := q.Count()
	switch evicted := q.Evicted(); {
	case got != n:
		t.Fatalf("%s", q.explain(n, got))
	case evicted > 0:
		t.Fatalf("mockserver: incomplete: the journal let go of %d %ss, which may have been among those asked for: see WithJournalLimits", evicted, q.noun())
	}
}

// InOrder fails the test unless the questions, all about requests or all about
// triggers, can be answered one after another: each by one that arrived after
// the one before.
func InOrder[Q Requests | Triggers](t testing.TB, questions ...Q) {
	t.Helper()
	var after uint64
	for i, asked := range questions {
		q := any(asked).(question)
		if err := q.Err(); err != nil {
			t.Fatalf("mockserver: question %d can't be answered: %v", i+1, err)
			return
		}
		q.wait(1)
		found := false
		for _, sequence := range q.sequences() {
			if sequence > after {
				after, found = sequence, true
				break
			}
		}
		if !found {
			t.Fatalf("mockserver: question %d of %d has no answer after %s #%d\n%s", i+1, len(questions), q.noun(), after, q.explain(1, 0))
			return
		}
	}
}
