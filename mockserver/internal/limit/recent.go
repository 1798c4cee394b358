package limit

import (
	linked "container/list"
	"time"

	"github.com/losantmock/losantmock/scenarios"
)

// Recent keeps a value for each of the keys that were used last, of which there
// may be any number: at most [scenarios.MaxRemembered] of them. The key that was
// not used for longest is dropped first. It has no lock of its own.
type Recent[K comparable, V any] struct {
	byKey map[K]*linked.Element // whose value is a *used[K, V]
	order linked.List           // the key that was used last is the first
}

type used[K comparable, V any] struct {
	key   K
	at    time.Time // of the last use
	value V
}

// Use returns the value of a key, which is the zero value at its first use.
func (r *Recent[K, V]) Use(key K, at time.Time) *V {
	if known := r.byKey[key]; known != nil {
		r.order.MoveToFront(known)
		u := known.Value.(*used[K, V])
		u.at = at
		return &u.value
	}
	if r.byKey == nil {
		r.byKey = map[K]*linked.Element{}
	}
	u := &used[K, V]{key: key, at: at}
	r.byKey[key] = r.order.PushFront(u)
	if r.order.Len() > scenarios.MaxRemembered {
		r.drop(r.order.Back())
	}
	return &u.value
}

// dropUnused drops the keys that were not used after a time.
func (r *Recent[K, V]) dropUnused(after time.Time) {
	for last := r.order.Back(); last != nil && !last.Value.(*used[K, V]).at.After(after); last = r.order.Back() {
		r.drop(last)
	}
}

func (r *Recent[K, V]) drop(e *linked.Element) {
	delete(r.byKey, r.order.Remove(e).(*used[K, V]).key)
}

func (r *Recent[K, V]) Len() int { return r.order.Len() }
