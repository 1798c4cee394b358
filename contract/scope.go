package contract

import (
	"maps"
	"slices"
	"strings"

	"github.com/losantmock/losantmock/contract/internal/document"
	"github.com/losantmock/losantmock/contract/internal/groups"
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

// prepareScopes numbers operations and resources, and works out what each scope
// grants: those of the operations and the resources, and groups of them.
func (a *API) prepareScopes(groups ordered.Object) {
	bits := map[string][]byte{}
	count := 0
	grant := func(scopes []string) int {
		for _, scope := range scopes {
			for len(bits[scope]) <= count/8 {
				bits[scope] = append(bits[scope], 0)
			}
			bits[scope][count/8] |= 1 << (count % 8)
		}
		count++
		return count - 1
	}
	for _, resource := range a.Resources {
		resource.bit = grant(resource.auth)
		for _, op := range resource.Actions {
			op.bit = grant(slices.Concat(resource.auth, op.auth))
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

// groupsOf returns the groups of scopes, sorted. A definition may have groups of its own
// for its operations, beside those of the table.
func groupsOf(a *API, defined []document.Group) ordered.Object {
	members := map[string][]string{}
	add := func(group, scope string) {
		if !slices.Contains(members[group], scope) {
			members[group] = append(members[group], scope)
		}
	}
	own := map[string]bool{}
	for _, resource := range a.Resources {
		for _, group := range resource.heldBy(a.Version, defined != nil) {
			add(group, resource.Wildcard)
		}
		for _, op := range resource.Actions {
			for _, group := range op.groupsAt(a.Version, defined != nil) {
				for _, scope := range op.auth {
					if scope != resource.Wildcard {
						add(group, scope)
					}
				}
			}
			own[op.Name] = own[op.Name] || !op.FromDefinition
		}
	}
	for _, group := range defined {
		known := members[group.Name]
		members[group.Name] = slices.DeleteFunc(slices.Clone(group.Scopes), func(scope string) bool {
			return own[scope] && !slices.Contains(known, scope)
		})
		for _, scope := range known {
			add(group.Name, scope)
		}
	}
	var groups ordered.Object
	for _, name := range slices.Sorted(maps.Keys(members)) {
		groups = groups.With(name, members[name])
	}
	return groups
}

// heldBy returns the full groups that hold the resource's wildcard: those that grant
// all of its operations. Only they see links. Whether they do is not public: this is
// ours.
func (r *Resource) heldBy(v Version, defined bool) []string {
	if len(r.auth) == 0 {
		return nil
	}
	guarded, granted := 0, map[string]int{}
	for _, op := range r.Actions {
		if !op.Public {
			guarded++
		}
		for _, group := range op.groupsAt(v, defined) {
			granted[group]++
		}
	}
	maps.DeleteFunc(granted, func(group string, count int) bool { return count < guarded || strings.Count(group, ".") > 1 })
	return slices.Sorted(maps.Keys(granted))
}

// groupsAt returns the groups of scopes that grant an operation.
func (o *Operation) groupsAt(v Version, defined bool) []string {
	switch {
	case o.Public, o.FromDefinition && defined:
		return nil
	case o.groups != nil:
		return o.groups
	}
	return groups.Of(o.Name, o.Method, o.Path, v.has)
}
