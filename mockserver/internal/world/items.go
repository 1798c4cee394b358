package world

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/losantmock/losantmock/mockserver/internal/generic"
	"github.com/losantmock/losantmock/scenarios"
)

var errNoDefinition = errors.New("the server has no definition of the API: give it one with WithDefinition or --definition")

// defined returns the present era; an error if the world is closed or has no
// definition.
func (w *World) defined() (*Era, error) {
	if err := w.Life.Cause(); err != nil {
		return nil, err
	}
	if w.Limits().Definition == nil {
		return nil, errNoDefinition
	}
	return w.Era(), nil
}

// Add adds an item to the collection that a path leads to, and returns its id and the
// item with everything that it has.
func (w *World) Add(path string, value any) (id string, item json.RawMessage, err error) {
	e, err := w.defined()
	if err != nil {
		return "", nil, err
	}
	var applicationID string
	if first := e.State.ApplicationFor(""); first != nil {
		applicationID = first.ID
	}
	if bare := strings.Join(strings.FieldsFunc(path, func(c rune) bool { return c == '/' }), "/"); bare != path {
		return "", nil, fmt.Errorf("%q has a slash too many: write %q", path, bare)
	}
	in, err := e.api.Generic.TargetOf(path, applicationID)
	if err != nil {
		return "", nil, err
	}
	given := scenarios.Item{Value: value}
	if err := w.Limits().CheckItem(in.Collection, given, w.APIVersion()); err != nil {
		return "", nil, err
	}
	text, _ := given.JSON() // it was checked
	added, err := e.api.Generic.Add(e.State.Clock.Now(), in, text)
	if err != nil {
		return "", nil, fmt.Errorf("%s: %w", path, err)
	}
	return added.ID, slices.Clone(added.JSON), nil
}

// SendEvent sends an event to the open streams of an operation, and returns how many it
// reached.
func (w *World) SendEvent(operation string, event generic.Event) (reached int, err error) {
	e, err := w.defined()
	if err != nil {
		return 0, err
	}
	return e.api.Generic.SendEvent(operation, event)
}
