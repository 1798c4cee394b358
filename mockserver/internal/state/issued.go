package state

import (
	"slices"
	"sync"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/mockserver/internal/limit"
	"github.com/losantmock/losantmock/scenarios"
)

// MaxIssued is how many issued tokens a world keeps: the latest.
const MaxIssued = 10_000

// Issued holds the access tokens that were issued in a world, beside those of its
// scenario, and the ids that were generated for users. It outlasts the states of
// the world: after a reset a token still has its scopes, and an application its
// owner. Otherwise a world that accepts any token would let it do everything.
//
// A token that was issued to an item, such as an API token, grants what the item says
// as long as there is the item. Here it is only known as such, so that it grants
// nothing afterwards.
type Issued struct {
	mu      sync.RWMutex
	scopes  map[string][]string // by token; never changed once added
	order   []string            // the tokens, oldest first
	own     string              // the token of a sandbox, which is never evicted; blank for none
	userIDs map[string]string   // by email; blank for the owner of a world without users
	secret  []byte              // signs the tokens of log-ins; nil before the first state
	bytes   int64               // of scopes
	toItems limit.Recent[limit.Key, struct{}]
	share   *limit.Share
}

// NewIssued returns what was issued in a new world: nothing but a token of its own,
// which has every scope of a user; blank for none.
func NewIssued(own string) *Issued {
	return &Issued{own: own, scopes: map[string][]string{}, userIDs: map[string]string{}}
}

// ownEnd ends the token of a sandbox, where it begins a token that was issued there.
const ownEnd = "."

// prefix returns what tokens begin with that are issued here.
func (i *Issued) prefix() string {
	if i.own == "" {
		return ""
	}
	return i.own + ownEnd
}

// userID returns the id of a user without one: the given id when the world meets
// the user first, and then the same again.
func (i *Issued) userID(email, id string) string {
	i.mu.Lock()
	defer i.mu.Unlock()
	if _, known := i.userIDs[email]; !known {
		i.userIDs[email] = id
	}
	return i.userIDs[email]
}

// keepSecret returns the secret that signs the tokens of log-ins: the given one in the
// first state of a world, and then the same again.
func (i *Issued) keepSecret(secret []byte) []byte {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.secret == nil {
		i.secret = secret
	}
	return i.secret
}

// CountIn counts the tokens in a budget, until the returned share leaves it.
func (i *Issued) CountIn(b *limit.Budget) *limit.Share {
	i.share = b.Share(limit.Table, i.evict)
	return i.share
}

// add adds a token, and evicts the oldest one if there are too many. It reports
// false, and adds nothing, for a token that was issued before.
func (i *Issued) add(token string, scopes []string) bool {
	defer i.share.Balance()
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.has(token) {
		return false
	}
	i.scopes[token] = slices.Clone(scopes)
	i.order = append(i.order, token)
	i.bytes += issuedSize(token, scopes)
	if len(i.order) > MaxIssued {
		i.evictOldest()
	}
	i.balance()
	return true
}

// addToItem adds a token of an item. It reports false, and adds nothing, for a token
// that was issued before.
func (i *Issued) addToItem(token string) bool {
	defer i.share.Balance()
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.has(token) {
		return false
	}
	i.toItems.Use(limit.KeyOf(token))
	i.balance()
	return true
}

// has reports whether a token was issued.
func (i *Issued) has(token string) bool {
	_, issued := i.scopes[token]
	return issued || i.toItems.Has(limit.KeyOf(token))
}

// balance counts what is kept in the memory budget.
func (i *Issued) balance() { i.share.Set(i.bytes + i.toItems.Bytes()) }

// issuedSize returns about how many bytes of memory a token takes.
func issuedSize(token string, scopes []string) int64 {
	const overhead, each = 192, 32
	n := overhead + len(token)
	for _, scope := range scopes {
		n += each + len(scope)
	}
	return int64(n)
}

// evict evicts the oldest tokens until so many bytes are free, those of items first.
func (i *Issued) evict(bytes int64, keepNewest bool) {
	i.mu.Lock()
	defer i.mu.Unlock()
	kept := 0
	if keepNewest {
		kept = 1
	}
	before := i.toItems.Bytes()
	i.toItems.Evict(bytes)
	bytes -= before - i.toItems.Bytes()
	for enough := i.bytes - bytes; i.bytes > enough && len(i.order) > kept; {
		i.evictOldest()
	}
	i.balance()
}

func (i *Issued) evictOldest() {
	oldest := i.order[0]
	i.bytes -= issuedSize(oldest, i.scopes[oldest])
	delete(i.scopes, oldest)
	i.order = i.order[1:]
}

// scopesOf returns the scopes of a token, and reports whether it was issued.
func (i *Issued) scopesOf(token string) (scopes []string, ok bool) {
	if token == i.own && token != "" {
		return []string{contract.ScopeAllUser}, true
	}
	i.mu.RLock()
	defer i.mu.RUnlock()
	scopes, ok = i.scopes[token]
	return scopes, ok
}

// wasOfItem reports whether a token was issued to an item.
func (i *Issued) wasOfItem(token string) bool {
	i.mu.RLock()
	defer i.mu.RUnlock()
	return i.toItems.Len() > 0 && i.toItems.Has(limit.KeyOf(token))
}

// list returns the tokens as a scenario has them.
func (i *Issued) list() []scenarios.Token {
	i.mu.RLock()
	defer i.mu.RUnlock()
	var list []scenarios.Token
	for token, scopes := range i.scopes {
		list = append(list, scenarios.Token{Token: token, Scopes: slices.Clone(scopes)})
	}
	return list
}
