package decode

import (
	"net/url"
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

// Path returns the path of a URL as a router is to read it: without one trailing slash,
// and with every escape undone but for those of an encoded slash or the like, so that
// "/%61pplications" is "/applications".
func Path(u *url.URL) string {
	path := u.EscapedPath()
	if len(path) > 1 {
		path = strings.TrimSuffix(path, "/")
	}
	if !strings.Contains(path, "%") {
		return path
	}
	segments := strings.Split(path, "/")
	for i, segment := range segments {
		if decoded, err := url.PathUnescape(segment); err == nil {
			segments[i] = url.PathEscape(decoded)
		}
	}
	return strings.Join(segments, "/")
}
