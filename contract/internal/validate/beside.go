package validate

import (
	"maps"
	"slices"
)

// Beside are the members that the framework adds to the objects of responses, and to the
// items of their lists, beside what their schemas name.
var Beside = []string{"_type", "_links", "_actions", "_embedded"}

// WithoutBeside returns a response without what is [Beside] it.
func WithoutBeside(response any) any {
	fields, ok := response.(map[string]any)
	if !ok {
		return response
	}
	fields = maps.Clone(fields)
	maps.DeleteFunc(fields, func(name string, _ any) bool { return slices.Contains(Beside, name) })
	if items, ok := fields["items"].([]any); ok {
		bare := make([]any, len(items))
		for i := range items {
			bare[i] = WithoutBeside(items[i])
		}
		fields["items"] = bare
	}
	return fields
}
