// Package leaktest looks for a token in what tests have written.
//
// A test sends [Canary] as its token, to [Echo] or to a server of its own, and
// holds all that comes of it against [Check].
package leaktest

import (
	"encoding/base32"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// Canary is a token that must appear nowhere.
const Canary = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI1NzVlZDcwYyIsInNjb3BlIjpbImFsbCJdfQ.Zq7Wk2Lx9Vb4Nc8Mt1Rp6Ys3Hd5Gf0J"

// Disguises are the forms in which a token may stand in another text.
func Disguises(token string) map[string]string {
	quoted, _ := json.Marshal("\"" + token)
	return map[string]string{
		"plain":      token,
		"upper case": strings.ToUpper(token),
		"query":      url.QueryEscape("?token=" + token),
		"JSON":       string(quoted),
		"base64":     base64.StdEncoding.EncodeToString([]byte(token)),
		"base64 + 1": base64.StdEncoding.EncodeToString([]byte(":" + token)),
		"base64 + 2": base64.URLEncoding.EncodeToString([]byte("x:" + token + "y")),
		"raw base64": base64.RawURLEncoding.EncodeToString([]byte("Bearer " + token)),
		"hex":        hex.EncodeToString([]byte(token)),
		"HEX":        strings.ToUpper(hex.EncodeToString([]byte(token))),
		"a part":     token[20:40],
		"percent":    eachByte("%%%02X", token),
		"HTML":       eachByte("&#%d;", token),
		"HTML, hex":  eachByte("&#x%x;", token),
		`\u`:         eachByte(`\u%04x`, token),
		`\x`:         eachByte(`\x%02x`, token),
		"escapes":    strings.ReplaceAll(eachByte("%%%02x", token), "%", "%2525"),
		"hex:":       strings.ReplaceAll(fmt.Sprintf("% x", token), " ", ":"),
		"base32":     base32.StdEncoding.EncodeToString([]byte(token)),
		"base64^2":   base64.StdEncoding.EncodeToString([]byte(base64.StdEncoding.EncodeToString([]byte(token)))),
	}
}

// eachByte returns the bytes of a token in a format.
func eachByte(format, token string) string {
	var b strings.Builder
	for i := range len(token) {
		fmt.Fprintf(&b, format, token[i])
	}
	return b.String()
}

// Check fails the test where a text has any 8 bytes of the canary, in any
// disguise.
func Check(t testing.TB, where, text string) {
	t.Helper()
	lower := strings.ToLower(text)
	for name, form := range Disguises(Canary) {
		switch name {
		case "base64 + 1":
			form = form[2 : len(form)-4]
		case "base64 + 2":
			form = form[3 : len(form)-6]
		case "raw base64", "query", "JSON":
			form = form[10:]
		case "base64", "base64^2", "base32":
			form = form[:len(form)-8]
		}
		form = strings.ToLower(form)
		for i := 0; i+8 <= len(form); i++ {
			if at := strings.Index(lower, form[i:i+8]); at >= 0 {
				t.Errorf("%s shows the token (%s): %.200q", where, name, text[max(0, at-40):])
				return
			}
		}
	}
}

// Echo is a server that says the token back in every place of a response.
func Echo(w http.ResponseWriter, r *http.Request) {
	token := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	for _, name := range []string{"X-Echo", "Allow", "Location", "Content-Language"} {
		w.Header().Set(name, token)
	}
	w.Header().Add("Set-Cookie", "token="+token)
	w.Header().Set("Content-Type", "application/json; note="+hex.EncodeToString([]byte(token)))
	w.WriteHeader(http.StatusBadRequest)
	_ = json.NewEncoder(w).Encode(map[string]any{
		"type": token, "message": "no such token: " + token, token: base64.StdEncoding.EncodeToString([]byte("x" + token)),
	})
}
