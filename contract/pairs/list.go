package pairs

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"github.com/losantmock/losantmock/contract"
)

// SortFields returns the properties that the items can be sorted by.
func (p *Pair) SortFields() []string {
	if param := param(p.List, "sortField"); param != nil {
		return param.Enum
	}
	return nil
}

// Has reports whether an operation has a parameter.
func Has(op *contract.Operation, name string) bool { return param(op, name) != nil }

// In returns where an operation has a parameter, such as "query" or "body"; blank for an
// operation that lacks it.
func In(op *contract.Operation, name string) string {
	if p := param(op, name); p != nil {
		return p.In
	}
	return ""
}

// BodySchema returns the schema of an operation's body; nil where it has none.
func BodySchema(api *contract.API, op *contract.Operation) *contract.Schema {
	for i := range op.Params {
		if op.Params[i].In == "body" {
			return api.Schema(op.Params[i].Schema)
		}
	}
	return nil
}

// Overrides reports whether the query of an operation, where it is given, takes the place of
// its other filters. Its description says so, which names all of them.
func Overrides(op *contract.Operation) bool {
	query := param(op, "query")
	return query != nil && strings.Contains(query.Description, "overrides")
}

// FilterField returns the property that an operation without filterField filters by; blank
// for none.
func FilterField(op *contract.Operation) string { return Is(filtered, op.Name) }

func param(op *contract.Operation, name string) *contract.Param {
	for i := range op.Params {
		if op.Params[i].Name == name {
			return &op.Params[i]
		}
	}
	return nil
}

// The parameters of lists that say which part of them is wanted.
var (
	paging = slices.Concat(numbers, []string{"sortField", "sortColumn", "sortDirection", "filterField", "filter", "query", "tagFilter", After, Before})
	// numbers are those of whole numbers, which a definition has as texts.
	numbers = []string{"page", "perPage", "limit", "offset"}
)

// After and Before are the parameters with the id of the item which a part of a list begins
// behind, or ends in front of.
const (
	After  = "startingAfterId"
	Before = "endingBeforeId"
)

// IsNumber reports whether a parameter of a list is a whole number, though the definition
// has it as a text.
func IsNumber(param string) bool { return slices.Contains(numbers, param) }

// MaxKeepAlive is the longest keepAliveInterval of a stream, in seconds. The limit is ours.
const MaxKeepAlive = 24 * 60 * 60

// keepAlive is the parameter of streams that has the time between two signs of life.
const keepAlive = "keepAliveInterval"

// BoundsOf returns the bounds of a parameter in a query that is a whole number, though the
// definition has it as a text which package contract does not check; nil for any other. The
// bounds are ours, as those of page and perPage are.
func BoundsOf(p *contract.Param) *contract.Bounds {
	switch {
	case p.In != "query" || p.Whole != nil:
		return nil
	case p.Name == "limit":
		return &contract.Bounds{Min: 1, Max: math.MaxInt32}
	case p.Name == "offset":
		return &contract.Bounds{Min: 0, Max: math.MaxInt32}
	case p.Name == keepAlive:
		return &contract.Bounds{Min: 1, Max: MaxKeepAlive}
	default:
		return nil
	}
}

// FilteredBy returns the value of a property that a list has by default, which is that of an
// item for which none was sent; blank for none.
func (p *Pair) FilteredBy(property string) string {
	for param, filtered := range p.Filters() {
		if filtered == property {
			return new(contract.Request).Text(p.List, param)
		}
	}
	return ""
}

// Filters returns the parameters of the list that each have the value of a property, or the
// id of an item which a property lists: by the name of the parameter that of the property.
// The result is shared and must not be changed.
func (p *Pair) Filters() map[string]string { return p.filters }

// ListsItems reports whether a property is a list of objects with ids, by which a list can be
// filtered.
func (p *Pair) ListsItems(property string) bool { return slices.Contains(p.lists, property) }

// prepareFilters works out by what the list can be filtered.
func (p *Pair) prepareFilters() {
	properties, items := p.Properties(), PropertiesOf(p.Schema)
	p.filters = map[string]string{}
	for _, param := range p.List.Params {
		property := cmp.Or(Is(filter, param.Name), param.Name)
		if name, isID := strings.CutSuffix(property, "Id"); isID && items.ListsItems(name+"s") {
			property = name + "s"
			p.lists = append(p.lists, property)
		}
		if param.In == "query" && !slices.Contains(paging, param.Name) && slices.Contains(properties, property) {
			p.filters[param.Name] = property
		}
	}
}
