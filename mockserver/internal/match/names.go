package match

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/nearest"
	"github.com/losantmock/losantmock/mockserver/internal/effort"
	"github.com/losantmock/losantmock/mockserver/internal/matcher"
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
// criteria match as they are, and complete is false. It returns [effort.ErrLate] when
// the context is done.
func (k Kept[R, S]) Resolve(ctx context.Context, c Criteria[S]) (resolved Criteria[S], complete bool, err error) {
	resolved, complete = slices.Clone(c), k.Evicted == 0
	for i := range resolved {
		one := &resolved[i]
		for _, leaf := range matcher.Leaves(one.matcher) {
			if ctx.Err() != nil {
				return nil, false, effort.ErrLate
			}
			known, err := k.resolve(one, leaf)
			if err != nil {
				return nil, false, err
			}
			complete = complete && known
		}
	}
	return resolved, complete, nil
}

// resolve looks up the name that a part of a criterion mentions.
func (k Kept[R, S]) resolve(one *Criterion[S], leaf matcher.Matcher) (known bool, err error) {
	text, anyCase, isEqual := matcher.WantedText(leaf)
	if !isEqual {
		return true, k.checkMatched(one.Name, leaf)
	}
	if valid := validTexts[one.Name]; valid != nil {
		if err := valid(text); err != nil {
			return false, matcher.ErrorAt("/"+one.Name, err)
		}
	}
	if nameKinds[one.Name] == "" {
		return true, nil
	}
	var keys []string
	for _, name := range k.spellings(one.Name, text, anyCase) {
		found, ok := k.names.FindName(one.Name, name)
		keys, known = append(keys, found...), known || ok
	}
	isRecord := isIdentified(one.Name)
	if isRecord || !known {
		recorded, kept := k.recorded(one.Name, text, anyCase)
		keys, known = append(keys, recorded...), known || kept
	}
	if isRecord {
		one.got = alsoCalled(text, keys, one.got)
	}
	if !known && (!mayHaveBeenEvicted(one.Name) || !k.anyEvicted) {
		return false, unknownName(k.names, one.Name, text)
	}
	return known, nil
}

// spellings returns a name, and if it may be in any case, the names that differ
// from it in nothing but that.
func (k Kept[R, S]) spellings(kind, name string, anyCase bool) []string {
	names := []string{name}
	if anyCase {
		for _, other := range k.names.NamesOf(kind) {
			if other != name && strings.EqualFold(other, name) {
				names = append(names, other)
			}
		}
	}
	return names
}

// checkMatched returns an error for a matcher of operations or statuses, such as
// contains, that none of them matches.
func (k Kept[R, S]) checkMatched(kind string, m matcher.Matcher) error {
	var names []string
	switch kind {
	case "operation":
		names = k.names.NamesOf(kind)
	case "status":
		for status := 100; status <= 599; status++ {
			names = append(names, strconv.Itoa(status))
		}
	default:
		return nil
	}
	if slices.ContainsFunc(matcher.Texts(names), func(text *matcher.Text) bool { return mayMatch(m, text) }) {
		return nil
	}
	return matcher.ErrorAt("/"+kind, fmt.Errorf("no %s is %s", kind, m))
}

func mayMatch(m matcher.Matcher, text *matcher.Text) bool {
	matched, err := matcher.Match(effort.NewBudget(context.Background()), m, []*matcher.Text{text})
	return matched || err != nil
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

// recorded looks for a name among those of the records that the journal keeps, of
// both kinds, and returns all keys of the records that have it.
func (k Kept[R, S]) recorded(kind, name string, anyCase bool) (keys []string, known bool) {
	if remembered, ok := k.names.(*rememberedNames); ok && !anyCase {
		return remembered.recorded(kind, name)
	}
	look := func(found []string) {
		if hasName(kind, name, anyCase, found) {
			keys, known = append(keys, found...), true
		}
	}
	for _, e := range k.requests {
		look(NewSubject(e).namesOf(kind))
	}
	for _, t := range k.triggers {
		look(newTriggerSubject(t).namesOf(kind))
	}
	return keys, known
}

// hasName reports whether a name is among the names of a kind that a record has.
func hasName(kind, name string, anyCase bool, found []string) bool {
	inAnyCase := func(text string) bool { return strings.EqualFold(text, name) }
	isID := isIdentified(kind) && len(found) > 0 && inAnyCase(found[0])
	return isID || slices.Contains(found, name) || anyCase && slices.ContainsFunc(found, inAnyCase)
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

// CheckScopes returns an error about the first scope that a token can't have,
// because the API has no scope of that name.
func CheckScopes(api *contract.API, scopes []string) error {
	for _, scope := range scopes {
		if !api.KnowsScope(scope) {
			return fmt.Errorf("the API has no scope %q%s", scope, nearest.DidYouMean(scope, api.KnownScopes()))
		}
	}
	return nil
}

func unknownName(names Names, kind, name string) error {
	near := nearest.DidYouMean(name, names.NamesOf(kind))
	detail := fmt.Sprintf("no %s has the %s %q%s", kind, nameKinds[kind], name, near)
	if isIdentified(kind) {
		detail += fmt.Sprintf(" (before the %s is created, ask by a body or a path)", kind)
	}
	if kind == "operation" && near == "" && !slices.ContainsFunc(names.NamesOf(kind), isDefined) {
		detail += " (operations beside those of webhooks need a definition: --definition or mockserver.WithDefinition)"
	}
	return unknownError{&matcher.PatternError{Pointer: "/" + kind, Detail: detail}, kind}
}

// isDefined reports whether an operation is one of a definition from outside.
func isDefined(operation string) bool {
	return operation != contract.OperationTrigger && contract.AtNewest().Operation(operation) == nil
}
