package matcher

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/losantmock/losantmock/mockserver/internal/effort"
)

// PathTemplate is a path with parameters in braces, such as
// /applications/{id}, in which ** stands for any text.
type PathTemplate struct {
	text  string
	names []string // of the parameters
	re    effort.Regexp
}

var templateParam = regexp.MustCompile(`\{[^}]+\}|\*\*`)

// NewPathTemplate parses a path with parameters.
func NewPathTemplate(text string) (*PathTemplate, error) {
	t := &PathTemplate{text: text}
	expression := ""
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
	re, err := effort.Compile(expression + regexp.QuoteMeta(text[end:]))
	t.re = re
	return t, err
}

func readPathTemplate(raw json.RawMessage) (Matcher, error) {
	text, err := ReadText(raw)
	if err != nil {
		return nil, err
	}
	t, err := NewPathTemplate(text)
	if err != nil {
		return nil, err
	}
	return t.Matcher(), nil
}

// Matcher returns the matcher of paths that are like the template.
func (t *PathTemplate) Matcher() Matcher {
	return plainMatcher{description: fmt.Sprintf("like %q", t.text), test: t.re.MatchString, steps: t.re.Steps}
}

// Names returns the names of the parameters.
func (t *PathTemplate) Names() []string { return t.names }

// Values returns the value of a parameter in a path; none where there is none.
func (t *PathTemplate) Values(path, name string) []string {
	groups := t.re.FindStringSubmatch(path)
	i := slices.Index(t.names, name)
	if groups == nil || i < 0 {
		return nil
	}
	return []string{groups[i+1]}
}
