package ordered

import (
	"bytes"
	"cmp"
	"encoding/json"
	"slices"
	"strconv"

	"github.com/losantmock/losantmock/contract/decode"
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
	var keys []string
	seen := map[string]bool{}
	for _, key := range object.Keys() {
		if !seen[key] {
			keys = append(keys, key)
		}
		seen[key] = true
	}
	slices.SortStableFunc(keys, func(a, b string) int { return cmp.Compare(decode.Index(a), decode.Index(b)) })
	return keys
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
