package match

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// urlFields are the fields of a pattern that match the URL. Of several the first
// one counts, as in WireMock.
var urlFields = []string{"url", "urlPattern", "urlPath", "urlPathPattern", "urlPathTemplate"}

// readURLs parses the field that matches the URL, and the matchers of the path's
// parameters.
func readURLs(p Pattern, fields members) (Pattern, error) {
	var template *pathTemplate
	for _, field := range urlFields {
		raw, ok := fields[field]
		if !ok {
			continue
		}
		var text string
		err := json.Unmarshal(raw, &text)
		if err == nil && !strings.HasSuffix(field, "Pattern") {
			err = validPath(text)
		}
		get := (*Subject).Path
		if field == "url" || field == "urlPattern" {
			get = func(s *Subject) string { return s.Target }
		}
		m := equalTo(text, false)
		switch {
		case err != nil:
		case strings.HasSuffix(field, "Pattern"):
			m, err = readRegexp(raw)
		case field == "urlPathTemplate":
			if template, err = newPathTemplate(text); err == nil {
				m = template.matcher()
			}
		}
		if err != nil {
			return nil, ErrorAt("/"+field, err)
		}
		p = p.And(requestCriterion(field, m, one(get)))
		break
	}
	raw, ok := fields[pathParameters]
	if !ok {
		return p, nil
	}
	p, err := readPathParameters(p, raw, template)
	if err != nil {
		return nil, ErrorAt("/"+pathParameters, err)
	}
	return p, nil
}

// readPathParameters parses the matchers of the parameters of urlPathTemplate, or
// without one of the operation's own parameters.
func readPathParameters(p Pattern, raw json.RawMessage, template *pathTemplate) (Pattern, error) {
	get := func(s *Subject, name string) []string { return nonBlank(s.param(name)) }
	known := []string{"applicationId", "webhookId"}
	if template != nil {
		get = func(s *Subject, name string) []string { return template.values(s.Path(), name) }
		known = template.names
	}
	names, err := readNames(raw)
	if err != nil {
		return nil, err
	}
	for _, name := range names.names() {
		if !slices.Contains(known, name) {
			return nil, ErrorAt(pointerTo(name), errors.New(unknown("parameter", name, known)))
		}
	}
	return readNamed(pathParameters, get)(p, raw)
}

func nonBlank(text string) []string {
	if text == "" {
		return nil
	}
	return []string{text}
}

// pathTemplate is a path with parameters in braces, such as
// /applications/{id}, in which ** stands for any text.
type pathTemplate struct {
	text  string
	names []string // of the parameters
	re    *regexp.Regexp
}

var templateParam = regexp.MustCompile(`\{[^}]+\}|\*\*`)

func newPathTemplate(text string) (*pathTemplate, error) {
	t := &pathTemplate{text: text}
	expression := `\A`
	end := 0
	wildcards := 0
	for _, at := range templateParam.FindAllStringIndex(text, -1) {
		expression += regexp.QuoteMeta(text[end:at[0]])
		end = at[1]
		if name := text[at[0]:at[1]]; name != "**" {
			expression += `([^/]+)`
			t.names = append(t.names, strings.NewReplacer(".", "", ";", "", "*", "").Replace(name[1:len(name)-1]))
		} else {
			expression += `(.*?)`
			t.names = append(t.names, strconv.Itoa(wildcards))
			wildcards++
		}
	}
	re, err := regexp.Compile(expression + regexp.QuoteMeta(text[end:]) + `\z`)
	t.re = re
	return t, err
}

func readPathTemplate(raw json.RawMessage) (matcher, error) {
	text, err := textOf(raw)
	if err != nil {
		return nil, err
	}
	t, err := newPathTemplate(text)
	if err != nil {
		return nil, err
	}
	return t.matcher(), nil
}

func (t *pathTemplate) matcher() matcher {
	return plainMatcher{description: fmt.Sprintf("like %q", t.text), test: t.re.MatchString}
}

// values returns the value of a parameter in a path; none where there is none.
func (t *pathTemplate) values(path, name string) []string {
	groups := t.re.FindStringSubmatch(path)
	i := slices.Index(t.names, name)
	if groups == nil || i < 0 {
		return nil
	}
	return []string{groups[i+1]}
}
