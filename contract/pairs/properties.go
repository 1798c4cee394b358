package pairs

import (
	"slices"
	"strings"

	"github.com/losantmock/losantmock/contract"
	"github.com/tidwall/gjson"
)

// Properties are what a schema says of the members of an object, with those of its forms.
type Properties struct {
	Names    []string // in the order of the schema
	Required []string
	schemas  map[string]gjson.Result
}

// PropertiesOf returns the properties of a schema; none for nil.
func PropertiesOf(schema *contract.Schema) *Properties {
	if schema == nil {
		return PropertiesIn(gjson.Result{})
	}
	return PropertiesIn(schemaText(schema))
}

// PropertiesIn returns the properties of a part of a schema; none for nothing.
func PropertiesIn(schema gjson.Result) *Properties {
	p := &Properties{schemas: map[string]gjson.Result{}}
	p.add(schema)
	return p
}

func (p *Properties) add(schema gjson.Result) {
	schema.Get("properties").ForEach(func(name, property gjson.Result) bool {
		if !p.Has(name.Str) {
			p.Names = append(p.Names, name.Str)
		}
		p.schemas[name.Str] = property
		return true
	})
	for _, name := range schema.Get("required").Array() {
		p.Required = append(p.Required, name.Str)
	}
	for _, keyword := range []string{"allOf", "anyOf", "oneOf"} {
		for _, form := range schema.Get(keyword).Array() {
			p.add(form)
		}
	}
}

// Has reports whether there is a property of a name.
func (p *Properties) Has(name string) bool { return slices.Contains(p.Names, name) }

// Schema returns the schema of a property; nothing for one that is missing.
func (p *Properties) Schema(name string) gjson.Result { return p.schemas[name] }

// ListsItems reports whether a property is a list of objects with ids.
func (p *Properties) ListsItems(name string) bool {
	return p.Schema(name).Get("items.properties.id").Exists()
}

// InitialOf returns the value that a property of a new item has; blank for none.
func InitialOf(items *Properties, name string) string {
	value, values := Is(Initial, name), enum(items.Schema(name))
	if len(values) > 0 && !slices.Contains(values, value) {
		return ""
	}
	return value
}

func enum(schema gjson.Result) (texts []string) {
	for _, one := range schema.Get("enum").Array() {
		texts = append(texts, one.String())
	}
	return texts
}

// Log is a property of items that lists the changes of each. That it does follows from its
// entries: they have a date, and a member of a body that items lack. Events have such a
// list, their updates with comments.
type Log struct {
	List, Created string      // the property, and the date of its entries
	Entry         *Properties // what an entry may have
}

// LogOf returns the log in which a member of a body is kept; nil for none.
func LogOf(items *Properties, member string) *Log {
	if items.Has(member) {
		return nil
	}
	for _, name := range items.Names {
		entry := PropertiesIn(items.Schema(name).Get("items"))
		for _, date := range Named(Created) {
			if entry.Has(member) && entry.Has(date) {
				return &Log{name, date, entry}
			}
		}
	}
	return nil
}

// Becomes returns the properties of an item that show a member of a body which no item
// has; none for a member that is not kept, such as a password.
func Becomes(items *Properties, member string) (properties []string) {
	list := strings.TrimSuffix(member, "Ids") + "s" // of objects with the ids
	log := LogOf(items, member)
	for _, name := range items.Names {
		switch {
		case Is(Owner, member) != "" && (Means(OwnerID, name) || Means(OwnerType, name)):
		case Is(Mark, member) == name, log != nil && log.List == name:
		case strings.HasSuffix(member, "Ids") && name == list && items.ListsItems(name):
		default:
			continue
		}
		properties = append(properties, name)
	}
	return properties
}

// Hidden returns the members of a body that no item has.
func Hidden(body, items *Properties) (names []string) {
	if len(items.Names) == 0 {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(body.Names), items.Has)
}

// hasForms reports whether a schema is nothing but forms, of which an object has one.
func hasForms(schema *contract.Schema) bool {
	forms := schemaText(schema)
	return !forms.Get("properties").Exists() && (forms.Get("oneOf").Exists() || forms.Get("anyOf").Exists())
}

// isOpen reports whether a schema, or one of its forms, accepts members that it does not name.
func isOpen(schema gjson.Result) bool {
	forms := append(schema.Get("oneOf").Array(), schema.Get("anyOf").Array()...)
	return schema.Get("additionalProperties").Type != gjson.False && (len(forms) == 0 || slices.ContainsFunc(forms, isOpen))
}

func schemaText(schema *contract.Schema) gjson.Result {
	text, _ := schema.MarshalJSON() // of JSON that was read
	return gjson.ParseBytes(text)
}
