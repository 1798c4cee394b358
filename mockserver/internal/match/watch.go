package match

import (
	"context"
	"slices"

	"github.com/losantmock/losantmock/mockserver/internal/effort"
	"github.com/losantmock/losantmock/mockserver/internal/recorder"
)

// Watch is a question that is asked of a journal again and again. Each look matches
// only the records that have changed since the one before, and undecided requests
// that wait for their response. It is not safe for concurrent use.
type Watch[R comparable, S any] struct {
	criteria Criteria[S]
	kept     func(*recorder.Recorder, Names) Kept[R, S]

	journal  *recorder.Recorder
	names    *rememberedNames
	version  int          // of the names that the results are about
	revision uint64       // of the journal, as far as it was looked at
	results  map[R]result // of the records that match, or are undecided
}

// result is what is known of a record that does not miss the criteria.
type result struct{ undecided error }

// NewWatch returns a question with criteria. The function returns the records that
// a journal keeps: [Requests] or [Triggers].
func NewWatch[R comparable, S any](c Criteria[S], kept func(*recorder.Recorder, Names) Kept[R, S]) *Watch[R, S] {
	return &Watch[R, S]{criteria: c, kept: kept}
}

// Find returns the records that match, of those that the journal keeps now. The
// error says what is wrong with the question, or is [effort.ErrLate] when the context is
// done; the next look then goes on where this one has ended.
func (w *Watch[R, S]) Find(ctx context.Context, j *recorder.Recorder, names Names) Found[R, S] {
	if w.journal != j || w.names.Names != names {
		w.journal, w.names = j, &rememberedNames{Names: names, journal: j, known: map[[2]string]*rememberedName{}}
		w.results, w.revision = map[R]result{}, 0
	}
	kept := w.kept(j, w.names)
	resolved, complete, err := kept.Resolve(ctx, w.criteria)
	if err == nil {
		err = w.look(ctx, kept, resolved)
	}
	if err != nil {
		return Found[R, S]{Kept: kept, Err: err}
	}
	kept = w.kept(j, w.names) // with what has arrived since, and was looked at
	found := newFound(kept, resolved, complete)
	if len(w.results) == 0 {
		return found
	}
	results := map[R]result{} // without those that were evicted
	for _, record := range kept.All {
		one, ok := w.results[record]
		if !ok {
			continue
		}
		found.add(record, one.undecided)
		results[record] = one
	}
	w.results = results
	return found
}

// look matches the records that have changed. What becomes known of a request before
// its response is no change, so that undecided ones are matched again until then.
func (w *Watch[R, S]) look(ctx context.Context, kept Kept[R, S], resolved Criteria[S]) error {
	if w.version != w.names.version { // other records may match now
		w.version, w.revision = w.names.version, 0
		clear(w.results)
	}
	if ctx.Err() != nil {
		return effort.ErrLate
	}
	changes, _, _ := w.journal.Since(w.revision)
	for _, change := range changes {
		if record, ok := recordOf[R](change); ok {
			w.match(ctx, record, kept.subject(record), resolved)
		}
		if ctx.Err() != nil {
			return effort.ErrLate // the last match may have been cut short
		}
		w.revision = change.Revision
	}
	for record, one := range w.results {
		if one.undecided != nil && isPending(record) {
			w.match(ctx, record, kept.subject(record), resolved)
		}
		if ctx.Err() != nil {
			return effort.ErrLate
		}
	}
	return nil
}

func (w *Watch[R, S]) match(ctx context.Context, record R, subject S, resolved Criteria[S]) {
	matched, undecided := resolved.Match(ctx, subject)
	if matched || undecided != nil {
		w.results[record] = result{undecided}
	} else {
		delete(w.results, record)
	}
}

// isPending reports whether a record is a request without a response.
func isPending(record any) bool {
	e, isRequest := record.(*recorder.Entry)
	return isRequest && e.Pending()
}

// recordOf returns what has changed, and reports whether it is of the kind R.
func recordOf[R any](change recorder.Change) (record R, ok bool) {
	if change.Entry != nil {
		record, ok = any(change.Entry).(R)
	} else {
		record, ok = any(change.Trigger).(R)
	}
	return record, ok
}

// rememberedNames are names, and those that a journal has, of which each change is
// looked at once. Its version changes when a name leads to something else.
type rememberedNames struct {
	Names
	journal *recorder.Recorder
	known   map[[2]string]*rememberedName // by kind and name
	version int
}

type rememberedName struct {
	present, recorded []string // keys of what has the name
	isRecorded        bool
	revision          uint64 // of the journal, as far as it was looked at
}

func (n *rememberedNames) of(kind, name string) *rememberedName {
	key := [2]string{kind, name}
	if n.known[key] == nil {
		n.known[key] = &rememberedName{}
	}
	return n.known[key]
}

// FindName finds a name in the present state.
func (n *rememberedNames) FindName(kind, name string) (keys []string, known bool) {
	keys, known = n.Names.FindName(kind, name)
	if one := n.of(kind, name); !slices.Equal(one.present, keys) {
		one.present = slices.Clone(keys)
		n.version++
	}
	return keys, known
}

// recorded finds a name among those of the records.
func (n *rememberedNames) recorded(kind, name string) (keys []string, known bool) {
	one := n.of(kind, name)
	changes, now, _ := n.journal.Since(one.revision)
	for _, change := range changes {
		found := namesOfChange(change, kind)
		if !hasName(kind, name, false, found) {
			continue
		}
		one.isRecorded = true
		for _, key := range found {
			if !slices.Contains(one.recorded, key) {
				one.recorded = append(one.recorded, key)
				n.version++
			}
		}
	}
	one.revision = now
	return one.recorded, one.isRecorded
}

func namesOfChange(change recorder.Change, kind string) []string {
	if change.Entry != nil {
		return NewSubject(change.Entry).namesOf(kind)
	}
	return newTriggerSubject(change.Trigger).namesOf(kind)
}
