package pairs

import (
	"slices"
	"strings"

	"github.com/losantmock/losantmock/contract"
)

// Foremost is how a response shows the first item of a collection beside a count, such as
// the newest of the gravest events that are new.
type Foremost struct {
	Item, Count string   // the properties of the response
	Only, Value string   // the property of the items that are meant, and what it has
	Rank        string   // the property by which one is the first
	Ranks       []string // what it may have: the last comes first
}

// foremost returns how the response to an operation of a collection shows the first item;
// nil where it does not. Its count has the name of a value that items can have, as newCount
// has that of a state.
func (p *Pair) foremost(op *contract.Operation, response *contract.Schema) *Foremost {
	rank := Is(ranked, op.Name)
	if rank == "" {
		return nil
	}
	items := PropertiesOf(p.Schema)
	first := &Foremost{Item: p.Item.Name, Rank: rank, Ranks: enum(items.Schema(rank))}
	for _, count := range PropertiesOf(response).Names {
		value, isCount := strings.CutSuffix(count, "Count")
		for _, name := range items.Names {
			if isCount && slices.Contains(enum(items.Schema(name)), value) {
				first.Count, first.Only, first.Value = count, name, value
			}
		}
	}
	if first.Count == "" {
		return nil
	}
	return first
}
