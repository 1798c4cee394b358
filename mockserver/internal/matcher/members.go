package matcher

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/losantmock/losantmock/contract/nearest"
)

// PatternError reports a request pattern that is not valid. Pointer is the JSON
// pointer of the place.
type PatternError struct {
	Pointer, Detail string
	WireMock        string // what WireMock says of it; blank for nothing that its clients may look for
}

// Error returns the place and the detail.
func (e *PatternError) Error() string {
	if e.Pointer == "" {
		return e.Detail
	}
	return e.Pointer + ": " + e.Detail
}

// ErrorAt returns an error with the place in the pattern that it is about.
func ErrorAt(pointer string, err error) error {
	inside := &PatternError{Detail: err.Error()}
	if known := new(PatternError); errors.As(err, &known) {
		inside = known
	}
	return &PatternError{pointer + inside.Pointer, inside.Detail, inside.WireMock}
}

// PointerTo returns the JSON pointer of a member.
func PointerTo(name string) string {
	return "/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(name)
}

// CheckSyntax reports JSON that has no meaning, or two: a syntax error, an
// object with two members of one name, something behind its end, and what is no
// text, which Go would read as U+FFFD.
func CheckSyntax(text []byte) error {
	if !utf8.Valid(text) || hasLoneSurrogate(text) {
		return errors.New("the JSON is no valid UTF-8: bytes that are no text can be compared with binaryEqualTo")
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if err := checkValue(d, 0); err != nil {
		return err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return fmt.Errorf("there is more behind the end, at byte %d", d.InputOffset())
	}
	return nil
}

// CheckObject reports text that is not one JSON object with one meaning, and the
// first member that is none of the known ones. Without known ones, all are allowed.
func CheckObject(text []byte, known []string) error {
	if len(bytes.TrimSpace(text)) == 0 {
		return ErrorAt("/", errors.New("the body is empty: want an object"))
	}
	err := CheckSyntax(text)
	if err != nil {
		return ErrorAt("", err)
	}
	fields, err := ReadNames(text)
	if err == nil && len(known) > 0 {
		err = fields.OnlyHas(known)
	}
	if err != nil {
		return ErrorAt("", err)
	}
	return nil
}

// escapedUnit is an escape in JSON. Those of \u are UTF-16: of a character that
// takes two units, both are written.
var escapedUnit = regexp.MustCompile(`(?i)\\u(d[89ab]..)\\u(d[c-f]..)|\\u(d[89a-f]..)|\\.`)

// hasLoneSurrogate reports whether half of a character is written as an escape.
func hasLoneSurrogate(text []byte) bool {
	for _, parts := range escapedUnit.FindAllSubmatch(text, -1) {
		if parts[3] != nil {
			return true
		}
	}
	return false
}

// deepest is how many objects and lists may stand in each other.
const deepest = 1_000

func checkValue(d *json.Decoder, depth int) error {
	token, err := d.Token()
	if err != nil {
		return atEnd(err)
	}
	if depth > deepest {
		return fmt.Errorf("more than %d objects and lists stand in each other", deepest)
	}
	seen := map[string]bool{}
	for i := 0; (token == json.Delim('{') || token == json.Delim('[')) && d.More(); i++ {
		place := fmt.Sprintf("/%d", i)
		if token == json.Delim('{') {
			key, err := d.Token()
			if err != nil {
				return atEnd(err)
			}
			name, _ := key.(string)
			place = PointerTo(name)
			if seen[name] {
				return ErrorAt(place, fmt.Errorf("%q stands twice in one object", name))
			}
			seen[name] = true
		}
		if err := checkValue(d, depth+1); err != nil {
			return insideOf(place, err)
		}
	}
	if _, open := token.(json.Delim); open {
		_, err = d.Token() // its end
	}
	return atEnd(err)
}

func atEnd(err error) error {
	if errors.Is(err, io.EOF) {
		return errors.New("unexpected end of JSON input")
	}
	return err
}

// insideOf adds the place to an error that has one. The others are errors of
// syntax, which say where they are by themselves.
func insideOf(place string, err error) error {
	if errors.As(err, new(*PatternError)) {
		return ErrorAt(place, err)
	}
	return err
}

// Members are the members of a JSON object by their names.
type Members map[string]json.RawMessage

// ReadMembers parses an object of the pattern's language. A member that is null
// is left out, as WireMock does.
func ReadMembers(raw json.RawMessage) (Members, error) {
	all, err := ReadNames(raw)
	for name := range all {
		if string(all[name]) == "null" {
			delete(all, name)
		}
	}
	return all, err
}

// ReadNames parses an object whose members have names of the pattern's author.
func ReadNames(raw json.RawMessage) (Members, error) {
	var all Members
	if err := json.Unmarshal(raw, &all); err != nil || all == nil {
		return nil, fmt.Errorf("want an object, not %s", Shortened(string(raw)))
	}
	return all, nil
}

// OnlyHas reports the first member that is none of the known ones.
func (m Members) OnlyHas(known []string) error {
	for _, name := range m.Names() {
		if !slices.Contains(known, name) {
			return ErrorAt(PointerTo(name), errors.New(Unknown("member", name, known)))
		}
	}
	return nil
}

// Names returns the names in order.
func (m Members) Names() []string {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// Read decodes a member into a variable, which stays as it is where there is no
// such member.
func (m Members) Read(name string, into any) error {
	raw, ok := m[name]
	if !ok {
		return nil
	}
	if err := json.Unmarshal(raw, into); err != nil {
		return ErrorAt(PointerTo(name), fmt.Errorf("%s can't be used here: %w", Shortened(string(raw)), err))
	}
	return nil
}

// Unknown returns the sentence about a name that is not known, with the known
// name that is most like it, or else all of them.
func Unknown(what, name string, known []string) string {
	sentence := fmt.Sprintf("there is no %s %q", what, Shortened(name))
	if near := nearest.DidYouMean(name, known); near != "" {
		return sentence + near
	}
	return sentence + ": want one of " + strings.Join(known, ", ")
}

// longestShown is how many bytes of a text or a value an error shows.
const longestShown = 200

// Shortened returns the beginning of a text that is long.
func Shortened(text string) string {
	begin, ellipsis := cut(text, longestShown)
	return begin + ellipsis
}
