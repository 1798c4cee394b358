package resources

import (
	"cmp"
	"strings"

	"github.com/tidwall/gjson"
)

// Item is a thing in a collection. It never changes: a change replaces it, so that no
// lock is held while it is written to a client.
type Item struct {
	ID    string
	Alias string // by which it is found too; blank for none
	JSON  []byte // an object

	below   *node   // the collections that it has; kept over all changes
	values  []value // by which it is sorted, as its collection has them
	counted int64   // in the memory budget
}

// NewItem returns an item that is an object of JSON.
func NewItem(id, alias string, json []byte) *Item {
	return &Item{ID: id, Alias: alias, JSON: json, below: &node{}}
}

// Changed returns the item that replaces this one.
func (i *Item) Changed(alias string, json []byte) *Item {
	return &Item{ID: i.ID, Alias: alias, JSON: json, below: i.below}
}

// Property returns a property, also one inside another: "certificateInfo.commonName".
func (i *Item) Property(path string) gjson.Result { return gjson.GetBytes(i.JSON, pathOf(path)) }

// Text returns a property as a text; blank where the item lacks it.
func (i *Item) Text(path string) string { return i.Property(path).String() }

// pathOf returns a path of names with dots between them as gjson reads it: whatever is
// special to gjson is a letter of the name.
func pathOf(path string) string {
	names := strings.Split(path, ".")
	for n := range names {
		names[n] = gjson.Escape(names[n])
	}
	return strings.Join(names, ".")
}

// About how many bytes of memory an item takes beside its JSON: with its places in
// the maps and trees of its collection.
const (
	itemSize  = 512
	valueSize = 96 // each field that it is sorted by
)

func (i *Item) size() int64 {
	return int64(itemSize + len(i.ID) + len(i.Alias) + len(i.JSON) + valueSize*len(i.values))
}

// value is what items are sorted by: nothing, a number, a text or a switch, in this
// order.
type value struct {
	kind   int
	number float64
	text   string
}

func (i *Item) value(field string) value {
	switch p := i.Property(field); p.Type {
	case gjson.Number:
		return value{kind: 1, number: p.Num}
	case gjson.String:
		return value{kind: 2, text: p.Str}
	case gjson.True:
		return value{kind: 3, number: 1}
	case gjson.False:
		return value{kind: 3}
	default:
		return value{}
	}
}

func compareValues(a, b value) int {
	return cmp.Or(cmp.Compare(a.kind, b.kind), cmp.Compare(a.number, b.number), strings.Compare(a.text, b.text))
}

func compareIDs(a, b *Item) int { return strings.Compare(a.ID, b.ID) }
