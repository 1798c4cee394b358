package decode

import (
	"net/url"
	"strings"
	"unicode/utf8"
)

// Query is a query string as the real API's framework reads it, which differs
// from net/url: a plus is a blank, an escape that does not decode stays as it
// stands, and name[]=, name[0]= and name[a]= make a list of name.
type Query map[string]Value

// ParseQuery reads the part of a URL behind the question mark, or a form.
func ParseQuery(raw string) Query {
	if raw == "" {
		return nil
	}
	q := Query{}
	for pair := range strings.SplitSeq(raw, "&") {
		if pair == "" {
			continue
		}
		name, text, _ := strings.Cut(pair, "=")
		name, bracketed := listName(unescape(name))
		known, twice := q[name]
		if !twice {
			known = Value{Given: true, Text: unescape(text)}
		}
		known.List = known.List || twice || bracketed
		q[name] = known
	}
	return q
}

// listName returns the name in name[...], and whether the brackets are there.
func listName(name string) (string, bool) {
	base, rest, found := strings.Cut(name, "[")
	if found && base != "" && strings.Contains(rest, "]") {
		return base, true
	}
	return name, false
}

func unescape(text string) string {
	if !strings.ContainsAny(text, "%+") {
		return text
	}
	decoded, err := url.QueryUnescape(text)
	if err != nil || !utf8.ValidString(decoded) {
		return strings.ReplaceAll(text, "+", " ")
	}
	return decoded
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

// AccessToken returns the token of a request: the query wins over the header,
// access_token over jwt, and a blank one counts as absent.
func AccessToken(q Query, authorization string) Value {
	for _, name := range []string{"access_token", "jwt"} {
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
