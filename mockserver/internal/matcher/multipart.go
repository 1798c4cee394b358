package matcher

import (
	"encoding/json"
	"errors"
	"fmt"
	"mime/multipart"
	"net/textproto"
	"slices"
	"strings"

	"github.com/losantmock/losantmock/contract/decode"
	"github.com/losantmock/losantmock/mockserver/internal/effort"
)

// part is a part of a multipart body.
type part struct {
	name, fileName string
	header         textproto.MIMEHeader
}

// Parts returns the contents of a multipart body's parts as texts; none of another
// type of content.
func Parts(contentType, body string) []*Text {
	media, parameters := decode.MediaType(contentType)
	if !strings.HasPrefix(media, "multipart/") {
		return nil
	}
	var texts []*Text
	_ = decode.Parts([]byte(body), parameters["boundary"], func(p *multipart.Part, content []byte) {
		texts = append(texts, &Text{text: string(content), part: &part{p.FormName(), p.FileName(), p.Header}})
	}) // what can be read is enough
	return texts
}

// partMatcher matches a part of a body by its name, headers and content.
type partMatcher struct {
	name, fileName string // blank for any
	headers        map[string]Matcher
	body           []Matcher
	every          bool // every part must match, not only one
	text           string
}

// ReadParts parses a list of matchers of parts, whose texts are those of [Parts].
func ReadParts(raw json.RawMessage) ([]Matcher, error) {
	var list []json.RawMessage
	if err := json.Unmarshal(raw, &list); err != nil {
		return nil, fmt.Errorf("want a list, not %s", Shortened(string(raw)))
	}
	return readList(list, readPart)
}

func readPart(raw json.RawMessage) (Matcher, error) {
	m := partMatcher{headers: map[string]Matcher{}, text: Shortened(string(raw))}
	fields, err := ReadMembers(raw)
	if err != nil {
		return nil, err
	}
	if err := fields.OnlyHas([]string{"name", "fileName", "matchingType", "headers", "bodyPatterns"}); err != nil {
		return nil, err
	}
	matchingType := "ANY"
	if err := errors.Join(fields.Read("name", &m.name), fields.Read("fileName", &m.fileName), fields.Read("matchingType", &matchingType)); err != nil {
		return nil, err
	}
	if matchingType != "ANY" && matchingType != "ALL" {
		return nil, ErrorAt("/matchingType", fmt.Errorf("want ANY or ALL, not %q", Shortened(matchingType)))
	}
	m.every = matchingType == "ALL"
	if raw, ok := fields["headers"]; ok {
		names, err := ReadNames(raw)
		if err != nil {
			return nil, ErrorAt("/headers", err)
		}
		for _, name := range names.Names() {
			if m.headers[name], err = Read(names[name], HasExactly, Includes); err != nil {
				return nil, ErrorAt("/headers"+PointerTo(name), err)
			}
		}
	}
	if raw, ok := fields["bodyPatterns"]; ok {
		if m.body, err = ReadBody(raw); err != nil {
			return nil, ErrorAt("/bodyPatterns", err)
		}
	}
	return m, nil
}

func (m partMatcher) matches(b *effort.Budget, t *Text, all []*Text) bool {
	if m.every {
		return len(all) > 0 && !slices.ContainsFunc(all, func(t *Text) bool { return !m.matchesPart(b, t, all) })
	}
	return t != nil && m.matchesPart(b, t, all)
}

// matchesPart reports whether a part matches. What must not be in it is in no other
// part with the name either.
func (m partMatcher) matchesPart(b *effort.Budget, t *Text, all []*Text) bool {
	if !m.isNamed(t) {
		return false
	}
	spend(b, len(all))
	var named []*Text
	for _, other := range all {
		if m.isNamed(other) {
			named = append(named, other)
		}
	}
	for name, inner := range m.headers {
		if !holds(b, inner, t, named, func(t *Text) []*Text { return Texts(t.part.header.Values(name)) }) {
			return false
		}
	}
	for _, inner := range m.body {
		if !holds(b, inner, t, named, content) {
			return false
		}
	}
	return true
}

// holds reports whether a matcher matches what a part has, and if it is negative,
// what each part with its name has.
func holds(b *effort.Budget, m Matcher, t *Text, named []*Text, of func(*Text) []*Text) bool {
	if isNegative(m) {
		return !slices.ContainsFunc(named, func(other *Text) bool { return !matchesOne(b, m, of(other)) })
	}
	return matchesOne(b, m, of(t))
}

// isNamed reports whether a part has the name and the file's name that are wanted.
func (m partMatcher) isNamed(t *Text) bool {
	return (m.name == "" || m.name == t.part.name) && (m.fileName == "" || m.fileName == t.part.fileName)
}

// content returns the content of a part, which is missing where it is blank.
func content(t *Text) []*Text {
	if t.text == "" {
		return nil
	}
	return []*Text{t}
}

// isNegative reports whether a matcher says what must not be.
func isNegative(m Matcher) bool {
	switch m.(type) {
	case not, absent:
		return true
	default:
		return false
	}
}

func (m partMatcher) difference(*effort.Budget, *Text) string { return "" }
func (m partMatcher) String() string                          { return "with a part like " + m.text }

// ReadBody parses a list of matchers of a body, or of a part of one.
func ReadBody(raw json.RawMessage) ([]Matcher, error) {
	var list []json.RawMessage
	if err := json.Unmarshal(raw, &list); err != nil {
		return nil, fmt.Errorf("want a list of matchers, not %s", Shortened(string(raw)))
	}
	return readList(list, func(raw json.RawMessage) (Matcher, error) { return Read(raw, BinaryEqualTo) })
}

// readList parses each matcher of a list.
func readList(list []json.RawMessage, read func(json.RawMessage) (Matcher, error)) ([]Matcher, error) {
	matchers := make([]Matcher, len(list))
	for i := range list {
		var err error
		if matchers[i], err = read(list[i]); err != nil {
			return nil, ErrorAt(fmt.Sprintf("/%d", i), err)
		}
	}
	return matchers, nil
}
