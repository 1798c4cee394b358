package decode

import (
	"fmt"
	"strings"
)

// ScriptText returns the text that JavaScript makes of a value, as where JSON.parse is
// called with one that is not a text: of a list its items, with commas between them.
//
// Source: prepare-params.js of bravado-core 0.16.
func ScriptText(value any) string {
	switch value := value.(type) {
	case []any:
		texts := make([]string, len(value))
		for i, item := range value {
			texts[i] = ScriptText(item)
		}
		return strings.Join(texts, ",")
	case map[string]any:
		return "[object Object]"
	case nil:
		return ""
	default:
		return fmt.Sprint(value)
	}
}
