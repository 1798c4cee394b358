package contract

import (
	_ "embed" // for scopes.txt
	"maps"
	"slices"
	"strings"
	"sync"
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
		g |= a.groups[scope]
	}
	return g
}

// Scopes returns the names of all scopes that grant something, sorted: groups,
// wildcards and single operations.
func (a *API) Scopes() []string { return slices.Sorted(maps.Keys(a.groups)) }

// KnownScopes returns the names of all scopes that a token can have, sorted: those
// of [API.Scopes], and those of the parts of the real API that this table leaves out.
func (a *API) KnownScopes() []string {
	known := slices.AppendSeq(slices.Clone(otherScopes()), maps.Keys(a.groups))
	slices.Sort(known)
	return slices.Compact(known)
}

// KnowsScope reports whether a token can have a scope.
func (a *API) KnowsScope(scope string) bool {
	_, ours := a.groups[scope]
	return ours || slices.Contains(otherScopes(), scope)
}

// otherScopesText has the scopes of the real API that grant nothing here, by their
// resource.
//
// Source: the definition of API 1.30.0.
//
//go:embed scopes.txt
var otherScopesText string

var otherScopes = sync.OnceValue(func() []string {
	var names []string
	for line := range strings.Lines(otherScopesText) {
		resource, actions, _ := strings.Cut(line, ":")
		for action := range strings.FieldsSeq(actions) {
			names = append(names, resource+"."+action)
		}
	}
	return names
})

// The groups of scopes that grant whole parts of the API. A read group grants
// the reading operations one by one; the others grant every resource's
// wildcard, which is why only those see links.
var scopeGroups = []struct {
	name  string
	reads bool
	since string
}{
	{name: ScopeAllApplication},
	{name: ScopeAllApplicationBounded, since: "1.30.0"},
	{name: ScopeAllApplicationRead, reads: true},
	{name: ScopeAllOrganization},
	{name: ScopeAllOrganizationBounded, since: "1.30.0"},
	{name: ScopeAllOrganizationRead, reads: true},
	{name: ScopeAllUser},
	{name: ScopeAllUserBounded, since: "1.30.0"},
	{name: ScopeAllUserRead, reads: true},
}

// scopes numbers operations and resources, and works out what each scope
// grants.
func scopes(a *API) map[string]Grants {
	groups := map[string]Grants{}
	next := Grants(1)
	var all, reading Grants
	for _, resource := range a.Resources {
		if resource.Public {
			continue
		}
		resource.bit, next = next, next<<1
		whole := resource.bit
		for _, op := range resource.Actions {
			op.bit, next = next, next<<1
			groups[op.Name] = op.bit
			whole |= op.bit
			if op.reads {
				reading |= op.bit
			}
		}
		groups[resource.Wildcard] = whole
		all |= whole
	}
	for _, group := range scopeGroups {
		switch {
		case !a.Version.has(group.since):
		case group.reads:
			groups[group.name] = reading
		default:
			groups[group.name] = all
		}
	}
	return groups
}

// members returns the scopes that a group stands for, as GET / prints them.
func (a *API) members(reads bool) []string {
	var names []string
	for _, resource := range a.Resources {
		switch {
		case resource.Public:
		case !reads:
			names = append(names, resource.Wildcard)
		default:
			for _, op := range resource.Actions {
				if op.reads {
					names = append(names, op.Name)
				}
			}
		}
	}
	return names
}
