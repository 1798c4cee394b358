package thirdparty

import (
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // which these services sign with
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"hash"
	"maps"
	"net/http"
	"net/url"
	"slices"
)

// Signers add the signature of a third party to a call. Losant checks none of them:
// they are for workflows, and for what a call is sent on to.
var Signers = map[string]func(r *http.Request, body []byte, secret string){
	"facebook": signAsFacebook,
	"twilio":   signAsTwilio,
}

// signAsFacebook signs the body.
//
// Source: Meta's documentation of webhooks.
func signAsFacebook(r *http.Request, body []byte, secret string) {
	r.Header.Set("X-Hub-Signature", "sha1="+hex.EncodeToString(sign(sha1.New, secret, body)))
	r.Header.Set("X-Hub-Signature-256", "sha256="+hex.EncodeToString(sign(sha256.New, secret, body)))
}

// signAsTwilio signs the URL, followed by the name and the value of each field of the
// form in the order of the names.
//
// Source: Twilio's documentation of webhooks' security.
func signAsTwilio(r *http.Request, body []byte, secret string) {
	signed := *r.URL
	signed.User = nil // which no client sends as a part of the URL
	text := signed.String()
	form, _ := url.ParseQuery(string(body)) // of the program itself
	for _, name := range slices.Sorted(maps.Keys(form)) {
		for _, value := range form[name] {
			text += name + value
		}
	}
	r.Header.Set("X-Twilio-Signature", base64.StdEncoding.EncodeToString(sign(sha1.New, secret, []byte(text))))
}

func sign(algorithm func() hash.Hash, secret string, text []byte) []byte {
	h := hmac.New(algorithm, []byte(secret))
	h.Write(text)
	return h.Sum(nil)
}
