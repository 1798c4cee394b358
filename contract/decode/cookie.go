package decode

import "strings"

// Cookies returns the cookies in the values of the header field Cookie, in their
// order. It reads what a client sends, also what RFC 6265 does not allow: a semicolon
// alone separates cookies, and the first equals sign ends a name. Blanks around names
// and values are no part of them, and neither are quotes around a value. What is not
// UTF-8 becomes U+FFFD.
func Cookies(fields []string) []Pair {
	var cookies []Pair
	for _, field := range fields {
		for part := range strings.SplitSeq(field, ";") {
			name, value, ok := strings.Cut(part, "=")
			name, value = strings.TrimSpace(name), strings.TrimSpace(value)
			if name == "" && !ok {
				continue
			}
			if len(value) > 1 && strings.HasPrefix(value, `"`) && strings.HasSuffix(value, `"`) {
				value = value[1 : len(value)-1]
			}
			cookies = append(cookies, Pair{Text([]byte(name)), Text([]byte(value))})
		}
	}
	return cookies
}
