package contract

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/losantmock/losantmock/contract/decode"
	"github.com/losantmock/losantmock/contract/internal/validate"
)

// Param is a parameter of an operation.
type Param struct {
	Name        string
	In          string // "path", "query", "header" or "body"
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

	// Schema is the name of the definition that a body must match.
	Schema string

	since         string            // the version that the parameter came with
	enumSince     map[string]string // the versions that values of Enum came with
	typedSince    string            // before this version, GET / has neither type nor example
	defaultBefore earlier
	saysOptional  bool // whether GET / says that the parameter is not required
	untyped       bool // whether a list is allowed too
	pattern       *regexp.Regexp
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
// returns the one violation that the API would report, or nil: parameters that
// are missing come before values that are wrong, both in the order in which
// the API looks at them.
func (o *Operation) CheckRequest(r *Request) *Violation {
	for i := range o.allParams {
		p := &o.allParams[i]
		if p.Required && !r.value(p).Given {
			return &Violation{Field: p.Name, What: validate.IsRequired}
		}
	}
	for i := range o.allParams {
		p := &o.allParams[i]
		if v := p.check(r.value(p)); v != nil {
			return v
		}
	}
	return nil
}

// CheckBody holds a decoded body alone against the operation; nil when it
// passes or when the operation has no body.
func (o *Operation) CheckBody(body any) *Violation {
	for i := range o.allParams {
		if p := &o.allParams[i]; p.schema != nil {
			return p.check(decode.Value{Given: true, Body: body})
		}
	}
	return nil
}

func (p *Param) check(v decode.Value) *Violation {
	switch {
	case !v.Given:
		return nil
	case p.schema != nil:
		return p.schema.Check(p.Name, v.Body)
	case p.untyped:
		return nil
	case v.List:
		return &Violation{Field: p.Name, What: validate.WrongType, Detail: "given more than once"}
	case v.Text == "" && p.BlankIsNone:
		return nil
	case len(p.Enum) > 0 && !slices.Contains(p.Enum, v.Text):
		return &Violation{Field: p.Name, What: validate.MustBeEnum, Detail: strings.Join(p.Enum, ", ")}
	case p.pattern != nil && !p.pattern.MatchString(v.Text):
		return &Violation{Field: p.Name, What: validate.PatternMismatch, Detail: p.Pattern}
	case p.Whole != nil:
		return p.Whole.check(p.Name, v.Text)
	default:
		return nil
	}
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
	if value == nil {
		return ""
	}
	return fmt.Sprint(value)
}

func (p *Param) compile(a *API) (err error) {
	if p.Schema != "" {
		if p.schema = a.Schema(p.Schema); p.schema == nil {
			return fmt.Errorf("%s: no definition %q", p.Name, p.Schema)
		}
	}
	if p.Pattern != "" {
		p.pattern, err = regexp.Compile(p.Pattern)
	}
	return err
}

// tokenParam is the token as the API's framework sees it: one more text,
// looked at before every other parameter.
var tokenParam = Param{Name: "accessToken", In: "token"}
