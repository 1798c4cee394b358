package generic

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/losantmock/losantmock/contract/nearest"
	"github.com/losantmock/losantmock/contract/pairs"
	"github.com/losantmock/losantmock/mockserver/internal/resources"
)

// Target is a collection that items can be added to.
type Target struct {
	Collection string
	pair       *pairs.Pair
	ids        map[string]string // of the things above it, by the parameters of the path
}

// TargetOf returns the collection that a path leads to, through the collections above it:
// "orgs", "applications/ID/devices", "applications/ID/devices/ID/deviceAttributes". A
// path that lacks the application is in the given one.
func (s *Server) TargetOf(path, applicationID string) (Target, error) {
	steps := strings.Split(path, "/")
	name := steps[len(steps)-1]
	p := s.table().Pair(name)
	switch {
	case p != nil && !p.List.FromDefinition:
		return Target{}, fmt.Errorf("%q is no collection of the definition: AddApplication and AddWebhook add what the server has without one", name)
	case p == nil:
		return Target{}, fmt.Errorf("%q is no collection of the definition%s", name, nearest.DidYouMean(name, s.collections()))
	}
	if len(p.Parents) > 0 && p.Parents[0].Pair.Name == applications && steps[0] != applications {
		steps = append([]string{applications, applicationID}, steps...)
	}
	at, form := Target{Collection: name, pair: p, ids: map[string]string{}}, ""
	fits := len(steps) == 2*len(p.Parents)+1
	for i, parent := range p.Parents {
		form += parent.Pair.Name + "/ID/"
		if fits = fits && steps[2*i] == parent.Pair.Name; fits {
			at.ids[parent.Param] = steps[2*i+1]
		}
	}
	if !fits {
		return at, fmt.Errorf("%q leads to no collection: want %s%s", path, form, name)
	}
	return at, nil
}

// applications is the collection that most others are below. It is none of the
// definition's.
const applications = "applications"

// collections returns the names of the collections that items can be added to.
func (s *Server) collections() (names []string) {
	for _, p := range s.table().Pairs {
		if p.List.FromDefinition {
			names = append(names, p.Name)
		}
	}
	return names
}

// Add adds an item, which was checked, and returns it as it is kept.
func (s *Server) Add(at time.Time, in Target, value json.RawMessage) (*resources.Item, error) {
	c := s.callOf(at, in.pair, in.ids, false)
	c.role.Steps = in.pair.Parents
	if gone := s.gone(c); gone != nil {
		return nil, fmt.Errorf("%s was not found", gone.Title)
	}
	s.seed(c, in.pair, s.things(c, in.pair.Parents))
	sent := read(value)
	added, err := s.put(c, sent)
	if err != nil {
		return nil, inUse(in.pair, sent, err)
	}
	s.reflect(c, in.pair)
	return added, nil
}
