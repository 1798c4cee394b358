package generic

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/nearest"
	"github.com/losantmock/losantmock/contract/pairs"
)

// Event is an event for the open streams of an operation.
type Event struct {
	Name string // blank for the only one that the operation documents
	Data json.RawMessage
	Path map[string]string // parameters that the path of a stream has; those that are missing may have any value
}

// SendEvent checks an event, and sends it to the open streams of an operation. It
// returns how many it reached.
func (s *Server) SendEvent(operation string, e Event) (reached int, err error) {
	op := s.state.API.Operation(operation)
	if op == nil || len(pairs.ResponseOf(op).Events) == 0 {
		streams := s.streams()
		return 0, fmt.Errorf("%q is no operation that sends events%s: there are %s",
			operation, nearest.DidYouMean(operation, streams), strings.Join(streams, ", "))
	}
	for param := range e.Path {
		if !strings.Contains(op.Path, "{"+param+"}") {
			return 0, fmt.Errorf("path: %s is no parameter of %s", param, op.Path)
		}
	}
	event, err := eventOf(op, e.Name)
	if err != nil {
		return 0, err
	}
	if len(e.Data) == 0 {
		return 0, fmt.Errorf("data is required: what the event is to have, as JSON of the schema %s", event.Schema)
	}
	var data any
	if err := json.Unmarshal(e.Data, &data); err != nil {
		return 0, fmt.Errorf("data: want JSON: %w", err)
	}
	if schema := s.state.API.Schema(event.Schema); schema != nil {
		if v := schema.Check("data", data); v != nil {
			return 0, v
		}
	}
	compact, _ := json.Marshal(e.Data) // it is JSON: on one line
	return s.Streams.Send(operation, e.Path, event.Name, compact), nil
}

// eventOf returns the documented event of a name.
func eventOf(op *contract.Operation, name string) (contract.Event, error) {
	var names []string
	events := pairs.ResponseOf(op).Events
	for _, event := range events {
		if event.Name == name || name == "" && len(events) == 1 {
			return event, nil
		}
		names = append(names, event.Name)
	}
	return contract.Event{}, fmt.Errorf("%q is no event of %s%s: there are %s", name, op.Name, nearest.DidYouMean(name, names), strings.Join(names, ", "))
}

// streams returns the names of the operations that send events, sorted.
func (s *Server) streams() (names []string) {
	for _, resource := range s.state.API.Resources {
		for _, op := range resource.Actions {
			if len(pairs.ResponseOf(op).Events) > 0 {
				names = append(names, op.Name)
			}
		}
	}
	slices.Sort(names)
	return names
}
