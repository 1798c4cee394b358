package state

import (
	"cmp"
	"encoding/binary"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/tidwall/btree"
)

// collection keeps things in every order that a list can have, so that no
// request sorts a list. It has no lock: the lock of the store guards it.
type collection[T any] struct {
	orders   map[string]*btree.BTreeG[T] // by sortField
	ordering map[string]ordering[T]
}

// ordering says how things are sorted.
type ordering[T any] struct {
	// compare returns 0 for a thing and itself alone: the tree would lose one
	// of two equal things.
	compare func(a, b T) int
	// text returns what is compared first, if that is a text; otherwise it is nil.
	text func(T) string
}

// newCollection returns an empty collection with an order for each ordering.
func newCollection[T any](ordered map[string]ordering[T]) collection[T] {
	c := collection[T]{orders: map[string]*btree.BTreeG[T]{}, ordering: ordered}
	for field, by := range ordered {
		less := func(a, b T) bool { return by.compare(a, b) < 0 }
		c.orders[field] = btree.NewBTreeGOptions(less, btree.Options{NoLocks: true})
	}
	return c
}

// load fills an empty collection. Each order is sorted once, and its tree is
// built from the sorted list; the orders are built at the same time.
func (c collection[T]) load(things []T) {
	var all sync.WaitGroup
	for field, order := range c.orders {
		all.Go(func() {
			for _, thing := range c.ordering[field].sorted(things) {
				order.Load(thing)
			}
		})
	}
	all.Wait()
}

// sorted returns things in order. It does not change the list that it is given.
func (o ordering[T]) sorted(things []T) []T {
	switch {
	case slices.IsSortedFunc(things, o.compare):
		return things
	case o.text == nil:
		sorted := slices.Clone(things)
		slices.SortFunc(sorted, o.compare)
		return sorted
	}
	// The first bytes of the texts lie side by side in memory. Without them a
	// start with a million webhooks takes a fifth more CPU time.
	begun := make([]firstBytes[T], len(things))
	for i, thing := range things {
		begun[i] = newFirstBytes(thing, o.text(thing))
	}
	slices.SortFunc(begun, func(a, b firstBytes[T]) int {
		if a.first != b.first {
			return cmp.Compare(a.first, b.first)
		}
		if a.second != b.second {
			return cmp.Compare(a.second, b.second)
		}
		return o.compare(a.thing, b.thing)
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

func (c collection[T]) add(thing T) {
	for _, order := range c.orders {
		order.Load(thing) // which is quick at the end, where new things mostly go
	}
}

func (c collection[T]) remove(thing T) {
	for _, order := range c.orders {
		order.Delete(thing)
	}
}

func (c collection[T]) len() int {
	for _, order := range c.orders {
		return order.Len()
	}
	return 0
}

// page returns a part of the list. Descending is the exact reverse of
// ascending.
func (c collection[T]) page(sortField string, descending bool, offset, limit int) []T {
	order := c.orders[sortField]
	limit = min(limit, order.Len()-offset)
	if limit <= 0 {
		return nil
	}
	things := make([]T, 0, limit)
	take := func(thing T) bool {
		things = append(things, thing)
		return len(things) < limit
	}
	if descending {
		first, _ := order.GetAt(order.Len() - 1 - offset)
		order.Descend(first, take)
	} else {
		first, _ := order.GetAt(offset)
		order.Ascend(first, take)
	}
	return things
}

// snapshot returns a list that stays as it is now when something is added or
// removed. It costs no copy: the trees share what neither of them changes.
func (c collection[T]) snapshot(sortField string) *btree.BTreeG[T] {
	return c.orders[sortField].Copy()
}

// lowerNameOrder is the order by names in lower case. Filters look names up in
// it; a request can't have it as a sortField.
const lowerNameOrder = "lowerName"

// withPrefix returns the things that match among those that have a prefix, which
// follow one another in the list. With too many of them it gives up and reports
// false: a scan of the whole list in the right order costs less than sorting so
// many.
func withPrefix[T any](list *btree.BTreeG[T], from T, look func(T) (hasPrefix, matches bool)) (found []T, few bool) {
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

// matching returns a page of the things in a snapshot that match, and how many
// match in all.
func matching[T any](list *btree.BTreeG[T], descending bool, offset, limit int, match func(T) bool) ([]T, int) {
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

// byText sorts by a text, and by id where two texts are equal.
func byText[T any](text func(T) string, id func(T) ID) ordering[T] {
	return ordering[T]{text: text, compare: func(a, b T) int {
		if c := strings.Compare(text(a), text(b)); c != 0 {
			return c
		}
		return compareIDs(id(a), id(b))
	}}
}

// byTime sorts by an instant, and by id where two instants are equal.
func byTime[T any](property func(T) time.Time, id func(T) ID) ordering[T] {
	return ordering[T]{compare: func(a, b T) int {
		if c := property(a).Compare(property(b)); c != 0 {
			return c
		}
		return compareIDs(id(a), id(b))
	}}
}

func byID[T any](id func(T) ID) ordering[T] {
	return ordering[T]{compare: func(a, b T) int { return compareIDs(id(a), id(b)) }}
}

func compareIDs(a, b ID) int {
	return cmp.Compare(string(a[:]), string(b[:]))
}
