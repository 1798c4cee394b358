package decode

import (
	"strings"
	"unicode/utf8"
)

// ValidPath reports whether every escape in the path of a URL decodes, and
// whether escapes that stand together are UTF-8.
func ValidPath(path string) bool {
	for {
		begin := strings.IndexByte(path, '%')
		if begin < 0 {
			return true
		}
		path = path[begin:]
		var decoded []byte
		for strings.HasPrefix(path, "%") {
			if len(path) < 3 || !isHex(path[1]) || !isHex(path[2]) {
				return false
			}
			decoded = append(decoded, hexValue(path[1])<<4|hexValue(path[2]))
			path = path[3:]
		}
		if !utf8.Valid(decoded) {
			return false
		}
	}
}
