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

	"github.com/losantmock/losantmock/contract/decode"
)

// Redactor replaces secrets by placeholders. The same secret gets the same
// placeholder, so that what belongs together still shows.
//
// Secrets are found where they stand: in the header fields, parameters and
// fields of bodies that are known to hold them. One that is too long to be an
// everyday word is then replaced wherever else it appears, by the redactor's
// [Redactor.Replacer].
type Redactor struct {
	placeholders map[string]string // by secret
	shown        map[string]bool   // the placeholders themselves
	counts       map[Kind]int
}

// NewRedactor returns a redactor that knows no secrets yet.
func NewRedactor() *Redactor {
	return &Redactor{placeholders: map[string]string{}, shown: map[string]bool{}, counts: map[Kind]int{}}
}

// Placeholder returns what is shown in place of a secret. A text that is a
// placeholder already is returned as it is.
func (r *Redactor) Placeholder(kind Kind, secret string) string {
	if known, ok := r.placeholders[secret]; ok {
		return known
	}
	if r.shown[secret] {
		return secret
	}
	r.counts[kind]++
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

// Target returns a path with its query without the secrets in it.
func (r *Redactor) Target(target string) string { return r.path(r.Form(target)) }

// Form returns a form, or a text with a query in it, without the secrets in its
// fields.
func (r *Redactor) Form(text string) string {
	pairs := strings.Split(text, "&")
	for i := range pairs {
		pairs[i] = r.pair(pairs[i])
	}
	return strings.Join(pairs, "&")
}

// pair returns a pair of a query or a form without the secret in it. What stands
// before a question mark is no part of the query.
func (r *Redactor) pair(pair string) string {
	front, value, _ := strings.Cut(pair, "=")
	if value == "" {
		return pair
	}
	name := front[strings.LastIndexByte(front, '?')+1:]
	if kind, ok := parameterKind(name); ok {
		return front + "=" + r.Placeholder(kind, decode.Unescape(value))
	}
	before, query, found := strings.Cut(value, "?")
	if !found {
		return pair
	}
	return front + "=" + before + "?" + r.pair(query)
}

// path returns a path, or a text with URLs in it, without the tokens of webhooks.
func (r *Redactor) path(text string) string {
	return inPath.ReplaceAllStringFunc(text, func(found string) string {
		parts := inPath.FindStringSubmatch(found)
		token, err := url.PathUnescape(parts[2])
		if err != nil {
			token = parts[2]
		}
		return parts[1] + r.Placeholder(Token, token)
	})
}

// Header returns a copy of a header with placeholders for credentials, cookies, and
// secrets in URLs.
func (r *Redactor) Header(h http.Header) http.Header {
	clean := h.Clone()
	for name, values := range clean {
		for i, value := range values {
			switch name {
			case "Authorization", "Proxy-Authorization":
				scheme, secret, found := strings.Cut(value, " ")
				if !found {
					scheme, secret = "", value
				}
				values[i] = strings.TrimSpace(scheme + " " + r.Placeholder(Token, secret))
			case "Cookie", "Set-Cookie":
				values[i] = r.cookies(value)
			default:
				values[i] = r.Text(value)
			}
		}
	}
	return clean
}

// cookies replaces the values of cookies, and leaves the attributes of one
// that is set.
func (r *Redactor) cookies(line string) string {
	parts := strings.Split(line, ";")
	for i, part := range parts {
		name, value, found := strings.Cut(part, "=")
		attribute := slices.Contains([]string{"path", "domain", "expires", "max-age", "samesite"}, strings.ToLower(strings.TrimSpace(name)))
		if found && value != "" && !attribute {
			parts[i] = name + "=" + r.Placeholder(Cookie, value)
		}
	}
	return strings.Join(parts, ";")
}

// Replacer returns a replacer of the secrets that the redactor knows so far,
// as they are, as a URL has them and as JSON has them. It does not replace those
// of less than 8 bytes, which may be everyday words.
func (r *Redactor) Replacer() *strings.Replacer {
	secrets := make([]string, 0, len(r.placeholders))
	for secret := range r.placeholders {
		if len(secret) >= minReplaced {
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

// jsonForm returns a text as it stands between the quotation marks of JSON that
// the API writes: <, > and & stay, and what is not UTF-8 is U+FFFD.
func jsonForm(text string) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(string([]rune(text))) // a text can always be encoded
	return strings.TrimSuffix(strings.TrimPrefix(b.String(), `"`), "\"\n")
}
