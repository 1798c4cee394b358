package contract

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/losantmock/losantmock/contract/decode"
	"github.com/losantmock/losantmock/contract/internal/ordered"
	"github.com/losantmock/losantmock/contract/internal/validate"
)

// Param is a parameter of an operation.
type Param struct {
	Name        string
	In          string // "path", "query", "header", "body" or "multipart"
	Description string
	Required    bool
	// Default and Example are of the types that GET / has them in, which differ
	// from the type of the parameter: a text, a number or a switch.
	Default any
	Example any

	// Enum has all values that are allowed; empty allows any.
	Enum []string
	// Pattern is a regular expression that the text must match; blank allows
	// any.
	Pattern string
	// Whole are the bounds of a parameter that is a whole number; nil for any
	// other.
	Whole *Bounds
	// BlankIsNone makes an empty text the same as no parameter.
	BlankIsNone bool

	// Schema is the name of the definition that the value must match; blank for a
	// parameter without one.
	Schema string
	// Type is what a definition from outside says of the value: "string", "object" for
	// JSON in a text, "array" for a list in a text, "file", or blank for anything.
	Type string

	since         string            // the version that the parameter came with
	enumSince     map[string]string // the versions that values of Enum came with
	typedSince    string            // before this version, GET / has neither type nor example
	defaultBefore earlier
	saysOptional  bool           // whether GET / says that the parameter is not required
	untyped       bool           // whether a list is allowed too
	separator     string         // of a text that is a list
	rules         ordered.Object // as a definition from outside has them
	raw           ordered.Object // all of the parameter in that definition
	form          *validate.Schema
	schema        *Schema
}

// Bounds are the least and the largest number allowed.
type Bounds struct{ Min, Max int }

// earlier is a default that held before a version.
type earlier struct {
	version string
	value   any
}

// CheckRequest holds the parameters of a request against the operation. It
// returns the one violation that the API would report, or nil: files come first, then
// parameters that are missing, then values that are wrong, each in the order in which
// the API looks at them.
func (o *Operation) CheckRequest(r *Request) *Violation {
	for i := range o.allParams {
		if p := &o.allParams[i]; p.Type == typeFile && p.Required && !r.has(p) {
			return &Violation{Field: p.Name, What: "is not a valid file"}
		}
	}
	for i := range o.allParams {
		if p := &o.allParams[i]; p.Required && p.isRead() && !r.has(p) {
			return &Violation{Field: p.Name, What: validate.IsRequired}
		}
	}
	for i := range o.allParams {
		p := &o.allParams[i]
		if value, given := r.content(p); given {
			if v := p.check(value); v != nil {
				return v
			}
		}
	}
	return nil
}

// CheckBody holds a decoded body alone against the operation; nil when it
// passes or when the operation has no body.
func (o *Operation) CheckBody(body any) *Violation {
	for i := range o.allParams {
		if p := &o.allParams[i]; p.In == "body" && p.schema != nil {
			return p.check(body)
		}
	}
	return nil
}

func (p *Param) check(value any) *Violation {
	text, isText := value.(string)
	switch {
	case p.Type == typeFile, isText && text == "" && p.BlankIsNone:
		return nil
	case p.schema != nil:
		return p.schema.Check(p.Name, value)
	}
	if failures := p.form.Check(p.Name, value); len(failures) > 0 {
		return &Violation{Field: failures[0].Field, What: failures[0].What, Detail: failures[0].Detail, Path: failures[0].Path}
	}
	if p.Whole != nil && isText {
		return p.Whole.check(p.Name, text)
	}
	return nil
}

// Types and places of parameters that are read in ways of their own.
const (
	typeFile    = "file"
	typeObject  = "object"
	inBody      = "body"
	inMultipart = "multipart"
)

// isRead reports whether a request is read for the parameter: no header field has a
// rule that is known.
func (p *Param) isRead() bool {
	return slices.Contains([]string{"path", "query", inBody, inMultipart}, p.In)
}

// read returns what is in a text: the JSON of an object, or the items of a list. A text
// that is no JSON stays a text, which then is of the wrong type.
func (p *Param) read(content any) any {
	text, isText := content.(string)
	switch {
	case p.Type == typeObject && isText:
		if object, err := decode.JSON([]byte(text)); err == nil {
			return object
		}
	case p.separator != "" && isText:
		var items []any
		for item := range strings.SplitSeq(text, p.separator) {
			items = append(items, item)
		}
		return items
	}
	return content
}

// check distinguishes a text that is no whole number from a number out of
// bounds. How the real API responds here is not public: the words are ours, in
// its grammar.
func (b *Bounds) check(name, text string) *Violation {
	digits := strings.TrimPrefix(text, "-")
	if digits == "" || strings.Trim(digits, "0123456789") != "" {
		return &Violation{Field: name, What: validate.WrongType, Detail: "not a whole number"}
	}
	n, err := strconv.Atoi(text)
	switch {
	case strings.HasPrefix(text, "-") && (err != nil || n < b.Min), err == nil && n < b.Min:
		return &Violation{Field: name, What: validate.LessThanMinimum, Detail: strconv.Itoa(b.Min)}
	case err != nil || n > b.Max:
		return &Violation{Field: name, What: validate.MoreThanMaximum, Detail: strconv.Itoa(b.Max)}
	default:
		return nil
	}
}

// setVersion makes the parameter what it was at a version.
func (p *Param) setVersion(v Version) {
	p.Enum = slices.DeleteFunc(p.Enum, func(value string) bool { return !v.has(p.enumSince[value]) })
	if !v.has(p.defaultBefore.version) {
		p.Default = p.defaultBefore.value
	}
	if !v.has(p.typedSince) {
		p.untyped, p.Example = true, nil
	}
}

// DefaultText returns the default as a query has it; blank where there is none.
func (p *Param) DefaultText() string { return textOf(p.Default) }

// ExampleText returns the example as a query has it; blank where there is none.
func (p *Param) ExampleText() string { return textOf(p.Example) }

func textOf(value any) string {
	switch value := value.(type) {
	case nil:
		return ""
	case []any:
		texts := make([]string, len(value))
		for i := range value {
			texts[i] = textOf(value[i])
		}
		return strings.Join(texts, ",")
	default:
		return fmt.Sprint(value)
	}
}

func (p *Param) compile(a *API) (err error) {
	if p.Schema != "" {
		if p.schema = a.Schema(p.Schema); p.schema == nil {
			return fmt.Errorf("%s: no definition %q", p.Name, p.Schema)
		}
		return nil
	}
	rules := p.rules
	if p.raw == nil && !p.untyped {
		rules = ordered.Object{}.With("type", "string").Add("pattern", p.Pattern)
		if len(p.Enum) > 0 {
			values := make([]any, len(p.Enum))
			for i := range p.Enum {
				values[i] = p.Enum[i]
			}
			rules = rules.With("enum", values)
		}
	}
	p.form, err = validate.Compile(rules)
	return err
}

// tokenParam is the token as the API's framework sees it: one more text,
// looked at before every other parameter.
var tokenParam = Param{Name: "accessToken", In: "token"}
