package state

import (
	"slices"
	"sync"

	"github.com/losantmock/losantmock/scenarios"
)

// MaxIssued is how many issued tokens a world keeps: the latest.
const MaxIssued = 10_000

// Issued holds the access tokens that were issued in a world, beside those of its
// scenario. It outlasts the states of the world: after a reset a token still has
// its scopes. Otherwise a world that accepts any token would let it do everything.
type Issued struct {
	mu     sync.RWMutex
	scopes map[string][]string // by token; never changed once added
	order  []string            // the tokens, oldest first
}

// NewIssued returns the issued tokens of a new world: none.
func NewIssued() *Issued { return &Issued{scopes: map[string][]string{}} }

// add adds a token, and evicts the oldest one if there are too many. It reports
// false, and adds nothing, for a token that was issued before.
func (i *Issued) add(token string, scopes []string) bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	if _, issued := i.scopes[token]; issued {
		return false
	}
	i.scopes[token] = slices.Clone(scopes)
	i.order = append(i.order, token)
	if len(i.order) > MaxIssued {
		delete(i.scopes, i.order[0])
		i.order = i.order[1:]
	}
	return true
}

// scopesOf returns the scopes of a token, and reports whether it was issued.
func (i *Issued) scopesOf(token string) (scopes []string, ok bool) {
	i.mu.RLock()
	defer i.mu.RUnlock()
	scopes, ok = i.scopes[token]
	return scopes, ok
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
