package matcher

import "github.com/losantmock/losantmock/contract/decode"

// Text is a text to match, which may be JSON. It is decoded once, when it is
// needed.
type Text struct {
	text    string
	part    *part // of a multipart body; nil for other texts
	decoded bool
	value   any
	err     error

	undecided error // why the text is not known; nil for one that is
}

// Undecided returns a text that is not known, for a reason: no matcher can be said
// to match it, nor to miss it.
func Undecided(reason error) *Text { return &Text{text: reason.Error(), undecided: reason} }

// NewText returns a text to match.
func NewText(text string) *Text { return &Text{text: text} }

// Texts returns texts to match.
func Texts(values []string) []*Text {
	texts := make([]*Text, len(values))
	for i := range values {
		texts[i] = NewText(values[i])
	}
	return texts
}

// OfValue returns the text of a decoded JSON value, of which an error shows the
// beginning.
func OfValue(value any) *Text { return &Text{text: short(value), decoded: true, value: value} }

// String returns the text.
func (t *Text) String() string { return t.text }

func (t *Text) json() (any, error) {
	if !t.decoded {
		t.value, t.err = decode.Exact([]byte(t.text))
		t.decoded = true
	}
	return t.value, t.err
}
