package contract

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/losantmock/losantmock/contract/internal/ordered"
)

// Grants is what a token may do: a set of operations, and of resources that
// it holds whole. It is a small value that can be compared, so that every request can
// check it.
type Grants struct{ bits string }

func (g Grants) has(bit int) bool {
	return bit/8 < len(g.bits) && g.bits[bit/8]&(1<<(bit%8)) != 0
}

// Allows reports whether the operation is granted. A public one always is.
func (g Grants) Allows(o *Operation) bool { return o.Public || g.has(o.bit) }

// HoldsAll reports whether the resource's own wildcard is held, by itself or
// through a full group such as all.Application. Only then does a response carry
// the resource's links. Those of a resource without a wildcard are always carried.
func (g Grants) HoldsAll(r *Resource) bool { return len(r.auth) == 0 || g.has(r.bit) }

// Grants returns what scopes grant together. A scope of another part of the
// real API, such as "device.get", grants nothing here.
func (a *API) Grants(scopes []string) Grants {
	var bits []byte
	for _, scope := range scopes {
		more := a.granted[scope].bits
		bits = append(bits, make([]byte, max(0, len(more)-len(bits)))...)
		for i := range len(more) {
			bits[i] |= more[i]
		}
	}
	return Grants{string(bits)}
}

// Scopes returns the names of all scopes that grant something, sorted: groups,
// wildcards and single operations.
func (a *API) Scopes() []string { return slices.Sorted(maps.Keys(a.granted)) }

// KnownScopes returns the names of all scopes that a token can have, sorted:
// those of [API.Scopes], and those of the parts of the real API that this table
// leaves out.
func (a *API) KnownScopes() []string { return slices.Clone(a.knownScopes) }

// KnowsScope reports whether a token can have a scope.
func (a *API) KnowsScope(scope string) bool {
	_, known := slices.BinarySearch(a.knownScopes, scope)
	return known
}

// The families of groups. A family such as all.Application has the full group
// of that name, and further groups whose names begin with it.
const (
	familyApplication      = ScopeAllApplication
	familyOrganization     = ScopeAllOrganization
	familyUser             = ScopeAllUser
	familyOnlyOrganization = ScopeOnlyOrganization
)

// inApplications are the families that grant what belongs to an application.
var inApplications = []string{familyApplication, familyOrganization, familyUser}

// scopeGroups are the groups of scopes, each with the operations of its family
// that it grants. The full groups also hold the wildcards of the resources, so
// that they alone see links. Whether they do is not public: this is ours.
//
// Source: Losant's definition of its API.
var scopeGroups = []struct {
	name   string
	family string
	grants func(*Operation) bool
	since  string
}{
	{ScopeAllApplication, familyApplication, grantsAll, ""},
	{ScopeAllApplicationBounded, familyApplication, grantsAll, "1.30.0"},
	{ScopeAllApplicationCLI, familyApplication, grantsCLI, "1.20.1"},
	{ScopeAllApplicationRead, familyApplication, grantsReading, ""},
	{ScopeAllOrganization, familyOrganization, grantsAll, ""},
	{ScopeAllOrganizationBounded, familyOrganization, grantsAll, "1.30.0"},
	{ScopeAllOrganizationRead, familyOrganization, grantsReading, ""},
	{ScopeAllUser, familyUser, grantsAll, ""},
	{ScopeAllUserBounded, familyUser, grantsAll, "1.30.0"},
	{ScopeAllUserCLI, familyUser, grantsCLI, "1.20.1"},
	{ScopeAllUserRead, familyUser, grantsReading, ""},
	{ScopeOnlyOrganization, familyOnlyOrganization, grantsAll, "1.30.0"},
	{ScopeOnlyOrganizationBounded, familyOnlyOrganization, grantsAll, "1.30.0"},
	{ScopeOnlyOrganizationRead, familyOnlyOrganization, grantsReading, "1.30.0"},
}

func grantsAll(*Operation) bool        { return true }
func grantsReading(op *Operation) bool { return op.Method == http.MethodGet }
func grantsCLI(op *Operation) bool     { return op.cli }

// prepareScopes numbers operations and resources, and works out what each scope
// grants: those of the operations and the resources, and groups of them.
func (a *API) prepareScopes(groups ordered.Object) {
	bits := map[string][]byte{}
	count := 0
	grant := func(scopes []string) int {
		for _, scope := range scopes {
			set := append(bits[scope], make([]byte, count/8+1-len(bits[scope]))...)
			set[count/8] |= 1 << (count % 8)
			bits[scope] = set
		}
		count++
		return count - 1
	}
	for _, resource := range a.Resources {
		resource.bit = grant(resource.auth)
		for _, op := range resource.Actions {
			op.bit = grant(op.scopes)
		}
	}
	a.granted = map[string]Grants{}
	for scope, set := range bits {
		a.granted[scope] = Grants{string(set)}
	}
	a.groups = groups
	for _, group := range groups {
		a.granted[group.Key] = a.Grants(group.Value.([]string))
	}
	a.knownScopes = slices.AppendSeq(slices.Clone(a.knownScopes), maps.Keys(a.granted))
	slices.Sort(a.knownScopes)
	a.knownScopes = slices.Compact(a.knownScopes)
}

// ownGroups returns the groups of this package's own table.
func (a *API) ownGroups() ordered.Object {
	var groups ordered.Object
	for _, group := range scopeGroups {
		if a.Version.has(group.since) {
			groups = groups.With(group.name, a.members(group.family, group.name == group.family, group.grants))
		}
	}
	return groups
}

// members returns the scopes that a group stands for.
func (a *API) members(family string, full bool, grants func(*Operation) bool) []string {
	var names []string
	for _, resource := range a.Resources {
		if !slices.Contains(resource.families, family) {
			continue
		}
		if full {
			names = append(names, resource.Wildcard)
		}
		for _, op := range resource.Actions {
			if !op.Public && grants(op) {
				names = append(names, op.Name)
			}
		}
	}
	return names
}

// usualGroups returns the groups that grant an operation of which nothing says it, by
// its path. The rule is ours: it holds for nearly all operations that are documented.
func usualGroups(v Version, path, method string) []string {
	families := []string{familyUser, "only.User"}
	switch {
	case strings.HasPrefix(path, "/applications/{"):
		families = inApplications
	case strings.HasPrefix(path, "/applications"), strings.HasPrefix(path, "/dashboards"), strings.HasPrefix(path, "/orgs/{"):
		families = []string{familyOrganization, familyUser, familyOnlyOrganization}
	case strings.HasPrefix(path, "/instance/{"), strings.HasPrefix(path, "/instances/{"):
		families = []string{"all.Instance", familyUser}
	}
	var groups []string
	for _, family := range families {
		newer := v.has("1.30.0")
		if strings.HasPrefix(family, "only.") && !newer {
			continue
		}
		groups = append(groups, family)
		if newer {
			groups = append(groups, family+".bounded")
		}
		if method == http.MethodGet {
			groups = append(groups, family+".read")
		}
	}
	return groups
}
