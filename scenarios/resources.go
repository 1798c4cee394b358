package scenarios

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strconv"

	"github.com/losantmock/losantmock/scenarios/internal/nodes"
	"gopkg.in/yaml.v3"
)

// Resources are items of collections of the API, by the names of the collections, such
// as "devices". They need a definition of the API: see [Limits]. A collection whose
// list is empty has no item, also where one is there by default.
type Resources map[string][]Item

// Item is an item of a collection, or a pattern of many.
type Item struct {
	// Value is the item as JSON has it: a map, a struct, or a json.RawMessage, which has
	// the order of its members. What it lacks gets its default or is generated. In a file,
	// its members stand beside the key resources; members that are called resources or
	// generate are written $resources and $generate there, and count in a pattern $count.
	Value any
	// Resources are in the collections below the item, such as "deviceAttributes".
	Resources Resources
	// Count is how many items a pattern makes: in every text of Value, {{n}} becomes the
	// number of the item, counted from 1. It is 0 for an item that is no pattern. In a
	// file, a pattern stands in an entry with the one key generate.
	Count int
}

// JSON returns the Value as JSON. It fails where package encoding/json does.
func (i Item) JSON() (json.RawMessage, error) { return json.Marshal(i.Value) }

// All returns the items that are made of an item, as JSON: one, or those of a pattern.
func (i Item) All() iter.Seq[json.RawMessage] {
	return func(yield func(json.RawMessage) bool) {
		text, _ := i.JSON() // it was checked
		if i.Count == 0 {
			yield(text)
			return
		}
		for n := 1; n <= i.Count; n++ {
			if !yield(numbered(text, n)) {
				return
			}
		}
	}
}

// numbered returns an item of a pattern.
func numbered(pattern json.RawMessage, n int) json.RawMessage {
	return bytes.ReplaceAll(pattern, []byte(number), strconv.AppendInt(nil, int64(n), 10))
}

// Clone returns a copy of the item that shares nothing with it. The copy of a struct or
// a map is a json.RawMessage.
func (i Item) Clone() Item {
	if text, err := i.JSON(); err == nil {
		i.Value = text
	}
	i.Resources = i.Resources.Clone()
	return i
}

// Clone returns a copy of the resources, as [Item.Clone] does.
func (r Resources) Clone() Resources {
	if r == nil {
		return nil
	}
	c := Resources{}
	for name, items := range r {
		c[name] = cloneEach(items, Item.Clone)
	}
	return c
}

// add adds other resources: lists come together.
func (r *Resources) add(other Resources) {
	for name, items := range other {
		if *r == nil {
			*r = Resources{}
		}
		(*r)[name] = slices.Concat((*r)[name], items)
		if (*r)[name] == nil {
			(*r)[name] = []Item{} // which says that there is none
		}
	}
}

// size returns how many items there are, listed and generated, and how many bytes their
// texts have.
func (r Resources) size() (items int, bytes int64) {
	for _, list := range r {
		for _, item := range list {
			count := max(item.Count, 1)
			text, _ := item.JSON()
			below, belowBytes := item.Resources.size()
			items += count + below
			bytes += int64(count)*int64(len(text)) + belowBytes
		}
	}
	return items, bytes
}

// UnmarshalYAML reads an item as a file has it.
func (i *Item) UnmarshalYAML(node *yaml.Node) error {
	pattern := nodes.ValueOf(node, "generate")
	isPattern := pattern != node
	if isPattern {
		if err := nodes.ValueOf(pattern, "count").Decode(&i.Count); err != nil {
			return err
		}
		node = pattern
	}
	if below := nodes.ValueOf(node, "resources"); below != node {
		if err := below.Decode(&i.Resources); err != nil {
			return err
		}
	}
	i.Value = nodes.InOrder(nodes.Members(node, ownKeys(isPattern)))
	return nil
}

// ownKeys returns the keys of the format in an item or a pattern. A member of the same
// name has a $ before it in a file.
func ownKeys(isPattern bool) []string {
	if isPattern {
		return []string{"resources", "generate", "count"}
	}
	return []string{"resources", "generate"}
}

// MarshalYAML writes an item as a file has it.
func (i Item) MarshalYAML() (any, error) {
	node, err := nodes.Of(i.Value)
	if err != nil {
		return nil, err
	}
	if node.Kind != yaml.MappingNode {
		return nil, fmt.Errorf("an item of a collection must be an object as JSON, got %T", i.Value)
	}
	for key := range nodes.Pairs(node) {
		key.Value = nodes.Escaped(key.Value, ownKeys(i.Count > 0))
	}
	put := func(key string, value any) error {
		added := new(yaml.Node)
		err := added.Encode(value)
		node.Content = append(node.Content, &yaml.Node{Kind: yaml.ScalarNode, Value: key}, added)
		return err
	}
	if i.Resources != nil {
		node.Style = 0 // items stand below each other
		for key := range nodes.Pairs(node) {
			key.Style = 0
		}
		err = put("resources", i.Resources)
	}
	if i.Count > 0 {
		err = errors.Join(err, put("count", i.Count))
		node = &yaml.Node{Kind: yaml.MappingNode, Content: []*yaml.Node{{Kind: yaml.ScalarNode, Value: "generate"}, node}}
	}
	return node, err
}
