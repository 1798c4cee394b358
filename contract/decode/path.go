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

// Path returns a URL as a router is to read it: without one trailing slash,
// and with every escape undone but for those of an encoded slash or the like,
// so that "/%61pplications" is "/applications".
func Path(u *url.URL) *url.URL {
	path := u.EscapedPath()
	encoded := strings.Contains(path, "%")
	trailing := len(path) > 1 && strings.HasSuffix(path, "/")
	if !encoded && !trailing {
		return u
	}
	path = strings.TrimSuffix(path, "/")
	if path == "" {
		path = "/"
	}
	if !encoded {
		return &url.URL{Path: path}
	}
	segments := strings.Split(path, "/")
	for i, segment := range segments {
		if decoded, err := url.PathUnescape(segment); err == nil {
			segments[i] = url.PathEscape(decoded)
		}
	}
	canonical := strings.Join(segments, "/")
	decoded, _ := url.PathUnescape(canonical)
	return &url.URL{Path: decoded, RawPath: canonical}
}
