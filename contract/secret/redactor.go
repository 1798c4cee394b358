package secret

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// Redactor replaces secrets by placeholders. The same secret gets the same
// placeholder, so that what belongs together still shows.
//
// Secrets are found where they stand: in the header fields, parameters and
// fields of bodies that are known to hold them. One that is too long to be an
// everyday word is then replaced wherever else it appears, by the redactor's
// [Redactor.Replacer]. Cookies are not: they may have any text as their value.
type Redactor struct {
	placeholders map[string]string // by secret
	shown        map[string]bool   // the placeholders themselves
	counts       map[Kind]int
	cookies      map[string]bool // the secrets that are nothing but values of cookies
	keys         map[string]bool // the access keys that stand beside a secret
	users        bool            // whether the names of users are replaced too
}

// NewRedactor returns a redactor that knows no secrets yet.
func NewRedactor() *Redactor {
	return &Redactor{placeholders: map[string]string{}, shown: map[string]bool{}, counts: map[Kind]int{}, cookies: map[string]bool{}, keys: map[string]bool{}}
}

// Placeholder returns what is shown in place of a secret. A text that is a
// placeholder already is returned as it is.
func (r *Redactor) Placeholder(kind Kind, secret string) string {
	if known, ok := r.placeholders[secret]; ok {
		r.cookies[secret] = r.cookies[secret] && kind == Cookie
		return known
	}
	if r.shown[secret] {
		return secret
	}
	r.counts[kind]++
	r.cookies[secret] = kind == Cookie
	r.Set(secret, placeholder(kind, r.counts[kind]))
	return r.placeholders[secret]
}

// Set sets the placeholder of a secret, unless the secret has one.
func (r *Redactor) Set(secret, placeholder string) {
	if _, known := r.placeholders[secret]; !known {
		r.placeholders[secret] = placeholder
		r.shown[placeholder] = true
	}
}

func placeholder(kind Kind, number int) string {
	return fmt.Sprintf("%s-%d", strings.ToUpper(string(kind)), number)
}

// Header returns a copy of a header with placeholders for credentials, cookies, and
// secrets in URLs.
func (r *Redactor) Header(h http.Header) http.Header {
	clean := h.Clone()
	for name, values := range clean {
		for i, value := range values {
			switch name {
			case "Authorization", "Proxy-Authorization":
				values[i] = r.credentials(value)
			case "Cookie":
				values[i] = r.cookieFields(value, false)
			case "Set-Cookie":
				values[i] = r.cookieFields(value, true)
			default:
				values[i] = r.Text(value)
			}
		}
	}
	return clean
}

// schemes are the words in front of credentials.
var schemes = []string{"basic", "bearer", "digest", "jwt", "negotiate", "token"}

func (r *Redactor) credentials(value string) string {
	scheme, secret, found := strings.Cut(value, " ")
	if !found || !slices.Contains(schemes, strings.ToLower(scheme)) {
		return r.Placeholder(Token, value)
	}
	return scheme + " " + r.Placeholder(Token, secret)
}

// cookieFields replaces the values of cookies, and leaves the attributes of one that
// is set.
func (r *Redactor) cookieFields(line string, set bool) string {
	parts := strings.Split(line, ";")
	for i, part := range parts {
		name, value, found := strings.Cut(part, "=")
		switch {
		case set && i > 0 && isAttribute(name):
		case found && value != "":
			parts[i] = name + "=" + r.Placeholder(Cookie, value)
		case !found && strings.TrimSpace(name) != "":
			parts[i] = name[:len(name)-len(strings.TrimLeft(name, " "))] + r.Placeholder(Cookie, strings.TrimSpace(name))
		}
	}
	return strings.Join(parts, ";")
}

func isAttribute(name string) bool {
	return slices.Contains([]string{"path", "domain", "expires", "max-age", "samesite", "secure", "httponly", "partitioned"}, strings.ToLower(strings.TrimSpace(name)))
}

// Replacer returns a replacer of the secrets that the redactor knows so far,
// as they are, as a URL has them and as JSON has them. It does not replace those
// of less than 8 bytes, which may be everyday words, those that are names in the API,
// and values of cookies.
func (r *Redactor) Replacer() *strings.Replacer {
	secrets := make([]string, 0, len(r.placeholders))
	for secret := range r.placeholders {
		if len(secret) >= minReplaced && !r.cookies[secret] && !isName(secret) {
			secrets = append(secrets, secret)
		}
	}
	// The longest first: one may be a part of another.
	slices.SortFunc(secrets, func(a, b string) int { return cmp.Or(len(b)-len(a), strings.Compare(a, b)) })
	var pairs []string
	for _, secret := range secrets {
		for _, form := range []string{secret, url.QueryEscape(secret), url.PathEscape(secret), jsonForm(secret)} {
			pairs = append(pairs, form, r.placeholders[secret])
		}
	}
	return strings.NewReplacer(pairs...)
}

// InTarget returns a path with its query in which the secrets that the redactor knows
// are replaced by a replacer of its own: those that are whole segments of the path, and
// those in values of the query.
func (r *Redactor) InTarget(everywhere *strings.Replacer, target string) string {
	path, query, hasQuery := strings.Cut(target, "?")
	segments := strings.Split(path, "/")
	for i, segment := range segments {
		if decoded := unescapedPath(segment); len(decoded) >= minReplaced && !r.cookies[decoded] && !isName(decoded) {
			if placeholder, ok := r.placeholders[decoded]; ok {
				segments[i] = placeholder
			}
		}
	}
	path = strings.Join(segments, "/")
	if !hasQuery {
		return path
	}
	pairs := strings.Split(query, "&")
	for i, pair := range pairs {
		if name, value, found := strings.Cut(pair, "="); found {
			pairs[i] = name + "=" + everywhere.Replace(value)
		}
	}
	return path + "?" + strings.Join(pairs, "&")
}

// jsonForm returns a text as it stands between the quotation marks of JSON that
// the API writes: <, > and & stay, and what is not UTF-8 is U+FFFD.
func jsonForm(text string) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(string([]rune(text))) // a text can always be encoded
	return strings.TrimSuffix(strings.TrimPrefix(b.String(), `"`), "\"\n")
}
