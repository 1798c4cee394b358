// Package secret knows which texts must not be shown, and replaces them in
// others. It is the only redactor of this module.
//
// A text that this program holds, such as the access token of a real account,
// is kept as a [Secret]:
//
//	token := secret.New(os.Getenv(variable))
//	fmt.Println(token)              // TOKEN-1
//	message = token.Scrub(message)  // without the token, in whatever encoding
//	header.Set("Authorization", "Bearer "+token.Reveal())
//
// Secrets in the traffic of others are found by a [Redactor], in two passes:
// first [Redactor.Target], [Redactor.Header] and [Redactor.Body] replace them
// where they are known to stand, in all texts;
// then [Redactor.Replacer] replaces the longer ones wherever else they appear.
//
// A placeholder is a kind and a number, such as PASSWORD-1: the same for the
// same secret.
package secret

import (
	"fmt"
)

// Secret is a text that stays in memory, such as the access token of a real
// account. However it is printed, marshalled or logged, [Placeholder] stands
// in its place.
type Secret struct{ text string }

// Placeholder is what is shown in place of a [Secret].
const Placeholder = "TOKEN-1"

// New returns a text as a secret.
func New(text string) Secret { return Secret{text} }

// Reveal returns the text itself, for the one place that must send it.
func (s Secret) Reveal() string { return s.text }

// IsZero reports whether there is no secret.
func (s Secret) IsZero() bool { return s.text == "" }

// Format writes the placeholder, whatever the verb.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(Placeholder)) }

// MarshalText returns the placeholder, for JSON, YAML and logs.
func (s Secret) MarshalText() ([]byte, error) { return []byte(Placeholder), nil }
