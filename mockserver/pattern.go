package mockserver

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// pattern is what is asked of a request.
type pattern = criteria[*subject]

// criterion is one thing that is asked of a request, or of a trigger.
type criterion[S any] struct {
	name string // in the words of a request pattern, such as headers.Accept
	want string
	// got gives what there is to show: several texts where a name stands
	// several times, none where it is not there.
	got     func(S) []*jsonText
	matcher matcher
}

// matches asks every text that is there: one is enough. Where none is there
// the matcher is asked about nothing.
func (c *criterion[S]) matches(s S) bool {
	texts := c.got(s)
	if len(texts) == 0 {
		return c.matcher.matches(nil)
	}
	return slices.ContainsFunc(texts, c.matcher.matches)
}

// one is what a criterion looks at where there is one text, if it is not
// blank.
func one[S any](get func(S) string) func(S) []*jsonText {
	return func(s S) []*jsonText {
		text := get(s)
		if text == "" {
			return nil
		}
		return []*jsonText{{text: text}}
	}
}

func several[S any](get func(S) []string) func(S) []*jsonText {
	return func(s S) []*jsonText {
		values := get(s)
		texts := make([]*jsonText, len(values))
		for i := range values {
			texts[i] = &jsonText{text: values[i]}
		}
		return texts
	}
}

func wholeBody(s *subject) []*jsonText {
	if len(s.known().body) == 0 {
		return nil
	}
	return []*jsonText{s.bodyText()}
}

func ofStatus(s *subject) string {
	if status := s.known().answer.status; status != 0 {
		return strconv.Itoa(status)
	}
	return ""
}

// The parts of a request pattern, in the order in which they are asked.
var patternParts = []struct {
	field string
	read  func(p pattern, raw json.RawMessage) (pattern, error)
}{
	{"method", readMethod},
	{"operation", readText(one((*subject).operation))},
	{"status", readText(one(ofStatus))},
	{"application", readText(one((*subject).application))},
	{"webhook", readText(one((*subject).webhook))},
	{"violation", readText(one((*subject).violation))},
	{"scope", readText(several((*subject).scopes))},
	{"fault", readText(one((*subject).fault))},
	{"url", readURL(equalURL, func(s *subject) string { return s.target })},
	{"urlPath", readURL(equalURL, (*subject).path)},
	{"urlPattern", readURL(regexpURL, func(s *subject) string { return s.target })},
	{"urlPathPattern", readURL(regexpURL, (*subject).path)},
	{"urlPathTemplate", readURL(templateURL, (*subject).path)},
	{"host", readText(one(func(s *subject) string { name, _ := hostAndPort(s.host); return name }))},
	{"port", readText(one(func(s *subject) string { _, port := hostAndPort(s.host); return strconv.Itoa(port) }))},
	{"scheme", readText(one(func(*subject) string { return "http" }))},
	{"clientIp", readText(one(func(s *subject) string { return clientIP(s.remote) }))},
	{"headers", readNamed("headers", (*subject).headerValues)},
	{"queryParameters", readNamed("queryParameters", (*subject).queryValues)},
	{"formParameters", readNamed("formParameters", (*subject).formValues)},
	{"cookies", readNamed("cookies", (*subject).cookieValues)},
	{"basicAuthCredentials", readBasicAuth},
	{"bodyPatterns", readBodyPatterns},
}

// parsePattern reads a request pattern in WireMock's JSON, with the fields
// operation, status, application, webhook, violation, scope and fault
// beside
// WireMock's own.
func parsePattern(data []byte) (pattern, error) {
	var fields map[string]json.RawMessage
	d := json.NewDecoder(bytes.NewReader(data))
	switch err := d.Decode(&fields); {
	case errors.Is(err, io.EOF):
		return nil, &patternError{"/", "No content to map due to end-of-input"}
	case err != nil:
		return nil, &patternError{"", err.Error()}
	}
	template := fields["urlPathTemplate"]
	var p pattern
	for _, part := range patternParts {
		raw, ok := fields[part.field]
		if !ok {
			continue
		}
		delete(fields, part.field)
		var err error
		before := len(p)
		if p, err = part.read(p, raw); err != nil {
			return nil, at("/"+part.field, err)
		}
		for i := before; i < len(p); i++ {
			if p[i].name == "" {
				p[i].name = part.field
			}
		}
	}
	if raw, ok := fields["pathParameters"]; ok {
		delete(fields, "pathParameters")
		var err error
		if p, err = readPathParameters(p, raw, template); err != nil {
			return nil, at("/pathParameters", err)
		}
	}
	if len(fields) > 0 {
		name := slices.Min(slices.Collect(maps.Keys(fields)))
		if slices.Contains([]string{"customMatcher", "multipartPatterns"}, name) {
			return nil, &patternError{"/" + name, name + " can't be used here"}
		}
		return nil, &patternError{"/" + name, fmt.Sprintf("Unrecognized field %q (class com.github.tomakehurst.wiremock.matching.RequestPattern), not marked as ignorable", name)}
	}
	return p, nil
}

// at gives an error the place that it came up at.
func at(pointer string, err error) error {
	var inside *patternError
	if !errors.As(err, &inside) {
		return &patternError{pointer, err.Error()}
	}
	if inside.pointer == "" {
		return &patternError{pointer, inside.detail}
	}
	return &patternError{pointer + inside.pointer, inside.detail}
}

func readMethod(p pattern, raw json.RawMessage) (pattern, error) {
	var method string
	if err := json.Unmarshal(raw, &method); err != nil {
		return nil, err
	}
	if method == "ANY" {
		return p, nil
	}
	return p.and(requestCriterion("", equalTo(strings.ToUpper(method), false), one((*subject).methodText))), nil
}

// readText reads a part that is a text to be equal to, or a matcher.
func readText(got func(*subject) []*jsonText) func(pattern, json.RawMessage) (pattern, error) {
	return func(p pattern, raw json.RawMessage) (pattern, error) {
		if want, err := textOf(raw); err == nil {
			return p.and(requestCriterion("", equalTo(want, false), got)), nil
		}
		m, err := readMatcher(raw)
		if err != nil {
			return nil, err
		}
		return p.and(requestCriterion("", m, got)), nil
	}
}

func readURL(read func(string) (matcher, error), get func(*subject) string) func(pattern, json.RawMessage) (pattern, error) {
	return func(p pattern, raw json.RawMessage) (pattern, error) {
		var text string
		if err := json.Unmarshal(raw, &text); err != nil {
			return nil, err
		}
		m, err := read(text)
		if err != nil {
			return nil, err
		}
		return p.and(requestCriterion("", m, one(get))), nil
	}
}

func equalURL(text string) (matcher, error) { return equalTo(text, false), nil }

func regexpURL(text string) (matcher, error) {
	re, err := wholeRegexp(text)
	if err != nil {
		return nil, err
	}
	return plainMatcher{words: fmt.Sprintf("matching %q", text), ask: re.MatchString}, nil
}

var templateParam = regexp.MustCompile(`\\\{[^{}/]+\\\}`)

func templateURL(text string) (matcher, error) {
	re, err := regexp.Compile(`\A` + templateParam.ReplaceAllString(regexp.QuoteMeta(text), `[^/]+`) + `\z`)
	if err != nil {
		return nil, err
	}
	return plainMatcher{words: fmt.Sprintf("like %q", text), ask: re.MatchString}, nil
}

// readNamed reads an object of names and what is asked of each.
func readNamed(part string, get func(*subject, string) []string) func(pattern, json.RawMessage) (pattern, error) {
	return func(p pattern, raw json.RawMessage) (pattern, error) {
		var fields map[string]json.RawMessage
		if err := json.Unmarshal(raw, &fields); err != nil {
			return nil, err
		}
		for _, name := range slices.Sorted(maps.Keys(fields)) {
			m, err := readMatcher(fields[name])
			if err != nil {
				return nil, at("/"+name, err)
			}
			p = p.and(requestCriterion(part+"."+name, m, several(func(s *subject) []string { return get(s, name) })))
		}
		return p, nil
	}
}

// readPathParameters reads what is asked of the parameters of urlPathTemplate,
// or without one of the operation's own.
func readPathParameters(p pattern, raw, template json.RawMessage) (pattern, error) {
	var text string
	if template == nil || json.Unmarshal(template, &text) != nil {
		return readNamed("pathParameters", func(s *subject, name string) []string { return nonBlank(s.param(name)) })(p, raw)
	}
	names := strings.Split(text, "/")
	return readNamed("pathParameters", func(s *subject, name string) []string {
		values := strings.Split(s.path(), "/")
		if i := slices.Index(names, "{"+name+"}"); i >= 0 && i < len(values) {
			return nonBlank(values[i])
		}
		return nil
	})(p, raw)
}

func nonBlank(text string) []string {
	if text == "" {
		return nil
	}
	return []string{text}
}

func readBasicAuth(p pattern, raw json.RawMessage) (pattern, error) {
	var c struct{ Username, Password string }
	if err := json.Unmarshal(raw, &c); err != nil {
		return nil, err
	}
	want := "Basic " + base64.StdEncoding.EncodeToString([]byte(c.Username+":"+c.Password))
	return p.and(requestCriterion("", equalTo(want, false), several(func(s *subject) []string { return s.headerValues("Authorization") }))), nil
}

func readBodyPatterns(p pattern, raw json.RawMessage) (pattern, error) {
	var list []json.RawMessage
	if err := json.Unmarshal(raw, &list); err != nil {
		return nil, err
	}
	for i := range list {
		m, err := readMatcher(list[i])
		if err != nil {
			return nil, at("/"+strconv.Itoa(i), err)
		}
		p = p.and(requestCriterion(fmt.Sprintf("bodyPatterns[%d]", i), m, wholeBody))
	}
	return p, nil
}
