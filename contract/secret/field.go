package secret

import (
	"slices"
	"strings"

	"github.com/losantmock/losantmock/contract/decode"
)

// Kind is what a secret is for. The placeholders of a kind begin with its
// name in capitals.
type Kind string

// The kinds of secrets.
const (
	Token    Kind = "token"
	Password Kind = "password"
	Code     Kind = "code"
	Cookie   Kind = "cookie"
	User     Kind = "user" // the user name that belongs to a password
)

// field is a field or a parameter that holds a secret.
type field struct {
	name string
	kind Kind
	// shown says that a [Redactor] leaves the field in bodies and queries.
	shown bool
	// formOnly says that the name is too common for JSON.
	formOnly bool
}

// fields has all fields and parameters that hold secrets.
//
// Source: Losant's documentation of webhooks and of its REST API, for token to
// jwt; Facebook's and Fitbit's verification requests, for the last two.
var fields = []field{
	{name: "token", kind: Token},
	{name: "password", kind: Password},
	{name: "basicAuthUsername", kind: User, shown: true}, // shows which client called
	{name: "basicAuthPassword", kind: Password},
	{name: "verificationCode", kind: Code},
	{name: "twoFactorCode", kind: Code},
	{name: "accessKeyId", kind: User, shown: true}, // of an archive, as the next three
	{name: "secretAccessKey", kind: Password},
	{name: "keyJson", kind: Password},
	{name: "accountKey", kind: Password},
	{name: "access_token", kind: Token},
	{name: "jwt", kind: Token},
	{name: "hub.verify_token", kind: Code, formOnly: true},
	{name: "verify", kind: Code, formOnly: true},
}

// KindOf returns the kind of the secret that a field of the API's bodies
// holds, and whether it holds one.
func KindOf(name string) (kind Kind, ok bool) {
	i := slices.IndexFunc(fields, func(f field) bool { return f.name == name })
	if i < 0 {
		return "", false
	}
	return fields[i].kind, true
}

// isName reports whether a secret is a text that stands in every other request: the
// name of a field, a part of a path, a content type.
func isName(secret string) bool {
	if slices.ContainsFunc(fields, func(f field) bool { return f.name == secret }) {
		return true
	}
	kind := decode.KindOf(secret)
	return slices.Contains([]string{"applications", "webhooks"}, secret) || kind != decode.KindNone && kind != decode.KindOther
}

// jsonKind returns the kind of the secret that a member of JSON holds, and whether
// it holds one.
func (r *Redactor) jsonKind(name string) (kind Kind, ok bool) {
	i := slices.IndexFunc(fields, func(f field) bool { return f.name == name && (r.users || !f.shown) && !f.formOnly })
	if i < 0 {
		return "", false
	}
	return fields[i].kind, true
}

// parameterKind returns the kind of the secret that a parameter of a query or of a
// form holds, by its name as sent, and whether it holds one.
func parameterKind(name string) (kind Kind, ok bool) {
	name, _, _ = strings.Cut(decode.Unescape(name), "[") // name[]= is a list of name
	i := slices.IndexFunc(fields, func(f field) bool { return f.name == name && !f.shown })
	if i < 0 {
		return "", false
	}
	return fields[i].kind, true
}
