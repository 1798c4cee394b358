package ordered

import (
	"bytes"
	"cmp"
	"encoding/json"
	"math"
	"slices"
	"strconv"
)

// ParseValue reads any JSON value as [Parse] reads an object.
func ParseValue(data []byte) (any, error) {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	return parseValue(d)
}

// KeysAt returns the keys of the object that a path leads to inside a value, in the
// order of JavaScript: indexes first, then the others as they were written.
func KeysAt(value any, path []string) []string {
	for _, key := range path {
		switch inside := value.(type) {
		case Object:
			value = inside.last(key)
		case []any:
			i, err := strconv.Atoi(key)
			if err != nil || i >= len(inside) {
				return nil
			}
			value = inside[i]
		}
	}
	object, _ := value.(Object)
	var indexes, others []string
	seen := map[string]bool{}
	for _, key := range object.Keys() {
		switch {
		case seen[key]:
		case isIndex(key):
			indexes = append(indexes, key)
		default:
			others = append(others, key)
		}
		seen[key] = true
	}
	slices.SortFunc(indexes, func(a, b string) int { return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b)) })
	return append(indexes, others...)
}

// last returns the last of several values of a key, which is the one that counts.
func (o Object) last(key string) any {
	for i := len(o) - 1; i >= 0; i-- {
		if o[i].Key == key {
			return o[i].Value
		}
	}
	return nil
}

func isIndex(key string) bool {
	n, err := strconv.ParseUint(key, 10, 32)
	return err == nil && n < math.MaxUint32 && strconv.FormatUint(n, 10) == key
}
