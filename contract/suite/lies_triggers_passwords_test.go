package suite_test

import (
	"net/http"
	"strings"
)

// What a server may do wrong with the passwords of webhooks.
var liesOfPasswords = []lie{
	{"no password on a further path", documented, unneeded(further)},
	{"no password with a query", documented, unneeded(func(r *http.Request) bool { return calls(r) && r.URL.RawQuery != "" })},
	{"no password for PUT", documented, unneeded(called("PUT"))},
	{"no password for PATCH", documented, unneeded(called("PATCH"))},
	{"no password for DELETE", documented, unneeded(called("DELETE"))},
	{"no password for HEAD", assumed, unneeded(called("HEAD"))},
	{"no password for OPTIONS", assumed, unneeded(called("OPTIONS"))},
	{"no password for forms", documented, unneeded(typed("application/x-www-form-urlencoded"))},
	{"no password for Twilio", documented, unneededOf("verificationType", "twilio")},
	{"no password for Facebook", documented, unneededOf("verificationType", "facebook")},
	{"no password for Fitbit", documented, unneededOf("verificationType", "fitbit")},
	{"no password for Alexa", documented, unneededOf("verificationType", "alexa")},
	{"no password for what waits", documented, unneededOf("waitForReply", true)},
	{"an old password", documented, matching(func(_, sent string, _, first object) bool { return sent == first["basicAuthPassword"] })},
	{"eight characters of a password", documented, matching(func(_, sent string, now, _ object) bool {
		return len(sent) > 8 && strings.HasPrefix(now["basicAuthPassword"].(string), sent[:8])
	})},
	{"a password with more behind", documented, matching(func(_, sent string, now, _ object) bool {
		return now["basicAuthPassword"] != "" && strings.HasPrefix(sent, now["basicAuthPassword"].(string))
	})},
	{"a password with blanks", documented, matching(func(_, sent string, now, _ object) bool {
		return strings.TrimSpace(sent) == now["basicAuthPassword"] && sent != ""
	})},
	{"a user with blanks", documented, matching(func(user, sent string, now, _ object) bool {
		return strings.TrimSpace(user) == now["basicAuthUsername"] && sent == now["basicAuthPassword"]
	})},
	{"no password beyond ASCII", documented, turned(func(r *http.Request) bool {
		_, password, _ := authorization(r)
		return calls(r) && strings.Contains(password, "ä")
	}, 0, 401, "")},
	{"any password of a WebSocket", documented, unneeded(func(r *http.Request) bool { return opens(r) && r.Header.Get("Authorization") != "" })},
	{"any user of a WebSocket", documented, lenient(func(r *http.Request, now, _ object) bool {
		_, password, _ := authorization(r)
		return opens(r) && password != "" && password == now["basicAuthPassword"]
	})},
	{"no password of a WebSocket with a user", documented, lenient(func(r *http.Request, now, _ object) bool { return opens(r) && now["basicAuthPassword"] == "" })},
	{"no password on a further path of a WebSocket", documented, unneeded(func(r *http.Request) bool { return opens(r) && strings.HasSuffix(r.URL.Path, "/room") })},
}

// unneededOf needs no password where a property of the webhook has a value.
func unneededOf(name string, value any) wrapper {
	return lenient(func(r *http.Request, now, _ object) bool { return calls(r) && now[name] == value })
}

// matching accepts credentials in place of the right ones.
func matching(accepts func(user, password string, now, first object) bool) wrapper {
	return lenient(func(r *http.Request, now, first object) bool {
		user, password, scheme := authorization(r)
		return scheme == "Basic" && accepts(user, password, now, first)
	})
}
