package secret

import (
	"encoding/json"
	"regexp"
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

// fields has the fields and parameters that hold secrets whose names end in no word of
// [words], that are texts of requests themselves, or that need more said of them. Names are compared by [normal].
//
// Source: Losant's documentation of webhooks and of its REST API, for token to
// jwt; Facebook's and Fitbit's verification requests, for the last two.
var fields = []field{
	{name: "token", kind: Token},
	{name: "password", kind: Password},
	{name: "basicauthusername", kind: User, shown: true}, // shows which client called
	{name: "basicauthpassword", kind: Password},
	{name: "verificationcode", kind: Code},
	{name: "twofactorcode", kind: Code},
	{name: "accesskeyid", kind: User, shown: true}, // of an archive, as the next two
	{name: "secretaccesskey", kind: Password},
	{name: "keyjson", kind: Password},
	{name: "jwt", kind: Token},
	{name: "hubverifytoken", kind: Code, formOnly: true},
	{name: "verify", kind: Code, formOnly: true},
}

// ending is how the names of fields that hold secrets end.
type ending struct {
	end  string
	kind Kind
}

// words end the names of fields that hold secrets: basicAuthPassword, client_secret,
// twoFactorAuthKey.
//
// Source: the properties in the schemas of Losant's JavaScript clients 2.8.1 and 4.2.0.
var words = []ending{
	{"password", Password},
	{"passphrase", Password},
	{"secret", Password},
	{"secretvalue", Password},

	{"connectionstring", Password},
	{"privatekey", Password},
	{"secretkey", Password},
	{"sslkey", Password},
	{"apikey", Password},
	{"accesskey", Password},
	{"accountkey", Password},
	{"authkey", Password},
	{"encryptionkey", Password},
	{"token", Token},
}

// normal returns a name in small letters and without what joins its words: secretkey of
// secret_key and of secretKey.
func normal(name string) string {
	return joints.Replace(asciiLower(name))
}

var joints = strings.NewReplacer("_", "", "-", "", ".", "")

// find returns the field of a name, whose kind is blank if it holds no secret.
func find(name string) field {
	name = normal(name)
	for _, f := range fields {
		if f.name == name {
			return f
		}
	}
	for _, word := range words {
		if strings.HasSuffix(name, word.end) {
			return field{name: name, kind: word.kind}
		}
	}
	return field{}
}

// KindOf returns the kind of the secret that a field of the API's bodies
// holds, and whether it holds one. Names are the same in any case.
func KindOf(name string) (kind Kind, ok bool) {
	f := find(name)
	return f.kind, f.kind != ""
}

// isName reports whether a secret is a text that stands in every other request: the
// name of a field, a part of a path, a content type.
func isName(secret string) bool {
	name := normal(secret)
	if slices.ContainsFunc(fields, func(f field) bool { return f.name == name }) ||
		slices.ContainsFunc(words, func(e ending) bool { return e.end == name }) {
		return true
	}
	kind := decode.KindOf(secret)
	return slices.Contains([]string{"applications", "webhooks"}, secret) || kind != decode.KindNone && kind != decode.KindOther
}

// jsonKind returns the kind of the secret that a member of JSON holds, and whether
// it holds one. The text is what follows the name. The key of an access key has the
// commonest of names: an object with a secret or an application key's id shows it, or
// its own look.
func (r *Redactor) jsonKind(name, text string, keyed bool) (kind Kind, ok bool) {
	switch f := find(name); {
	case f.kind == Token && isCount(f.name, text):
		return "", false
	case f.kind != "":
		return f.kind, (r.users || !f.shown) && !f.formOnly
	}
	if normal(name) != accessKey {
		return "", false
	}
	var value string
	_ = json.NewDecoder(strings.NewReader(text)).Decode(&value) // no text is no key
	return Password, value != "" && (keyed || r.keys[value] || looksLikeKey.MatchString(value))
}

// accessKey is the name of the key that belongs to a secret, at POST /auth/device and in
// application keys. Tags, triggers and stored values have it too.
const accessKey = "key"

var (
	// looksLikeKey matches an access key as the API makes them.
	looksLikeKey = regexp.MustCompile(`^(?i)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)
	// tornOwner matches what shows that a text which is no JSON has an access key.
	tornOwner = regexp.MustCompile(`(?i)"(secret|applicationKeyId)"\s*:`)
)

// learnKeys learns the access keys in a value of JSON.
func (r *Redactor) learnKeys(value any) {
	switch value := value.(type) {
	case []any:
		for _, inner := range value {
			r.learnKeys(inner)
		}
	case map[string]any:
		var keys []string
		owns := false
		for name, inner := range value {
			text, isText := inner.(string)
			switch normal(name) {
			case accessKey:
				keys = append(keys, text)
			case "secret", "applicationkeyid":
				owns = owns || isText
			}
			r.learnKeys(inner)
		}
		for _, key := range keys {
			if owns && key != "" {
				r.keys[key] = true
			}
		}
	}
}

// isCount reports whether a member is the number of tokens of an instance's
// organization, which may have so many.
func isCount(name, text string) bool {
	return strings.HasSuffix(name, "apitoken") && text != "" && strings.ContainsAny(text[:1], "-0123456789")
}

// parameterKind returns the kind of the secret that a parameter of a query or of a
// form holds, by its name as sent, and whether it holds one.
func parameterKind(name string) (kind Kind, ok bool) {
	f := find(parameterName(name))
	return f.kind, f.kind != "" && !f.shown
}

// parameterName returns the name of a parameter as sent, without escapes.
func parameterName(name string) string {
	name, _, _ = strings.Cut(decode.Unescape(name), "[") // name[]= is a list of name
	return name
}

// formKey reports whether a pair of a form is the key of the secret beside it.
func formKey(name, value string, keyed bool) bool {
	return normal(parameterName(name)) == accessKey && (keyed || looksLikeKey.MatchString(value))
}
