package scenarios

import (
	"slices"
	"strings"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/nearest"
)

// ParseWithin is [Parse] for a world that has its applications already: those that
// the faults name must be among them.
func ParseWithin(name string, text []byte, applications []Application) (*Scenario, error) {
	return Limits{}.ParseWithin(name, text, applications)
}

// CheckWithin is [Scenario.Check] for a world that has its applications already:
// those that the faults name must be among them.
func (s *Scenario) CheckWithin(applications []Application) error {
	return Limits{}.CheckWithin(s, applications)
}

// ParseWithin is [ParseWithin] with limits.
func (l Limits) ParseWithin(name string, text []byte, applications []Application) (*Scenario, error) {
	return l.merge([]Source{{Name: name, Text: text}}, nil, surroundings{applications: applications})
}

// CheckWithin is [Scenario.CheckWithin] with limits.
func (l Limits) CheckWithin(s *Scenario, applications []Application) error {
	return l.check(s, surroundings{applications: applications})
}

// CheckItem checks an item of a collection by itself, as [Scenario.Check] does with the
// resources at the top. The item must have nothing below it.
func (l Limits) CheckItem(collection string, item Item, version contract.Version) error {
	s := &Scenario{API: API{Version: version.String()}, Resources: Resources{collection: {item}}}
	return l.check(s, surroundings{anywhere: true})
}

// surroundings are what a scenario stands in that is a part of one.
type surroundings struct {
	applications []Application // that faults may name too
	anywhere     bool          // whether collections may stand where they do not belong
}

// mostSuggested is how many applications are looked at for the nearest one.
const mostSuggested = 100

// checkApplications checks that the applications which faults and responses name are
// there.
func (top cursor) checkApplications(applications []Application) {
	ids := map[string]bool{}
	for _, a := range applications {
		ids[strings.ToLower(a.ID)] = true
	}
	for _, item := range slices.Concat(top.items("faults"), top.items("responses")) {
		named, ok := item.get("application")
		if id := strings.ToLower(named.Node.Value); ok && !ids[id] {
			named.Wrong(named.Quoted() + " is the id of no application" + nearestApplication(id, applications))
		}
	}
}

func nearestApplication(id string, applications []Application) string {
	var known []string
	for _, a := range applications[:min(len(applications), mostSuggested)] {
		if strings.EqualFold(a.Name, id) && a.ID != "" {
			return ": that of this name has " + a.ID
		}
		known = append(known, strings.ToLower(a.ID))
	}
	return nearest.DidYouMean(id, known)
}
