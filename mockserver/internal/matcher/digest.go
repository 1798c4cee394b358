package matcher

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"maps"
	"slices"

	"github.com/losantmock/losantmock/contract/decode"
)

// digest returns the same for two decoded JSON values if they are equal, with
// lists in any order. It takes time in proportion to the value's size.
func digest(value any) [sha256.Size]byte {
	var parts [][]byte
	kind := "scalar"
	switch value := value.(type) {
	case map[string]any:
		kind = "object"
		for _, key := range slices.Sorted(maps.Keys(value)) {
			name, inner := sha256.Sum256([]byte(key)), digest(value[key])
			parts = append(parts, name[:], inner[:])
		}
	case []any:
		kind = "list"
		for i := range value {
			inner := digest(value[i])
			parts = append(parts, inner[:])
		}
		slices.SortFunc(parts, bytes.Compare)
	default:
		if number, ok := decode.DecimalOf(value); ok {
			kind, value = "number", number
		}
		parts = [][]byte{fmt.Appendf(nil, "%T %v", value, value)}
	}
	return sha256.Sum256(append([]byte(kind+" "), bytes.Join(parts, nil)...))
}
