package mockserver

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// redactor replaces secrets by placeholders. The same secret gets the same
// placeholder, so that what belongs together still shows.
//
// Secrets are found where they stand: in the header fields, parameters and
// fields of bodies that are known to hold them. One that is long enough not to
// be an everyday word is then replaced wherever else it appears.
type redactor struct {
	placeholders map[string]string // by secret
	counts       map[string]int    // by kind
}

// minEverywhere is how long a secret must be, in bytes, to be replaced
// everywhere.
const minEverywhere = 8

var (
	// The fields of JSON and form bodies that hold secrets, by kind.
	secretJSON = regexp.MustCompile(`("(token|password|basicAuthPassword|verificationCode|twoFactorCode|access_token|jwt)"\s*:\s*")((?:[^"\\]|\\.)+)(")`)
	secretForm = regexp.MustCompile(`((?:^|[?&])(token|password|basicAuthPassword|verificationCode|twoFactorCode|access_token|jwt|hub\.verify_token|verify)=)([^&]+)()`)
	// The webhook's token in its own URL.
	secretPath = regexp.MustCompile(`(^/()webhooks/)([^/?]+)()`)
)

// redacted gives copies of requests without their secrets.
func redacted(requests []Request) []Request {
	r := &redactor{placeholders: map[string]string{}, counts: map[string]int{}}
	clean := make([]Request, len(requests))
	for i := range requests {
		clean[i] = r.inPlace(requests[i])
	}
	for i := range clean {
		r.everywhere(&clean[i])
	}
	return clean
}

func (r *redactor) placeholder(kind, secret string) string {
	if known, ok := r.placeholders[secret]; ok {
		return known
	}
	for _, known := range r.placeholders {
		if known == secret {
			return secret // it is a placeholder already
		}
	}
	r.counts[kind]++
	made := fmt.Sprintf("%s-%d", strings.ToUpper(kind), r.counts[kind])
	r.placeholders[secret] = made
	return made
}

// kindOf names the placeholders of a field.
func kindOf(field string) string {
	switch field {
	case "password", "basicAuthPassword":
		return "password"
	case "verificationCode", "twoFactorCode", "hub.verify_token", "verify":
		return "code"
	default:
		return "token"
	}
}

func (r *redactor) inPlace(q Request) Request {
	if q.Token != "" {
		q.Token = r.placeholder("token", q.Token)
	}
	q.Trigger = nil // the request says it all, and its secrets would have to be found again
	if token, ok := q.PathParams["token"]; ok {
		q.PathParams = maps.Clone(q.PathParams)
		q.PathParams["token"] = r.placeholder("token", token)
	}
	q.Target = r.matched(secretPath, r.matched(secretForm, q.Target))
	q.Header = r.header(q.Header)
	q.ResponseHeader = r.header(q.ResponseHeader)
	q.Body = []byte(r.matched(secretForm, r.matched(secretJSON, string(q.Body))))
	q.ResponseBody = []byte(r.matched(secretJSON, string(q.ResponseBody)))
	return q
}

func (r *redactor) matched(pattern *regexp.Regexp, text string) string {
	return pattern.ReplaceAllStringFunc(text, func(found string) string {
		parts := pattern.FindStringSubmatch(found)
		secret := parts[3]
		if plain, err := url.QueryUnescape(secret); err == nil && pattern == secretForm {
			secret = plain
		}
		return parts[1] + r.placeholder(kindOf(parts[2]), secret) + parts[4]
	})
}

func (r *redactor) header(h http.Header) http.Header {
	clean := h.Clone()
	for name, values := range clean {
		for i, value := range values {
			switch name {
			case "Authorization", "Proxy-Authorization":
				scheme, secret, found := strings.Cut(value, " ")
				if !found {
					scheme, secret = "", value
				}
				values[i] = strings.TrimSpace(scheme + " " + r.placeholder("token", secret))
			case "Cookie", "Set-Cookie":
				values[i] = r.cookies(value)
			}
		}
	}
	return clean
}

// cookies replaces the values of cookies, and leaves the attributes of one
// that is set.
func (r *redactor) cookies(line string) string {
	parts := strings.Split(line, ";")
	for i, part := range parts {
		name, value, found := strings.Cut(part, "=")
		attribute := slices.Contains([]string{"path", "domain", "expires", "max-age", "samesite"}, strings.ToLower(strings.TrimSpace(name)))
		if found && value != "" && !attribute {
			parts[i] = name + "=" + r.placeholder("cookie", value)
		}
	}
	return strings.Join(parts, ";")
}

// everywhere replaces the longer secrets in every text, as they are, as a URL
// has them and as JSON has them.
func (r *redactor) everywhere(q *Request) {
	secrets := make([]string, 0, len(r.placeholders))
	for secret := range r.placeholders {
		if len(secret) >= minEverywhere {
			secrets = append(secrets, secret)
		}
	}
	// The longest first: one may be a part of another.
	slices.SortFunc(secrets, func(a, b string) int { return cmp.Or(len(b)-len(a), strings.Compare(a, b)) })
	var pairs []string
	for _, secret := range secrets {
		for _, form := range []string{secret, url.QueryEscape(secret), strings.Trim(quoted(secret), `"`)} {
			pairs = append(pairs, form, r.placeholders[secret])
		}
	}
	replacer := strings.NewReplacer(pairs...)
	q.Target = replacer.Replace(q.Target)
	for _, h := range []http.Header{q.Header, q.ResponseHeader} {
		for _, values := range h {
			for i := range values {
				values[i] = replacer.Replace(values[i])
			}
		}
	}
	for _, b := range []*[]byte{&q.Body, &q.ResponseBody} {
		if !bytes.Equal(*b, nil) {
			*b = []byte(replacer.Replace(string(*b)))
		}
	}
	settleLength(q.Header, q.Body)
	settleLength(q.ResponseHeader, q.ResponseBody)
	if u, err := url.ParseRequestURI(q.Target); err == nil {
		q.Path, q.Query = u.Path, u.Query()
	}
}

// settleLength lets Content-Length be that of the body as it is now.
func settleLength(h http.Header, body []byte) {
	if h.Get("Content-Length") != "" {
		h.Set("Content-Length", strconv.Itoa(len(body)))
	}
}
