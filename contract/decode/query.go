package decode

import (
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"
)

// Pair is a name and a value in a query or a form, decoded.
type Pair struct{ Name, Text string }

// Pairs returns the pairs of a query or a form in their order. It reads as Node's
// querystring does, which the real API's framework is built on: an ampersand alone
// separates pairs, a plus is a blank, and an escape that does not decode stays as
// it stands.
func Pairs(raw string) []Pair {
	var pairs []Pair
	for part := range strings.SplitSeq(raw, "&") {
		if part != "" {
			name, text, _ := strings.Cut(part, "=")
			pairs = append(pairs, Pair{Unescape(name), Unescape(text)})
		}
	}
	return pairs
}

// Unescape decodes a name or a value in a query or a form. What is not UTF-8 then
// becomes U+FFFD.
func Unescape(text string) string {
	if !strings.ContainsAny(text, "%+") {
		if utf8.ValidString(text) {
			return text
		}
		return Text([]byte(text))
	}
	decoded := make([]byte, 0, len(text))
	for i := 0; i < len(text); i++ {
		c := text[i]
		if c == '+' {
			c = ' '
		} else if c == '%' && i+2 < len(text) && isHex(text[i+1]) && isHex(text[i+2]) {
			c = hexValue(text[i+1])<<4 | hexValue(text[i+2])
			i += 2
		}
		decoded = append(decoded, c)
	}
	return Text(decoded)
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}

// hexValue returns the value of a hexadecimal digit.
func hexValue(c byte) byte {
	if c <= '9' {
		return c - '0'
	}
	return (c | 0x20) - 'a' + 10
}

// Values returns the values of each name in a query or a form, in their order.
func Values(raw string) url.Values {
	values := url.Values{}
	for _, pair := range Pairs(raw) {
		values[pair.Name] = append(values[pair.Name], pair.Text)
	}
	return values
}

// Query is a query string as the real API reads it: name[]=, name[0]= and
// name[a]= make a list of name. Its Body then is that list, or an object.
type Query map[string]Value

// ParseQuery reads the part of a URL behind the question mark, or a form.
func ParseQuery(raw string) Query {
	if raw == "" {
		return nil
	}
	q := Query{}
	pairs := Pairs(raw)
	lists := false
	for _, pair := range pairs {
		name, bracketed := listName(pair.Name)
		known, twice := q[name]
		if !twice {
			known = Value{Given: true, Text: pair.Text}
		}
		known.List = known.List || twice || bracketed
		lists = lists || known.List
		q[name] = known
	}
	if lists {
		q.nest(pairs)
	}
	return q
}

// nest sets the Body of each list.
func (q Query) nest(pairs []Pair) {
	given := map[string][]Pair{}
	for _, pair := range pairs {
		name, _ := listName(pair.Name)
		given[name] = append(given[name], pair)
	}
	for name, v := range q {
		if v.List {
			v.Body = nest(given[name])
			q[name] = v
		}
	}
}

// listName returns the name in name[...], and whether the brackets are there.
func listName(name string) (string, bool) {
	base, rest, found := strings.Cut(name, "[")
	if found && base != "" && strings.Contains(rest, "]") {
		return base, true
	}
	return name, false
}

// On reports whether a HAL switch is on: it is when it is absent, blank, true,
// 1 or yes.
func (q Query) On(name string) bool {
	v := q[name]
	if !v.Given || (v.Text == "" && !v.List) {
		return true
	}
	return !v.List && (v.Text == "true" || v.Text == "1" || v.Text == "yes")
}

// tokenNames are the names of the parameters of a query that have the token.
var tokenNames = []string{"access_token", "jwt"}

// MayHaveToken reports whether the part of a URL behind the question mark may have an
// access token. That takes less time than to parse it.
func MayHaveToken(raw string) bool {
	return strings.Contains(raw, "%") || slices.ContainsFunc(tokenNames, func(name string) bool { return strings.Contains(raw, name) })
}

// AccessToken returns the token of a request: the query wins over the header,
// access_token over jwt, and a blank one counts as absent.
func AccessToken(q Query, authorization string) Value {
	for _, name := range tokenNames {
		if v := q[name]; v.Text != "" || v.List {
			return v
		}
	}
	// Exactly one blank stands between scheme and token: with two there is a
	// blank token, with a tab another scheme.
	scheme, rest, _ := strings.Cut(authorization, " ")
	token, _, _ := strings.Cut(rest, " ")
	if token == "" || !strings.EqualFold(scheme, "Bearer") && !strings.EqualFold(scheme, "JWT") {
		return Value{}
	}
	return Value{Given: true, Text: token}
}
