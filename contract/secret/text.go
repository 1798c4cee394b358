package secret

import (
	"encoding/json"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/losantmock/losantmock/contract/decode"
)

// mostNested is how deep URLs, queries and JSON are looked for in one another. With
// the limit the time stays linear.
const mostNested = 4

// word is a part of a text in which a URL or a query may stand.
var word = regexp.MustCompile(`[^\s"'<>]+`)

// Text returns a text, such as a field of a header, without the secrets in the JSON,
// the URLs and the queries in it.
func (r *Redactor) Text(text string) string { return r.text(text, mostNested) }

func (r *Redactor) text(text string, depth int) string {
	switch {
	case depth == 0:
		return text
	case json.Valid([]byte(text)):
		return r.json(text, depth)
	default:
		return word.ReplaceAllStringFunc(r.json(text, depth), func(found string) string { return r.url(found, depth) })
	}
}

// Target returns a path with its query without the secrets in it.
func (r *Redactor) Target(target string) string { return r.url(target, mostNested) }

// Form returns a form without the secrets in its fields.
func (r *Redactor) Form(text string) string { return r.pairs(text, mostNested) }

// url returns a URL, or a part of one such as a query, without the secrets in it.
func (r *Redactor) url(text string, depth int) string {
	front, fragment, hasFragment := strings.Cut(text, "#")
	path, query, hasQuery := strings.Cut(front, "?")
	if !hasQuery && strings.Contains(path, "=") {
		path = r.pairs(path, depth)
	} else {
		path = r.path(path)
	}
	if hasQuery {
		path += "?" + r.pairs(query, depth)
	}
	if hasFragment {
		path += "#" + r.pairs(fragment, depth)
	}
	return path
}

func (r *Redactor) pairs(text string, depth int) string {
	pairs := strings.Split(text, "&")
	keyed := slices.ContainsFunc(pairs, func(pair string) bool {
		name, _, _ := strings.Cut(pair, "=")
		return normal(parameterName(name)) == "secret"
	})
	for i := range pairs {
		pairs[i] = r.pair(pairs[i], depth, keyed)
	}
	return strings.Join(pairs, "&")
}

// pair returns a pair of a query or a form without the secrets in it. What stands
// before a question mark is no part of the query. A pair keyed stands beside a secret.
func (r *Redactor) pair(pair string, depth int, keyed bool) string {
	front, value, _ := strings.Cut(pair, "=")
	if value == "" {
		return pair
	}
	name := front[strings.LastIndexByte(front, '?')+1:]
	decoded := decode.Unescape(value)
	if kind, ok := parameterKind(name); ok {
		return front + "=" + r.Placeholder(kind, decoded)
	}
	if formKey(name, decoded, keyed) {
		return front + "=" + r.Placeholder(Password, decoded)
	}
	switch clean := r.text(decoded, depth-1); {
	case clean == decoded:
		return pair
	case decoded == value:
		return front + "=" + clean
	default:
		return front + "=" + url.QueryEscape(clean)
	}
}

// userPassword is the password in front of the host of a URL.
var userPassword = regexp.MustCompile(`(://[^/@:]*:)([^/@]+)@`)

// path returns a path, or a URL up to it, without the tokens of webhooks, wherever
// the path of a proxy puts them.
func (r *Redactor) path(text string) string {
	text = userPassword.ReplaceAllStringFunc(text, func(found string) string {
		parts := userPassword.FindStringSubmatch(found)
		return parts[1] + r.Placeholder(Password, parts[2]) + "@"
	})
	segments := strings.Split(text, "/")
	for i := range segments {
		if !strings.EqualFold(unescapedPath(segments[i]), "webhooks") || isOwnPath(segments[:i]) {
			continue
		}
		next := i + 1
		for next < len(segments) && (segments[next] == "" || segments[next] == ".") {
			next++
		}
		if next < len(segments) {
			segments[next] = r.Placeholder(Token, unescapedPath(segments[next]))
		}
	}
	return strings.Join(segments, "/")
}

// isOwnPath reports whether a segment behind others is the host of a URL, or belongs
// to a path of the API, which has ids of webhooks.
func isOwnPath(before []string) bool {
	last := func(n int) string {
		if n > len(before) {
			return ""
		}
		return before[len(before)-n]
	}
	return last(1) == "applications" || last(2) == "applications" || last(1) == "" && strings.HasSuffix(last(2), ":")
}

// unescapedPath returns a segment of a path decoded; as it stands if it can't be.
func unescapedPath(segment string) string {
	if decoded, err := url.PathUnescape(segment); err == nil {
		return decoded
	}
	return segment
}
