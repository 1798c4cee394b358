package match

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/losantmock/losantmock/mockserver/internal/matcher"

	"github.com/agnivade/levenshtein"
	"github.com/losantmock/losantmock/contract"
)

// Names knows the names that a question can mention. An era of a world is one.
//
// A kind of names is called as the member of a request pattern that takes them:
// operation, scope, fault, application or webhook.
type Names interface {
	// FindName reports whether there is something of a kind with a name, and
	// returns the ids and tokens of what has that name.
	FindName(kind, name string) (keys []string, known bool)
	// NamesOf returns names of a kind. An error suggests the nearest of them.
	NamesOf(kind string) []string
}

// nameKinds are the kinds of names, with what an error calls a name of the kind.
var nameKinds = map[string]string{
	"operation":   "name",
	"scope":       "name",
	"fault":       "name",
	"application": "name or id",
	"webhook":     "name, id or token",
}

// Resolve returns criteria with the names that they mention looked up: in the
// present state, in the scenario, and in what the journal keeps. A name that
// nothing has is an error. If something with that name may have been evicted, the
// criteria match as they are, and complete is false.
func (k Kept[R, S]) Resolve(c Criteria[S]) (resolved Criteria[S], complete bool, err error) {
	resolved, complete = slices.Clone(c), k.Evicted == 0
	for i := range resolved {
		one := &resolved[i]
		for _, text := range matcher.WantedTexts(one.matcher) {
			known, err := k.resolve(one, text)
			if err != nil {
				return nil, false, err
			}
			complete = complete && known
		}
	}
	return resolved, complete, nil
}

func (k Kept[R, S]) resolve(one *Criterion[S], text string) (known bool, err error) {
	if valid := validTexts[one.Name]; valid != nil {
		if err := valid(text); err != nil {
			return false, matcher.ErrorAt("/"+one.Name, err)
		}
	}
	if nameKinds[one.Name] == "" {
		return true, nil
	}
	keys, known := k.names.FindName(one.Name, text)
	isRecord := isIdentified(one.Name)
	if isRecord || !known {
		recorded, kept := k.recorded(one.Name, text)
		keys, known = append(keys, recorded...), known || kept
	}
	if isRecord {
		one.got = alsoCalled(text, keys, one.got)
	}
	if !known && (!mayHaveBeenEvicted(one.Name) || !k.anyEvicted()) {
		return false, unknownName(k.names, one.Name, text)
	}
	return known, nil
}

// isIdentified reports whether what has a name of a kind has an id too.
func isIdentified(kind string) bool { return kind == "application" || kind == "webhook" }

// mayHaveBeenEvicted reports whether names of a kind come and go.
func mayHaveBeenEvicted(kind string) bool { return isIdentified(kind) || kind == "fault" }

// alsoCalled returns the function got of a criterion, which adds a name to the
// texts of a record with no more than a key of what has that name: when such a
// request arrived, what it is about did not exist. Ids may be in any case.
func alsoCalled[S any](name string, keys []string, got func(S) []*matcher.Text) func(S) []*matcher.Text {
	return func(s S) []*matcher.Text {
		texts := got(s)
		if len(texts) == 0 {
			return nil
		}
		isFirst := func(key string) bool { return strings.EqualFold(key, texts[0].String()) }
		if isFirst(name) || len(texts) == 1 && slices.ContainsFunc(keys, isFirst) {
			texts = append(texts, matcher.NewText(name))
		}
		return texts
	}
}

// recorded looks for a name among those of the records that the journal keeps,
// and returns all keys of the records that have it.
func (k Kept[R, S]) recorded(kind, name string) (keys []string, known bool) {
	if remembered, ok := k.names.(*rememberedNames); ok {
		return remembered.recorded(kind, name)
	}
	look := func(found []string) {
		if hasName(kind, name, found) {
			keys, known = append(keys, found...), true
		}
	}
	entries, _ := k.recorder.Snapshot()
	for _, e := range entries {
		look(NewSubject(e).namesOf(kind))
	}
	triggers, _ := k.recorder.FiredTriggers()
	for _, t := range triggers {
		look(newTriggerSubject(t).namesOf(kind))
	}
	return keys, known
}

// hasName reports whether a name is among the names of a kind that a record has.
func hasName(kind, name string, found []string) bool {
	return slices.Contains(found, name) || isIdentified(kind) && len(found) > 0 && strings.EqualFold(found[0], name)
}

func (k Kept[R, S]) anyEvicted() bool {
	_, requests := k.recorder.Snapshot()
	_, triggers := k.recorder.FiredTriggers()
	return requests+triggers > 0
}

// unknownError reports a name that nothing has.
type unknownError struct {
	*matcher.PatternError
	kind string
}

// Unwrap returns the error with its place in a pattern.
func (e unknownError) Unwrap() error { return e.PatternError }

// MayBecomeValid reports whether an error is about a name that something may have
// later, such as a webhook that is still to be created.
func MayBecomeValid(err error) bool {
	var unknown unknownError
	return errors.As(err, &unknown) && mayHaveBeenEvicted(unknown.kind)
}

// CheckScope returns an error if a token can't have a scope: the API does not know
// it, or it looks like a misspelling of one that the API knows.
func CheckScope(api *contract.API, scope string) error {
	known := api.Scopes()
	nearest := matcher.Nearest(scope, known)
	misspelt := nearest != "" && nearest != scope && levenshtein.ComputeDistance(scope, nearest) <= 2
	switch {
	case slices.Contains(known, scope) || api.KnowsScope(scope) && !misspelt:
		return nil
	case nearest != "":
		return fmt.Errorf("the API has no scope %q: did you mean %q?", scope, nearest)
	default:
		return fmt.Errorf("the API has no scope %q", scope)
	}
}

func unknownName(names Names, kind, name string) error {
	detail := fmt.Sprintf("no %s has the %s %q", kind, nameKinds[kind], name)
	if nearest := matcher.Nearest(name, names.NamesOf(kind)); nearest != "" {
		detail += fmt.Sprintf(": did you mean %q?", nearest)
	}
	if isIdentified(kind) {
		detail += fmt.Sprintf(" (before the %s is created, ask by a body or a path)", kind)
	}
	return unknownError{&matcher.PatternError{Pointer: "/" + kind, Detail: detail}, kind}
}
