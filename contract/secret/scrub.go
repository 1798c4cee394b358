package secret

import (
	"cmp"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"maps"
	"net/url"
	"slices"
	"strings"
)

// minReplaced is how long a secret must be, in bytes, to be replaced outside
// its own place too: a shorter one may be an everyday word.
const minReplaced = 8

// A long secret is random throughout, so that any part of it reveals it; a part
// of a shorter one may be an everyday word.
const (
	longSecret   = 32 // bytes of a secret whose parts count
	scrubbedPart = 8
)

// Scrub replaces the secret in a text that is to be shown: as it is and as it
// stands in URLs, JSON, base64 and hexadecimal, in any case of its letters.
// Of a secret of 32 bytes or more every part of 8 bytes is replaced. A secret of
// less than 8 bytes is not replaced.
func (s Secret) Scrub(text string) string {
	found := parts{}
	s.eachPart(func(part string) { found.add(part, Placeholder) })
	return found.replace(text)
}

// eachPart calls a function with each text that reveals the secret, in lower case.
func (s Secret) eachPart(visit func(part string)) {
	if len(s.text) < minReplaced {
		return
	}
	for _, form := range s.forms() {
		form = asciiLower(form)
		width := len(form)
		if len(s.text) >= longSecret {
			width = scrubbedPart
		}
		for i := 0; i+width <= len(form); i++ {
			visit(form[i : i+width])
		}
	}
}

// parts are texts to replace, in lower case, by their length; with what is shown in
// their place.
type parts map[int]map[string]string

func (p parts) add(part, shown string) {
	if p[len(part)] == nil {
		p[len(part)] = map[string]string{}
	}
	p[len(part)][part] = shown
}

// replace returns a text without the parts in it. Of two that overlap the longer one
// is replaced.
func (p parts) replace(text string) string {
	lower := asciiLower(text)
	shown := make([]string, len(text)) // by byte; blank for one that stays
	changed := false
	for _, width := range slices.Backward(slices.Sorted(maps.Keys(p))) {
		for i := 0; i+width <= len(lower); i++ {
			placeholder, found := p[width][lower[i:i+width]]
			for j := i; found && j < i+width; j++ {
				shown[j] = cmp.Or(shown[j], placeholder)
			}
			changed = changed || found
		}
	}
	if !changed {
		return text
	}
	var b strings.Builder
	for i := range len(text) {
		switch {
		case shown[i] == "":
			b.WriteByte(text[i])
		case i == 0 || shown[i-1] != shown[i]:
			b.WriteString(shown[i])
		}
	}
	return b.String()
}

// forms returns the secret as other texts may contain it.
func (s Secret) forms() []string {
	quoted, _ := json.Marshal(s.text) // a text can always be marshalled
	forms := []string{
		s.text,
		url.QueryEscape(s.text),
		url.PathEscape(s.text),
		strings.Trim(string(quoted), `"`),
		hex.EncodeToString([]byte(s.text)),
	}
	// In base64 the characters depend on where in a group of three bytes the
	// secret begins; those at its ends are mixed with what stands beside it.
	for shift := range 3 {
		encoded := base64.StdEncoding.EncodeToString([]byte(strings.Repeat("\x00", shift) + s.text))
		first, last := (shift*8+5)/6, (shift+len(s.text))*8/6
		middle := encoded[first:last]
		forms = append(forms, middle, strings.NewReplacer("+", "-", "/", "_").Replace(middle))
	}
	return forms
}

// asciiLower returns a text in lower case with every byte in its place, unlike
// strings.ToLower.
func asciiLower(text string) string {
	b := []byte(text)
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}
