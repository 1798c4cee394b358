package contract

import (
	"maps"
	"slices"
)

// Grants is what a token may do: a set of operations, and of resources that
// it holds whole. It is a few bytes, so that every request can check it.
type Grants uint64

// Allows reports whether the operation is granted. Those of a public resource
// always are.
func (g Grants) Allows(o *Operation) bool { return o.Resource.Public || g&o.bit != 0 }

// HoldsAll reports whether the resource's own wildcard is held, by itself or
// through a full group such as all.Application. Only then does a response carry
// the resource's links.
func (g Grants) HoldsAll(r *Resource) bool { return g&r.bit != 0 }

// Grants returns what scopes grant together. A scope of another part of the
// real API, such as "device.get", grants nothing here.
func (a *API) Grants(scopes []string) Grants {
	var g Grants
	for _, scope := range scopes {
		g |= a.granted[scope]
	}
	return g
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
func grantsReading(op *Operation) bool { return op.reads }
func grantsCLI(op *Operation) bool     { return op.cli }

// prepareScopes numbers operations and resources, and works out what each scope
// grants. The scopes that can be requested are those that a token can have.
func (a *API) prepareScopes(requestable []string) {
	a.granted = map[string]Grants{}
	next := Grants(1)
	for _, resource := range a.Resources {
		if resource.Public {
			continue
		}
		resource.bit, next = next, next<<1
		a.granted[resource.Wildcard] = resource.bit
		for _, op := range resource.Actions {
			op.bit, next = next, next<<1
			a.granted[op.Name] = op.bit
			a.granted[resource.Wildcard] |= op.bit
		}
	}
	for _, group := range scopeGroups {
		if !a.Version.has(group.since) {
			continue
		}
		a.groups = a.groups.With(group.name, a.members(group.family, group.name == group.family, group.grants))
	}
	for _, group := range a.groups {
		a.granted[group.Key] = a.Grants(group.Value.([]string))
	}
	a.knownScopes = slices.AppendSeq(requestable, maps.Keys(a.granted))
	slices.Sort(a.knownScopes)
	a.knownScopes = slices.Compact(a.knownScopes)
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
			if grants(op) {
				names = append(names, op.Name)
			}
		}
	}
	return names
}
