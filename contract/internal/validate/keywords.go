package validate

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"

	"github.com/losantmock/losantmock/contract/internal/jsregexp"
)

// keywords returns what prepares the checks of a schema, in the order in which the
// framework looks at the keywords of one value. A check is nil where the schema
// lacks the keyword.
func keywords() []func(*compiler, Object) (check, error) {
	return []func(*compiler, Object) (check, error){
		(*compiler).checkFormat, (*compiler).checkRequired, (*compiler).checkUnique, (*compiler).checkEnum, (*compiler).checkAdditional, (*compiler).checkItems, (*compiler).checkPatternProperties,
		(*compiler).checkPattern, (*compiler).checkAllOf, (*compiler).checkAnyOf, (*compiler).checkOneOf, (*compiler).checkLimits, (*compiler).checkProperties,
	}
}

// formats are looser than their names say.
var formats = map[string]*regexp.Regexp{
	"date-time": regexp.MustCompile(`^\d{4}-(0\d|1[0-2])-\d\d[tT ]\d\d:\d\d:\d\d(\.\d+)?([zZ]|[+-]\d\d:\d\d)$`),
	"email":     regexp.MustCompile(`^[^` + spaces + `]*@[^` + spaces + `]*$`),
	"uri":       regexp.MustCompile(`^[a-zA-Z][a-zA-Z0-9+\-.]*:[^` + spaces + `]*$`),
}

// spaces is white space as JavaScript has it, for a class of characters.
const spaces = `\t\n\v\f\r \x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}\x{feff}`

func (c *compiler) checkFormat(schema Object) (check, error) {
	name, _ := schema.Get("format").(string)
	pattern := formats[name]
	if pattern == nil {
		return nil, nil // an unknown format is none
	}
	most, limited := Number(schema, "maxLength")
	if name == "email" {
		limited = false
	}
	return textCheck{pattern, most, limited, "must be " + name + " format", ""}.check, nil
}

func (c *compiler) checkPattern(schema Object) (check, error) {
	text, ok := schema.Get("pattern").(string)
	if !ok {
		return nil, nil
	}
	pattern, err := jsregexp.Compile(text)
	most, limited := Number(schema, "maxLength")
	return textCheck{pattern, most, limited, PatternMismatch, text}.check, err
}

// textCheck holds texts against a pattern, but none that is longer than a limit.
type textCheck struct {
	pattern      interface{ MatchString(text string) bool }
	most         float64
	limited      bool
	what, detail string
}

func (c textCheck) check(w *walk, value any) {
	text, ok := value.(string)
	if ok && !(c.limited && length(text) > c.most) && !c.pattern.MatchString(text) {
		w.fail(c.what, c.detail)
	}
}

func (c *compiler) checkEnum(schema Object) (check, error) {
	list, ok := schema.Get("enum").([]any)
	if !ok {
		return nil, nil
	}
	allowed := map[any]bool{}
	var shown []string
	for _, value := range list {
		allowed[enumKey(plain(value))] = true
		shown = append(shown, fmt.Sprint(value))
	}
	detail := strings.Join(shown, ", ")
	return func(w *walk, value any) {
		if !allowed[enumKey(value)] {
			w.fail(MustBeEnum, detail)
		}
	}, nil
}

// written is the JSON of a value.
type written string

// enumKey returns what is compared of a value that must be one of an enum.
func enumKey(value any) any {
	switch value.(type) {
	case string, bool, float64:
		return value
	default:
		return written(identity(value).(string))
	}
}

// plain returns a value of a schema as JSON decodes it.
func plain(value any) any {
	switch value := value.(type) {
	case Object:
		fields := map[string]any{}
		for _, key := range value.Keys() {
			fields[key] = plain(value.Get(key))
		}
		return fields
	case []any:
		list := make([]any, len(value))
		for i := range value {
			list[i] = plain(value[i])
		}
		return list
	case json.Number:
		f, _ := value.Float64() // infinite where it is too large, as in JavaScript
		return f
	default:
		return value
	}
}

func (c *compiler) checkAllOf(schema Object) (check, error) {
	list, _ := schema.Get("allOf").([]any)
	compiled, err := c.compileList(list)
	if len(compiled) == 0 {
		return nil, err
	}
	return func(w *walk, value any) {
		for _, s := range compiled {
			w.visit(s, value)
		}
	}, err
}

func (c *compiler) checkAnyOf(schema Object) (check, error) {
	return c.checkMatches(schema, "anyOf", "no schemas match", func(count int) bool { return count > 0 })
}

func (c *compiler) checkOneOf(schema Object) (check, error) {
	return c.checkMatches(schema, "oneOf", "no (or more than one) schemas match", func(count int) bool { return count == 1 })
}

// checkMatches counts the schemas in a list that a value matches.
func (c *compiler) checkMatches(schema Object, keyword, what string, allowed func(count int) bool) (check, error) {
	list, _ := schema.Get(keyword).([]any)
	compiled, err := c.compileList(list)
	if len(compiled) == 0 {
		return nil, err
	}
	return func(w *walk, value any) {
		count := 0
		for _, s := range compiled {
			if len(s.Check("", value)) == 0 {
				count++
			}
		}
		if !allowed(count) {
			w.fail(what, "")
		}
	}, nil
}
