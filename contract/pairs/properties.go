package pairs

import (
	"slices"

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
	p := &Properties{schemas: map[string]gjson.Result{}}
	if schema != nil {
		text, _ := schema.MarshalJSON() // of JSON that was read
		p.add(gjson.ParseBytes(text))
	}
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

// hasForms reports whether a schema is nothing but forms, of which an object has one.
func hasForms(schema *contract.Schema) bool {
	text, _ := schema.MarshalJSON() // of JSON that was read
	forms := gjson.ParseBytes(text)
	return !forms.Get("properties").Exists() && (forms.Get("oneOf").Exists() || forms.Get("anyOf").Exists())
}
