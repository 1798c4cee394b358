package generic

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/pairs"
	"github.com/losantmock/losantmock/scenarios"
)

// Seed adds the resources that the scenario of the state has.
func (s *Server) Seed() error {
	now := s.state.Clock.Now()
	for _, seeds := range s.state.Seeds {
		if _, err := s.AddAll(now, seeds.Resources, seeds.ApplicationID); err != nil {
			return err
		}
	}
	s.state.Seeds = nil
	return nil
}

// AddAll adds the resources of a checked scenario below an application; below none for
// a blank id. It returns them as they are kept.
func (s *Server) AddAll(at time.Time, list scenarios.Resources, applicationID string) (scenarios.Resources, error) {
	ids := map[string]string{}
	if applicationID != "" {
		ids["applicationId"] = applicationID
	}
	return s.addBelow(at, list, ids)
}

func (s *Server) addBelow(at time.Time, list scenarios.Resources, ids map[string]string) (scenarios.Resources, error) {
	if list == nil {
		return nil, nil
	}
	kept := scenarios.Resources{}
	for _, name := range slices.Sorted(maps.Keys(list)) { // so that a seed repeats what they get
		c := s.callOf(at, s.table().Pair(name), ids)
		if err := s.items.Open(s.place(c, c.role.Pair)); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		kept[name] = []scenarios.Item{}
		for _, item := range list[name] {
			for value := range item.All() {
				added, err := s.put(c, parse(value))
				if err != nil {
					return nil, fmt.Errorf("%s: %w", name, err)
				}
				below := maps.Clone(ids)
				below[c.role.Pair.Param] = added.ID
				inside, err := s.addBelow(at, item.Resources, below)
				if err != nil {
					return nil, fmt.Errorf("%s: %w", name, err)
				}
				kept[name] = append(kept[name], scenarios.Item{Value: json.RawMessage(added.JSON), Resources: inside})
			}
		}
	}
	return kept, nil
}

// callOf returns a call that adds to a collection, below the things whose ids are given
// by the parameters of its path.
func (s *Server) callOf(at time.Time, p *pairs.Pair, ids map[string]string) *Call {
	return &Call{Operation: p.List, Values: &contract.Request{Path: ids}, At: at, role: pairs.Role{Pair: p}}
}
