package secret

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
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
	if len(s.text) < minReplaced {
		return text
	}
	lower := asciiLower(text)
	secret := make([]bool, len(text)) // by byte
	for width, parts := range s.parts() {
		for i := 0; i+width <= len(lower); i++ {
			if parts[lower[i:i+width]] {
				for j := range width {
					secret[i+j] = true
				}
			}
		}
	}
	if !slices.Contains(secret, true) {
		return text
	}
	var b strings.Builder
	for i := range len(text) {
		switch {
		case !secret[i]:
			b.WriteByte(text[i])
		case i == 0 || !secret[i-1]:
			b.WriteString(Placeholder)
		}
	}
	return b.String()
}

// parts returns the texts that reveal the secret, in lower case, by length.
func (s Secret) parts() map[int]map[string]bool {
	parts := map[int]map[string]bool{}
	for _, form := range s.forms() {
		form = asciiLower(form)
		width := len(form)
		if len(s.text) >= longSecret {
			width = scrubbedPart
		}
		if parts[width] == nil {
			parts[width] = map[string]bool{}
		}
		for i := 0; i+width <= len(form); i++ {
			parts[width][form[i:i+width]] = true
		}
	}
	return parts
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
