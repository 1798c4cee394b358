package generic

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/losantmock/losantmock/contract/pairs"
	"github.com/losantmock/losantmock/mockserver/internal/limit"
	"github.com/losantmock/losantmock/mockserver/internal/resources"
	"github.com/losantmock/losantmock/mockserver/internal/state"
	"github.com/losantmock/losantmock/mockserver/internal/wire"
)

// accessToken is the property of an item that a caller sends, where the item has scopes
// too.
var accessToken = pairs.Named(pairs.Token)[0]

// userKind is what an owner is called who is the user whose token it is.
var userKind = pairs.Named(pairs.User)[0]

func isToken(name string) bool { return name == accessToken }

func isScopes(name string) bool { return pairs.Means(pairs.Scopes, name) }

// access finds the items that are access tokens by their tokens: those that were used or
// made last. What a caller may do is what the item says when it is used.
type access struct {
	mu     sync.Mutex
	places limit.Recent[limit.Key, whereabouts] // of [scenarios.MaxRemembered] tokens at the most
}

// whereabouts is where an item is.
type whereabouts struct {
	place resources.Place
	id    string
}

// note notes where an access token is.
func (a *access) note(place resources.Place, item *resources.Item) {
	a.mu.Lock()
	defer a.mu.Unlock()
	*a.places.Use(limit.KeyOf(item.Text(accessToken))) = whereabouts{place, item.ID}
}

// find returns where the item with a token is, or was before it was deleted.
func (a *access) find(token string) (where whereabouts, known bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.places.Len() == 0 {
		return where, false
	}
	key := limit.KeyOf(token)
	if known = a.places.Has(key); known {
		where = *a.places.Use(key)
	}
	return where, known
}

// granted returns what a token grants that is an item, and reports whether it was ever
// one. One that was deleted or is not active grants nothing.
func (s *Server) granted(token string, at time.Time) (scopes []string, known bool, err error) {
	where, known := s.access.find(token)
	if !known {
		return nil, false, nil
	}
	item := s.items.Find(where.place, where.id)
	if item == nil || item.Text(accessToken) != token {
		return nil, true, state.ErrTokenInvalid
	}
	for _, name := range pairs.Named(pairs.Inactive) {
		if item.Text(name) == pairs.Is(pairs.Inactive, name) {
			return nil, true, state.ErrTokenInvalid
		}
	}
	for _, name := range pairs.Named(pairs.Expires) {
		if expires, err := time.Parse(time.RFC3339, item.Text(name)); err == nil && !at.Before(expires) {
			return nil, true, state.ErrTokenExpired
		}
	}
	return scopesOf(parse(item.JSON)), true, nil
}

// scopesOf returns the scopes that an item has.
func scopesOf(o object) []string {
	var scopes []string
	for _, m := range o {
		if isScopes(m.name) {
			_ = json.Unmarshal(m.value, &scopes) // what is no list grants nothing
		}
	}
	return scopes
}

// newSecret returns a new text for a property that is different in each item. That of an
// access token is a token which the world issues.
func (s *Server) newSecret(sh *shape) string {
	if sh.isAccess {
		return s.state.IssueToItem(sh.seeded)
	}
	return s.state.NewToken()
}

// ofOwner returns the value of a member that a client left out: what it has by default,
// or who owns the new item, and all that the owner of an access token may do. It is nil for
// none.
func (s *Server) ofOwner(c *Call, sh *shape, name string) json.RawMessage {
	switch {
	case pairs.Means(pairs.OwnerID, name):
		_, id := s.owner(c, sh)
		return quoted(id)
	case pairs.Means(pairs.OwnerType, name):
		kind, _ := s.owner(c, sh)
		return quoted(kind)
	case isScopes(name) && sh.isAccess:
		kind, _ := s.owner(c, sh)
		return wire.AppendJSON(nil, []any{"all." + strings.ToUpper(kind[:1]) + kind[1:]})
	default:
		return sh.defaults.get(name)
	}
}

// owner returns the kind and the id of the owner of new items: of the things that the
// path leads through, the last that can own one, or else the user.
func (s *Server) owner(c *Call, sh *shape) (kind, id string) {
	for _, parent := range slices.Backward(sh.pair.Parents) {
		if kind = ownerKind(parent.Param, parent.Pair); sh.owners == nil || slices.Contains(sh.owners, kind) {
			return kind, c.Values.Path[parent.Param]
		}
	}
	return userKind, s.state.OwnerID()
}

// ownerKind returns what an owner is called that a parameter has the id of.
func ownerKind(param string, p *pairs.Pair) string {
	return cmp.Or(pairs.Is(pairs.Owner, param), p.Item.Name)
}

// ownedBy returns what the items have that a thing of a kind owns.
func ownedBy(kind, id string) []resources.Having {
	return []resources.Having{{Property: pairs.Named(pairs.OwnerType)[0], Text: kind}, {Property: pairs.Named(pairs.OwnerID)[0], Text: id}}
}
