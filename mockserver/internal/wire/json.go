package wire

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
)

// AppendJSON appends a decoded JSON value as JSON.stringify writes it, with the
// properties of objects in the order of their names.
func AppendJSON(b []byte, value any) []byte {
	switch value := value.(type) {
	case string:
		return AppendText(b, value)
	case []any:
		b = append(b, '[')
		for i, item := range value {
			if i > 0 {
				b = append(b, ',')
			}
			b = AppendJSON(b, item)
		}
		return append(b, ']')
	case map[string]any:
		b = append(b, '{')
		for i, name := range slices.Sorted(maps.Keys(value)) {
			if i > 0 {
				b = append(b, ',')
			}
			b = append(AppendText(b, name), ':')
			b = AppendJSON(b, value[name])
		}
		return append(b, '}')
	case bool:
		return strconv.AppendBool(b, value)
	default: // a number, or null
		text, _ := json.Marshal(value) // what was decoded from JSON can be encoded
		return append(b, text...)
	}
}
