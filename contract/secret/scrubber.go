package secret

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

// mostLearnt is how many secrets a [Scrubber] learns. A server that sends more makes
// them up.
const mostLearnt = 10_000

// leastVaried is how many different bytes a text has that is no filler of a test.
const leastVaried = 4

// Scrubber replaces secrets in texts that are to be shown: a token of this program,
// and what it learns from the bodies that a server and this program send. One of 8
// bytes or more is replaced wherever it stands, as by [Secret.Scrub]; a shorter one
// in members of JSON that hold secrets.
type Scrubber struct {
	known  *Redactor
	tokens []string
	stays  string
}

// NewScrubber returns a scrubber that knows a token. Of the texts that stay, no part is
// taken for one of a secret.
func NewScrubber(token Secret, stay ...string) *Scrubber {
	s := &Scrubber{known: NewRedactor(), stays: asciiLower(strings.Join(stay, "\n"))}
	s.known.users = true
	s.AddToken(token)
	return s
}

// AddToken lets the scrubber know a further token.
func (s *Scrubber) AddToken(token Secret) {
	if token.IsZero() {
		return
	}
	s.tokens = append(s.tokens, token.text)
	s.known.Set(token.text, Placeholder)
	s.known.counts[Token] = 1
}

// Learn remembers the secrets in decoded JSON, by the names of their members.
func (s *Scrubber) Learn(value any) {
	switch value := value.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(value)) {
			text, isText := value[name].(string)
			if kind, hidden := KindOf(name); hidden && isText && text != "" && len(s.known.placeholders) < mostLearnt {
				s.known.Placeholder(kind, text)
			}
			s.Learn(value[name])
		}
	case []any:
		for _, item := range value {
			s.Learn(item)
		}
	}
}

// Scrub replaces the secrets in texts.
func (s *Scrubber) Scrub(texts ...*string) {
	if len(texts) == 0 {
		return
	}
	// Of all that reveals a secret, a text has little: the rest is not kept.
	here := newPresent()
	layers, cut := make([][]layer, len(texts)), cuts{}
	for i, text := range texts {
		*text = s.known.JSON(*text)
		layers[i] = layersOf(*text)
		for _, l := range layers[i] {
			cut.add(l.text)
			here.add(l.text)
		}
	}
	found := parts{}
	for _, secret := range s.secrets() {
		own := slices.Contains(s.tokens, secret)
		Secret{secret}.eachPart(cut, here, func(part string) {
			beginning := strings.TrimSuffix(part, Cut)
			if own || varied(beginning) && !strings.Contains(s.stays, beginning) {
				found.add(part, s.known.placeholders[secret])
			}
		})
	}
	for i, text := range texts {
		*text = found.replace(*text, layers[i])
	}
}

// secrets returns the secrets that are replaced everywhere, the tokens as the last: what
// they share with another is theirs.
func (s *Scrubber) secrets() []string {
	var all []string
	for secret := range s.known.placeholders {
		if len(secret) >= minReplaced && !slices.Contains(s.tokens, secret) && !isName(secret) {
			all = append(all, secret)
		}
	}
	slices.SortFunc(all, func(a, b string) int { return cmp.Or(len(a)-len(b), strings.Compare(a, b)) })
	return append(all, s.tokens...)
}

// varied reports whether a text has several different bytes.
func varied(text string) bool {
	different := map[byte]bool{}
	for i := range len(text) {
		different[text[i]] = true
	}
	return len(different) >= leastVaried
}
