package mockserver

import (
	"cmp"
	"slices"
	"sync"
	"time"

	"github.com/tidwall/btree"
)

// collection keeps things in each order that a list can be asked for, so that
// no list is sorted when it is asked for. It has no lock of its own: the store
// that owns it has one.
type collection[T any] struct {
	orders      map[string]*btree.BTreeG[T] // by sortField
	comparisons map[string]func(a, b T) int
}

// newCollection keeps an order for each comparison. A comparison must tell
// apart any two things, or one of them would be lost.
func newCollection[T any](comparisons map[string]func(a, b T) int) collection[T] {
	c := collection[T]{orders: map[string]*btree.BTreeG[T]{}, comparisons: comparisons}
	for field, compare := range comparisons {
		less := func(a, b T) bool { return compare(a, b) < 0 }
		c.orders[field] = btree.NewBTreeGOptions(less, btree.Options{NoLocks: true})
	}
	return c
}

// load puts many things into an empty collection. Each order is sorted once,
// and its tree built from the sorted list; the orders at the same time.
func (c collection[T]) load(things []T) {
	var all sync.WaitGroup
	for field, order := range c.orders {
		all.Go(func() {
			sorted, compare := things, c.comparisons[field]
			if !slices.IsSortedFunc(things, compare) {
				sorted = slices.Clone(things)
				slices.SortFunc(sorted, compare)
			}
			for _, thing := range sorted {
				order.Load(thing)
			}
		})
	}
	all.Wait()
}

func (c collection[T]) add(thing T) {
	for _, order := range c.orders {
		order.Set(thing)
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

// page gives a part of the list. Descending is the exact reverse of
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

// snapshot is a list that stays as it is now, whatever is added or removed.
// It costs no copy: the trees share what neither of them changes.
func (c collection[T]) snapshot(sortField string) *btree.BTreeG[T] {
	return c.orders[sortField].Copy()
}

// matching gives the part of a snapshot that matches, and how many match in
// all.
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

// by compares by one property, and by id where that is the same.
func by[T any, P cmp.Ordered](property func(T) P, id func(T) objectID) func(a, b T) int {
	return func(a, b T) int {
		return cmp.Or(cmp.Compare(property(a), property(b)), compareIDs(id(a), id(b)))
	}
}

func byTime[T any](property func(T) time.Time, id func(T) objectID) func(a, b T) int {
	return func(a, b T) int {
		return cmp.Or(property(a).Compare(property(b)), compareIDs(id(a), id(b)))
	}
}

func byID[T any](id func(T) objectID) func(a, b T) int {
	return func(a, b T) int { return compareIDs(id(a), id(b)) }
}

func compareIDs(a, b objectID) int {
	return cmp.Compare(string(a[:]), string(b[:]))
}
