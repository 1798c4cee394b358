package match

import (
	"context"
	"errors"
	"slices"

	"github.com/losantmock/losantmock/mockserver/internal/recorder"
)

// ErrLate reports that the time was up before all records were matched.
var ErrLate = errors.New("the time was up before all that was recorded could be matched: allow more time, or use a simpler pattern")

// Watch is a question that is asked of a journal again and again. Each look matches
// only the records that have changed since the one before. It is not safe for
// concurrent use.
type Watch[R comparable, S any] struct {
	criteria Criteria[S]
	kept     func(*recorder.Recorder, Names) Kept[R, S]

	journal  *recorder.Recorder
	names    *rememberedNames
	records  Kept[R, S]  // at the first look at the journal
	resolved Criteria[S] // with the names as they are at this version
	version  int
	complete bool
	revision uint64     // of the journal, as far as it was looked at
	matches  map[R]bool // the records that match
}

// NewWatch returns a question with criteria. The function returns the records that
// a journal keeps: [Requests] or [Triggers].
func NewWatch[R comparable, S any](c Criteria[S], kept func(*recorder.Recorder, Names) Kept[R, S]) *Watch[R, S] {
	return &Watch[R, S]{criteria: c, kept: kept}
}

// Count returns how many records match, also those that were evicted since. The
// error says what is wrong with the question, or is [ErrLate] when the context is
// done; the next look then goes on where this one has ended.
func (w *Watch[R, S]) Count(ctx context.Context, j *recorder.Recorder, names Names) (int, error) {
	err := w.look(ctx, j, names)
	return len(w.matches), err
}

// Find returns the records that match, of those that the journal keeps now.
func (w *Watch[R, S]) Find(ctx context.Context, j *recorder.Recorder, names Names) Found[R, S] {
	kept := w.kept(j, names)
	if err := w.look(ctx, j, names); err != nil {
		return Found[R, S]{Kept: kept, Err: err}
	}
	found := Found[R, S]{Kept: kept, Incomplete: !w.complete || kept.Evicted > 0, criteria: w.resolved}
	for _, record := range kept.All {
		if w.matches[record] {
			found.Records = append(found.Records, record)
		}
	}
	return found
}

func (w *Watch[R, S]) look(ctx context.Context, j *recorder.Recorder, names Names) (err error) {
	if w.journal != j || w.names.Names != names {
		w.journal, w.names = j, &rememberedNames{Names: names, journal: j, known: map[[2]string]*rememberedName{}}
		w.records = w.kept(j, w.names)
		w.matches, w.revision = map[R]bool{}, 0
	}
	if w.resolved, w.complete, err = w.records.Resolve(w.criteria); err != nil {
		return err
	}
	if w.version != w.names.version { // other records may match now
		w.version, w.revision = w.names.version, 0
		clear(w.matches)
	}
	changes, _, _ := j.Since(w.revision)
	for _, change := range changes {
		if ctx.Err() != nil {
			return ErrLate
		}
		if record, ok := recordOf[R](change); ok {
			matched, err := w.resolved.Match(w.records.subject(record))
			if err != nil {
				return err
			}
			if matched {
				w.matches[record] = true
			} else {
				delete(w.matches, record)
			}
		}
		w.revision = change.Revision
	}
	return nil
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
		if !hasName(kind, name, found) {
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
