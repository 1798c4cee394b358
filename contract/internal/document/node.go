package document

import (
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/losantmock/losantmock/contract/internal/ordered"
)

// node is a value of the tree with its place. Reading a value of another type than
// is wanted is a problem, and reads nothing.
type node struct {
	r *reader
	place
	value any
}

// member is a member of an object.
type member struct {
	key string
	node
}

func (n node) fail(format string, args ...any) { n.r.fail(n.place, format, args...) }

// want reports a value that is there and has another type.
func (n node) want(kind string) {
	if n.value != nil {
		n.fail("want %s, got %s", kind, kindOf(n.value))
	}
}

func (n node) get(key string) node {
	object, _ := n.value.(ordered.Object)
	return node{n.r, n.at(key), object.Get(key)}
}

// object returns the value where it is an object.
func (n node) object() ordered.Object {
	object, ok := n.value.(ordered.Object)
	if !ok {
		n.want("an object")
	}
	return object
}

func (n node) members() []member {
	var members []member
	for _, m := range n.object() {
		members = append(members, member{m.Key, node{n.r, n.at(m.Key), m.Value}})
	}
	return members
}

func (n node) items() []node {
	list, ok := n.value.([]any)
	if !ok {
		n.want("a list")
	}
	items := make([]node, len(list))
	for i, value := range list {
		items[i] = node{n.r, n.at(strconv.Itoa(i)), value}
	}
	return items
}

func (n node) text() string {
	text, ok := n.value.(string)
	if !ok {
		n.want("a text")
	}
	return text
}

func (n node) isText() bool {
	_, ok := n.value.(string)
	return ok
}

// needed returns a text that must be there.
func (n node) needed() string {
	if n.value == nil {
		n.fail("is missing: want a text")
	}
	return n.text()
}

func (n node) flag() bool {
	flag, ok := n.value.(bool)
	if !ok {
		n.want("true or false")
	}
	return flag
}

func (n node) texts() []string {
	var texts []string
	for _, item := range n.items() {
		texts = append(texts, item.text())
	}
	return texts
}

// scalar returns a text, a number or a switch.
func (n node) scalar() any {
	switch n.value.(type) {
	case ordered.Object, []any:
		n.want("a text, a number or a switch")
		return nil
	default:
		return n.value
	}
}

// kindOf returns what a value of JSON is, in words.
func kindOf(value any) string {
	switch value := value.(type) {
	case nil:
		return "null"
	case string:
		return fmt.Sprintf("the text %.40q", value)
	case bool:
		return fmt.Sprint(value)
	case json.Number:
		return fmt.Sprintf("the number %.40s", value)
	case []any:
		return "a list"
	default:
		return "an object"
	}
}
