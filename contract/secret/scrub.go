package secret

import (
	"cmp"
	"encoding/base32"
	"encoding/base64"
	"encoding/hex"
	"fmt"
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
	// fillerPeriod is a multiple of the bytes after which the filler of a text is the
	// same again in any form: 2 in hexadecimal, 3 with colons, 8 in base32, 16 in base64
	// twice.
	fillerPeriod = 48
)

// Scrub replaces the secret in a text that is to be shown: as it is, in base64, base32
// and hexadecimal, also in base64 twice, in any case of its letters; and in escapes of
// URLs, HTML, JSON and Go, whichever of its bytes they stand for and up to four of them
// in each other. Of a secret of 32 bytes or more every part of 8 bytes is replaced, and
// of any secret the beginning in front of a [Cut]. A secret of less than 8 bytes is not
// replaced.
func (s Secret) Scrub(text string) string {
	layers := layersOf(text)
	found := parts{}
	s.eachPart(cutsIn(layers), nil, func(part string) { found.add(part, Placeholder) })
	return found.replace(text, layers)
}

// eachPart calls a function with each text that reveals the secret, in lower case, and
// with the beginnings of such texts that stand in front of cuts. It skips the texts that
// are not present here; none for nil.
func (s Secret) eachPart(cuts cuts, here present, visit func(part string)) {
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
			part := form[i : i+width]
			if here != nil && !here.has(part) {
				continue
			}
			if i >= fillerPeriod && part == form[i-fillerPeriod:i-fillerPeriod+width] {
				continue // of a filler, which was visited
			}
			visit(part)
		}
		cuts.eachBeginning(form, visit)
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

// replace returns a text without the parts in its layers. Of two that overlap the longer
// one is replaced.
func (p parts) replace(text string, layers []layer) string {
	shown := make([]string, len(text)) // by byte; blank for one that stays
	changed := false
	for _, width := range slices.Backward(slices.Sorted(maps.Keys(p))) {
		for _, l := range layers {
			for i := 0; i+width <= len(l.text); i++ {
				placeholder, found := p[width][l.text[i:i+width]]
				for j := l.from[i]; found && j < l.from[i+width]; j++ {
					shown[j] = cmp.Or(shown[j], placeholder)
				}
				changed = changed || found
			}
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

// forms returns the secret as other texts may contain it, when their escapes are decoded.
func (s Secret) forms() []string {
	plain := []byte(s.text)
	forms := append([]string{
		s.text,
		url.QueryEscape(s.text), // which has + for a blank
		strings.ToValidUTF8(s.text, "\uFFFD"),
		hex.EncodeToString(plain),
		fmt.Sprintf("% x", plain),
		strings.ReplaceAll(fmt.Sprintf("% x", plain), " ", ":"),
	}, inBase64(s.text)...)
	forms = append(forms, inBase64(base64.StdEncoding.EncodeToString(plain))...)
	for shift := range 5 {
		forms = append(forms, shifted(s.text, shift, 5, base32.StdEncoding.EncodeToString))
	}
	return forms
}

// inBase64 returns a text as base64 has it, wherever it begins in another text.
func inBase64(text string) []string {
	var forms []string
	for shift := range 3 {
		form := shifted(text, shift, 6, base64.StdEncoding.EncodeToString)
		forms = append(forms, form, strings.NewReplacer("+", "-", "/", "_").Replace(form))
	}
	return forms
}

// shifted returns a text as an encoding has it whose characters stand for some bits,
// with other bytes in front of it. The characters at its ends, which are mixed with what
// stands beside it, are left out.
func shifted(text string, shift, bits int, encode func([]byte) string) string {
	encoded := encode([]byte(strings.Repeat("\x00", shift) + text))
	return encoded[(shift*8+bits-1)/bits : (shift+len(text))*8/bits]
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
