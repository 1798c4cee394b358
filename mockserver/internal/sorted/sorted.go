// Package sorted keeps things in every order that a list can have, so that no request
// sorts a list. It has no locks: who owns a collection guards it.
package sorted

import (
	"cmp"
	"encoding/binary"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/tidwall/btree"
)

// Collection keeps things in several orders, each of which has a name.
type Collection[T any] struct {
	trees  map[string]*btree.BTreeG[T]
	orders map[string]Order[T]
}

// Order says how things are sorted.
type Order[T any] struct {
	// Compare returns 0 for a thing and itself alone: the tree would lose one
	// of two equal things.
	Compare func(a, b T) int
	// Text returns what is compared first, if that is a text; otherwise it is nil.
	Text func(T) string
}

// New returns an empty collection with orders by their names.
func New[T any](orders map[string]Order[T]) Collection[T] {
	c := Collection[T]{trees: map[string]*btree.BTreeG[T]{}, orders: orders}
	for name, by := range orders {
		less := func(a, b T) bool { return by.Compare(a, b) < 0 }
		c.trees[name] = btree.NewBTreeGOptions(less, btree.Options{NoLocks: true})
	}
	return c
}

// Load fills an empty collection. Each order is sorted once, and its tree is
// built from the sorted list; the orders of many things are built at the same time.
func (c Collection[T]) Load(things []T) {
	var all sync.WaitGroup
	for name, tree := range c.trees {
		build := func() {
			for _, thing := range c.orders[name].sorted(things) {
				tree.Load(thing)
			}
		}
		if len(things) < many {
			build()
		} else {
			all.Go(build)
		}
	}
	all.Wait()
}

// many is how many things are worth a goroutine.
const many = 1000

// sorted returns things in order. It does not change the list that it is given.
func (o Order[T]) sorted(things []T) []T {
	switch {
	case slices.IsSortedFunc(things, o.Compare):
		return things
	case o.Text == nil:
		sorted := slices.Clone(things)
		slices.SortFunc(sorted, o.Compare)
		return sorted
	}
	// The first bytes of the texts lie side by side in memory. Without them a
	// start with a million webhooks takes a fifth more CPU time.
	begun := make([]firstBytes[T], len(things))
	for i, thing := range things {
		begun[i] = newFirstBytes(thing, o.Text(thing))
	}
	slices.SortFunc(begun, func(a, b firstBytes[T]) int {
		if a.first != b.first {
			return cmp.Compare(a.first, b.first)
		}
		if a.second != b.second {
			return cmp.Compare(a.second, b.second)
		}
		return o.Compare(a.thing, b.thing)
	})
	sorted := make([]T, len(things))
	for i := range begun {
		sorted[i] = begun[i].thing
	}
	return sorted
}

// firstBytes is a thing with the first bytes of its text, as numbers that
// compare as the bytes do.
type firstBytes[T any] struct {
	first, second uint64
	thing         T
}

func newFirstBytes[T any](thing T, text string) firstBytes[T] {
	var bytes [16]byte
	copy(bytes[:], text)
	return firstBytes[T]{binary.BigEndian.Uint64(bytes[:8]), binary.BigEndian.Uint64(bytes[8:]), thing}
}

// Add adds a thing.
func (c Collection[T]) Add(thing T) {
	for _, tree := range c.trees {
		tree.Load(thing) // which is quick at the end, where new things mostly go
	}
}

// Remove removes a thing that the collection has.
func (c Collection[T]) Remove(thing T) {
	for _, tree := range c.trees {
		tree.Delete(thing)
	}
}

// Len returns how many things there are.
func (c Collection[T]) Len() int {
	for _, tree := range c.trees {
		return tree.Len()
	}
	return 0
}

// Page returns a part of the list in an order. Descending is the exact reverse of
// ascending.
func (c Collection[T]) Page(order string, descending bool, offset, limit int) []T {
	tree := c.trees[order]
	limit = min(limit, tree.Len()-offset)
	if limit <= 0 {
		return nil
	}
	things := make([]T, 0, limit)
	take := func(thing T) bool {
		things = append(things, thing)
		return len(things) < limit
	}
	if descending {
		first, _ := tree.GetAt(tree.Len() - 1 - offset)
		tree.Descend(first, take)
	} else {
		first, _ := tree.GetAt(offset)
		tree.Ascend(first, take)
	}
	return things
}

// Snapshot returns a list that stays as it is now when something is added or
// removed. It costs no copy: the trees share what neither of them changes.
func (c Collection[T]) Snapshot(order string) *btree.BTreeG[T] {
	return c.trees[order].Copy()
}

// From calls visit for the things in an order, beginning with the first that does not
// stand before one of its kind, until visit returns false.
func (c Collection[T]) From(order string, first T, visit func(T) bool) {
	c.trees[order].Ascend(first, visit)
}

// Scan calls visit for all things in an order, until visit returns false.
func (c Collection[T]) Scan(order string, visit func(T) bool) { c.trees[order].Scan(visit) }

// Compare compares two things in an order.
func (c Collection[T]) Compare(order string) func(a, b T) int { return c.orders[order].Compare }

// WithPrefix returns the things that match among those that have a prefix, which
// follow one another in the list. With too many of them it gives up and reports
// false: a scan of the whole list in the right order costs less than sorting so
// many.
func WithPrefix[T any](list *btree.BTreeG[T], from T, look func(T) (hasPrefix, matches bool)) (found []T, few bool) {
	const share = 16
	most := max(list.Len()/share, 100)
	looked := 0
	list.Ascend(from, func(thing T) bool {
		hasPrefix, matches := look(thing)
		if !hasPrefix {
			return false
		}
		if matches {
			found = append(found, thing)
		}
		looked++
		return looked <= most
	})
	return found, looked <= most
}

// Matching returns a page of the things in a snapshot that match, and how many
// match in all.
func Matching[T any](list *btree.BTreeG[T], descending bool, offset, limit int, match func(T) bool) ([]T, int) {
	var things []T
	total := 0
	visit := func(thing T) bool {
		if match(thing) {
			if total >= offset && len(things) < limit {
				things = append(things, thing)
			}
			total++
		}
		return true
	}
	if descending {
		list.Reverse(visit)
	} else {
		list.Scan(visit)
	}
	return things, total
}

// ByText sorts by a text, and in another way where two texts are equal.
func ByText[T any](text func(T) string, then func(a, b T) int) Order[T] {
	return Order[T]{Text: text, Compare: func(a, b T) int {
		if c := strings.Compare(text(a), text(b)); c != 0 {
			return c
		}
		return then(a, b)
	}}
}

// ByTime sorts by an instant, and in another way where two instants are equal.
func ByTime[T any](property func(T) time.Time, then func(a, b T) int) Order[T] {
	return Order[T]{Compare: func(a, b T) int {
		if c := property(a).Compare(property(b)); c != 0 {
			return c
		}
		return then(a, b)
	}}
}
