package generic

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/pairs"
	"github.com/losantmock/losantmock/mockserver/internal/resources"
	"github.com/losantmock/losantmock/scenarios"
)

// Seed adds the resources that the scenario of the state has.
func (s *Server) Seed() error {
	now := s.state.Clock.Now()
	for _, seeds := range s.state.Seeds {
		if _, err := s.addAll(now, seeds.Resources, seeds.ApplicationID, true); err != nil {
			return err
		}
	}
	s.state.Seeds = nil
	return nil
}

// AddAll adds the resources of a checked scenario below an application; below none for
// a blank id. It returns them as they are kept.
func (s *Server) AddAll(at time.Time, list scenarios.Resources, applicationID string) (scenarios.Resources, error) {
	return s.addAll(at, list, applicationID, false)
}

// addAll adds resources as AddAll does. Seeded are those of the state's own scenario.
func (s *Server) addAll(at time.Time, list scenarios.Resources, applicationID string, seeded bool) (scenarios.Resources, error) {
	ids := map[string]string{}
	if p := s.table().Pair(applications); p != nil && applicationID != "" {
		ids[p.Param] = applicationID
	}
	return s.addBelow(at, list, ids, seeded)
}

func (s *Server) addBelow(at time.Time, list scenarios.Resources, ids map[string]string, seeded bool) (scenarios.Resources, error) {
	if list == nil {
		return nil, nil
	}
	kept := scenarios.Resources{}
	for _, name := range slices.Sorted(maps.Keys(list)) { // so that a seed repeats what they get
		c := s.callOf(at, s.table().Pair(name), ids, seeded)
		if err := s.items.Open(s.place(c, c.role.Pair)); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		kept[name] = []scenarios.Item{}
		for _, item := range list[name] {
			added, err := s.addItems(c, item)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
			kept[name] = append(kept[name], added...)
		}
		s.reflect(c, c.role.Pair)
	}
	return kept, nil
}

// addItems adds an item with what is below it, or those of a pattern.
func (s *Server) addItems(c *Call, item scenarios.Item) (kept []scenarios.Item, err error) {
	text, err := item.JSON()
	if err != nil {
		return nil, err
	}
	if item.Count > 0 {
		return s.addPattern(c, read(text), item.Count)
	}
	sent, p := read(text), c.role.Pair
	if p.Within != "" { // the item above may list it
		s.items.Delete(s.place(c, p), sent.text(p.Key))
	}
	added, err := s.put(c, sent)
	if err != nil {
		return nil, inUse(p, sent, err)
	}
	below := maps.Clone(c.Values.Path)
	below[p.Param] = added.ID
	inside, err := s.addBelow(c.At, item.Resources, below, c.seeded)
	return []scenarios.Item{{Value: json.RawMessage(added.JSON), Resources: inside}}, err
}

// addPattern adds the items of a pattern.
func (s *Server) addPattern(c *Call, pattern object, count int) (kept []scenarios.Item, err error) {
	sh := s.shape(c, c.role.Pair)
	form := s.newForm(sh, pattern, count)
	for n := 1; n <= count; n++ {
		added, err := s.add(sh, form.generated, func() *resources.Item { return s.item(sh, form, n) })
		if err == nil {
			added, err = s.spread(c, sh.pair, added, pattern)
		}
		if err != nil {
			return nil, inUse(sh.pair, form.object, err)
		}
		kept = append(kept, scenarios.Item{Value: json.RawMessage(added.JSON)})
	}
	return kept, nil
}

// inUse returns an error with the id that another item has, where it is one of that.
func inUse(p *pairs.Pair, sent object, err error) error {
	if errors.Is(err, resources.ErrTaken) {
		name := taken(p, sent)
		return fmt.Errorf("%s %q %w", name, sent.text(name), err)
	}
	return err
}

// callOf returns a call that adds to a collection, below the things whose ids are given
// by the parameters of its path.
func (s *Server) callOf(at time.Time, p *pairs.Pair, ids map[string]string, seeded bool) *Call {
	return &Call{Operation: p.List, Values: &contract.Request{Path: ids}, At: at, role: pairs.Role{Pair: p}, seeded: seeded}
}
