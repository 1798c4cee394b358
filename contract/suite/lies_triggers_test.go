package suite_test

import (
	"encoding/base64"
	"encoding/json"
	"html"
	"net/http"
	"path"
	"strings"
	"sync"

	"github.com/coder/websocket"
	"github.com/losantmock/losantmock/contract"
)

// calls matches a call of a webhook's own URL that opens no WebSocket, opens one that
// does.
func calls(r *http.Request) bool { return onTriggers(r) && r.Header.Get("Upgrade") == "" }
func opens(r *http.Request) bool { return onTriggers(r) && r.Header.Get("Upgrade") != "" }

func onTriggers(r *http.Request) bool { return strings.HasPrefix(r.URL.Path, "/webhooks/") }

func called(name string) condition  { return both(calls, method(name)) }
func further(r *http.Request) bool  { return calls(r) && strings.Contains(r.URL.Path, "/a/") }
func slashed(r *http.Request) bool  { return calls(r) && strings.HasSuffix(r.URL.Path, "/") }
func byItsID(r *http.Request) bool  { return calls(r) && len(path.Base(r.URL.Path)) == len(aHook) }
func typed(kind string) condition   { return both(calls, has("Content-Type", kind)) }
func bodiless(r *http.Request) bool { return calls(r) && r.Method == "POST" && r.ContentLength == 0 }
func knows(name string) condition {
	return func(r *http.Request) bool { return calls(r) && r.Header.Get(name) != "" }
}

// authorization returns the user, the password and the scheme of a call.
func authorization(r *http.Request) (user, password, scheme string) {
	scheme, text, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	decoded, _ := base64.StdEncoding.DecodeString(text)
	user, password, _ = strings.Cut(string(decoded), ":")
	return user, password, scheme
}

// turned lies about the whole response to calls of a status; 0 is every status.
func turned(when condition, from, to int, body string) wrapper {
	return changed(when, func(_ *http.Request, a *altered) {
		if a.status == from || from == 0 {
			a.status, a.raw, a.fields = to, []byte(body), nil
		}
	})
}

const succeeded = `{"success": true}`

// lets lets calls pass with 201 that are refused with a status.
func lets(when condition, status int) wrapper { return turned(when, status, 201, succeeded) }

// bodyOf lies in the text of responses to calls.
func bodyOf(when condition, change func(string) string) wrapper {
	return changed(when, func(_ *http.Request, a *altered) {
		text := a.raw
		if a.fields != nil {
			text, _ = json.Marshal(a.fields)
		}
		a.fields, a.raw = nil, []byte(change(string(text)))
	})
}

// webhooks is a condition on calls of the webhooks that match: the lie reads the
// responses of the API.
func webhooks(matches func(hook object, r *http.Request) bool, tell func(condition) wrapper) wrapper {
	return func(next http.Handler) http.Handler {
		var mu sync.Mutex
		known := map[string]object{}
		learning := changed(writes, good(func(_ *http.Request, a *altered) {
			mu.Lock()
			defer mu.Unlock()
			if token, ok := a.fields["token"].(string); ok {
				known[token] = a.fields
			}
		}))(next)
		return tell(func(r *http.Request) bool {
			mu.Lock()
			defer mu.Unlock()
			token, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/webhooks/"), "/")
			return calls(r) && known[token] != nil && matches(known[token], r)
		})(learning)
	}
}

func verifies(kind string) func(object, *http.Request) bool {
	return func(hook object, _ *http.Request) bool { return hook["verificationType"] == kind }
}

// sockets serves WebSockets in place of the server, and lets talk do so badly.
func sockets(options websocket.AcceptOptions, talk func(*websocket.Conn, *http.Request)) wrapper {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if !opens(r) || r.Header.Get("Sec-Websocket-Key") == "dGhlIHNhbXBsZSBub25jZQ==" && talk != nil {
				next.ServeHTTP(w, r)
				return
			}
			options.InsecureSkipVerify = true
			conn, err := websocket.Accept(w, r, &options)
			if err != nil {
				return
			}
			conn.SetReadLimit(-1)
			if talk != nil {
				talk(conn, r)
			}
			_ = conn.CloseNow()
		})
	}
}

// listens reads messages until the other side closes.
func listens(conn *websocket.Conn, r *http.Request) {
	for {
		if _, _, err := conn.Read(r.Context()); err != nil {
			return
		}
	}
}

// handshakes lies about the status of handshakes.
func handshakes(when condition, status int) wrapper {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if opens(r) && when(r) {
				w.WriteHeader(status)
				return
			}
			next.ServeHTTP(w, r)
		})
	}
}

func to(value any) func(any) any { return func(any) any { return value } }

const (
	documented = contract.CheckTrigger
	assumed    = contract.CheckTriggerAssumption
)

// What a server may do wrong at webhooks' own URLs.
var liesOfTriggers = []lie{
	// statuses and bodies
	{"200 in place of the status of a webhook", documented, becomes(calls, 418, 200)},
	{"200 in place of 201", documented, becomes(calls, 201, 200)},
	{"200 in place of 302", documented, becomes(calls, 302, 200)},
	{"500 in place of 599", documented, becomes(calls, 599, 500)},
	{"200 in place of 204", documented, becomes(calls, 204, 200)},
	{"202 for a call", documented, becomes(calls, 200, 202)},
	{"a webhook that keeps its first status", documented, takes(changes, "responseCode", to(418))},
	{"success that is false", documented, shows(calls, "success", false)},
	{"ok in place of success", documented, bodyOf(calls, func(string) string { return `{"ok":true}` })},
	{"a text in place of success", documented, bodyOf(calls, func(string) string { return "OK" })},
	{"no body", documented, bodyOf(calls, func(string) string { return "" })},
	{"success in a list", documented, bodyOf(calls, func(body string) string { return "[" + body + "]" })},
	{"success with more", documented, shows(calls, "id", "x")},
	{"success as text/plain", assumed, head(calls, "Content-Type", "text/plain")},
	{"no Content-Security-Policy", assumed, head(calls, "Content-Security-Policy", "")},
	{"no nosniff", assumed, head(calls, "X-Content-Type-Options", "")},
	{"no X-XSS-Protection", assumed, head(calls, "X-Xss-Protection", "")},

	// requests
	{"no further path", documented, turned(further, 0, 404, `{"error":"no"}`)},
	{"no slash behind the token", assumed, turned(slashed, 0, 404, `{"error":"no"}`)},
	{"no GET", documented, turned(called("GET"), 0, 405, "")},
	{"no PUT", assumed, turned(called("PUT"), 0, 405, "")},
	{"no PATCH", assumed, turned(called("PATCH"), 0, 405, "")},
	{"no DELETE", assumed, turned(called("DELETE"), 0, 405, "")},
	{"no OPTIONS", assumed, turned(called("OPTIONS"), 203, 405, "")},
	{"no HEAD", assumed, turned(called("HEAD"), 0, 405, "")},
	{"no call without a body", documented, turned(bodiless, 0, 400, "")},
	{"no forms", documented, turned(typed("application/x-www-form-urlencoded"), 0, 415, "")},
	{"no parts", documented, turned(typed("multipart/form-data; boundary=x"), 0, 415, "")},
	{"no bytes", documented, turned(typed("application/octet-stream"), 0, 415, "")},
	{"no call that is not JSON", assumed, changed(calls, func(_ *http.Request, a *altered) {
		if string(a.sent) == "{" {
			a.status = 400
		}
	})},
	{"the id does for the token", documented, turned(byItsID, 404, 200, succeeded)},
	{"any token does", documented, turned(calls, 404, 200, succeeded)},
	{"410 for no webhook", assumed, becomes(byItsID, 404, 410)},
	{"a text for no webhook", assumed, turned(byItsID, 404, 404, "not found")},
	{"what was deleted responds", documented, webhooks(func(object, *http.Request) bool { return true }, func(when condition) wrapper { return turned(when, 404, 200, succeeded) })},

	// enabled
	{"what is not enabled responds as ever", documented, forgets(writes, "enabled")},
	{"404 for what is not enabled", documented, webhooks(func(hook object, _ *http.Request) bool { return hook["enabled"] == false }, func(when condition) wrapper { return turned(when, 0, 404, "") })},
	{"what is not enabled wants a password", assumed, webhooks(func(hook object, r *http.Request) bool {
		return hook["enabled"] == false && hook["basicAuthPassword"] != "" && r.Header.Get("Authorization") == ""
	}, func(when condition) wrapper { return turned(when, 0, 401, "") })},
	{"enabled too late", documented, forgets(changes, "enabled")},

	// basic authentication
	{"no password is needed", documented, lets(calls, 401)},
	{"no credentials are accepted as right ones", documented, lets(func(r *http.Request) bool { return calls(r) && r.Header.Get("Authorization") == "" }, 401)},
	{"the user alone does", documented, lets(func(r *http.Request) bool {
		user, _, _ := authorization(r)
		return calls(r) && user == "losantmock user"
	}, 401)},
	{"the password alone does", documented, lets(func(r *http.Request) bool {
		_, password, _ := authorization(r)
		return calls(r) && password == "Pass:word of losantmock"
	}, 401)},
	{"passwords in any case", documented, lets(func(r *http.Request) bool {
		user, password, _ := authorization(r)
		return calls(r) && user == "losantmock user" && strings.EqualFold(password, "Pass:word of losantmock")
	}, 401)},
	{"passwords up to a colon", documented, lets(func(r *http.Request) bool {
		user, password, _ := authorization(r)
		return calls(r) && user == "losantmock user" && password == "Pass"
	}, 401)},
	{"credentials in any scheme", documented, lets(func(r *http.Request) bool { _, _, scheme := authorization(r); return calls(r) && scheme == "Bearer" }, 401)},
	{"a password is needed for POST alone", documented, lets(called("GET"), 401)},
	{"a user without a password is none", documented, forgets(creates, "basicAuthUsername")},
	{"a password without a user is none", documented, forgets(changes, "basicAuthPassword")},
	{"the right password is refused", documented, turned(knows("Authorization"), 201, 401, "")},
	{"403 for a wrong password", documented, becomes(calls, 401, 403)},
	{"404 for a wrong password", documented, becomes(calls, 401, 404)},
	{"401 without a challenge", assumed, head(calls, "Www-Authenticate", "")},
	{"a scheme in lower case is refused", assumed, turned(func(r *http.Request) bool { _, _, scheme := authorization(r); return calls(r) && scheme == "basic" }, 0, 401, "")},
	{"a text for a wrong password", assumed, turned(calls, 401, 401, "Unauthorized")},

	// handshakes
	{"no challenge", documented, turned(both(calls, asks("hub.challenge", "")), 200, 200, succeeded)},
	{"the challenge as JSON", documented, bodyOf(both(calls, asks("hub.mode", "subscribe")), func(body string) string { return `"` + body + `"` })},
	{"the challenge escaped", documented, bodyOf(both(calls, asks("hub.mode", "subscribe")), html.EscapeString)},
	{"the challenge with 201", documented, becomes(both(calls, asks("hub.mode", "subscribe")), 200, 201)},
	{"the challenge as HTML", assumed, head(both(calls, asks("hub.mode", "subscribe")), "Content-Type", "text/html")},
	{"the challenge for any code", assumed, turned(both(calls, asks("hub.challenge", "1158201444")), 403, 200, "1158201444")},
	{"the challenge for a code in capitals", assumed, turned(both(calls, asks("hub.verify_token", "LOSANTMOCK-CODE-1")), 403, 200, "1158201444")},
	{"404 for another code of Facebook's", assumed, becomes(calls, 403, 404)},
	{"no handshake of Facebook's", documented, accepts(writes, "verificationType", "facebook", "none")},
	{"200 for Facebook's other calls", documented, webhooks(verifies("facebook"), func(when condition) wrapper { return becomes(both(when, method("POST")), 201, 200) })},
	{"200 for Fitbit's code", documented, becomes(both(calls, asks("verify", "Losantmock-Code-1")), 204, 200)},
	{"204 for any code of Fitbit's", assumed, becomes(both(calls, asks("verify", "")), 404, 204)},
	{"403 for another code of Fitbit's", assumed, becomes(both(calls, asks("verify", "")), 404, 403)},
	{"the status of the webhook for Fitbit", documented, webhooks(verifies("fitbit"), func(when condition) wrapper { return turned(both(when, method("POST")), 204, 201, succeeded) })},
	{"no handshake of Fitbit's", documented, accepts(writes, "verificationType", "fitbit", "none")},
	{"success for Twilio", documented, accepts(writes, "verificationType", "twilio", "none")},
	{"nothing for Twilio", documented, webhooks(verifies("twilio"), func(when condition) wrapper { return turned(when, 201, 201, "") })},
	{"a message for Twilio", documented, bodyOf(calls, func(body string) string {
		return strings.Replace(body, "</Response>", "<Message>hello</Message></Response>", 1)
	})},
	{"another document for Twilio", documented, bodyOf(calls, func(body string) string { return strings.ReplaceAll(body, "Response>", "Answer>") })},
	{"200 for Twilio", documented, webhooks(verifies("twilio"), func(when condition) wrapper { return becomes(when, 201, 200) })},
	{"HTML for Twilio", assumed, webhooks(verifies("twilio"), func(when condition) wrapper { return head(when, "Content-Type", "text/html") })},
	{"anybody does for Alexa", documented, accepts(writes, "verificationType", "alexa", "none")},
	{"no signature is needed for Alexa", documented, lets(knows("Timestamp"), 400)},
	{"no time is needed for Alexa", documented, lets(func(r *http.Request) bool { return calls(r) && r.Header.Get("Timestamp") == "" }, 400)},
	{"403 for Alexa", assumed, becomes(calls, 400, 403)},
	{"Alexa's signature is verified", assumed, turned(knows("Signature"), 201, 400, `{"error":"no"}`)},

	// limits
	{"bodies of any size", documented, turned(calls, 413, 200, succeeded)},
	{"400 for a large body", documented, becomes(calls, 413, 400)},
	{"at most 100 KB", documented, larger(100_000)},
	{"at most 256000 bytes", assumed, larger(256_000)},
	{"no wait for a reply", documented, takes(writes, "waitForReply", to(false))},

	// pages
	{"no Access-Control-Allow-Origin", assumed, head(calls, "Access-Control-Allow-Origin", "")},
	{"another origin", assumed, head(calls, "Access-Control-Allow-Origin", "https://another.example")},
	{"no origin where a call is refused", assumed, changed(calls, func(_ *http.Request, a *altered) {
		if a.status == 401 {
			a.header.Del("Access-Control-Allow-Origin")
		}
	})},
	{"200 for a preflight", assumed, turned(knows("Access-Control-Request-Method"), 204, 200, "")},
	{"a preflight needs the password", assumed, turned(knows("Access-Control-Request-Method"), 204, 401, "")},
	{"a preflight for GET and POST alone", assumed, head(knows("Access-Control-Request-Method"), "Access-Control-Allow-Methods", "GET,POST")},
	{"a preflight without header fields", assumed, head(knows("Access-Control-Request-Method"), "Access-Control-Allow-Headers", "")},

	// WebSockets
	{"no WebSockets", documented, handshakes(all, 404)},
	{"200 for a handshake", documented, handshakes(all, 200)},
	{"no further path of a WebSocket", documented, handshakes(func(r *http.Request) bool { return strings.HasSuffix(r.URL.Path, "/room") }, 404)},
	{"no other origin", assumed, handshakes(func(r *http.Request) bool { return r.Header.Get("Origin") != "" }, 403)},
	{"WebSockets that are not enabled", documented, forgets(creates, "enabled")},
	{"WebSockets of no webhook", documented, before(opens, func(r *http.Request) { r.URL.Path = "/webhooks/none" })},
	{"WebSockets need no password", documented, forgets(creates, "basicAuthPassword")},
	{"WebSockets accept no password", documented, handshakes(func(r *http.Request) bool { return r.Header.Get("Authorization") != "" }, 401)},
	{"a wrong Sec-WebSocket-Accept", documented, before(opens, func(r *http.Request) { r.Header.Set("Sec-Websocket-Key", "AAAAAAAAAAAAAAAAAAAAAA==") })},
	{"any version of WebSockets", assumed, before(opens, func(r *http.Request) { r.Header.Set("Sec-Websocket-Version", "13") })},
	{"400 for an old version of WebSockets", assumed, handshakes(has("Sec-Websocket-Version", "8"), 400)},
	{"any key of WebSockets", assumed, before(both(opens, has("Sec-Websocket-Key", "c2hvcnQ=")), func(r *http.Request) { r.Header.Set("Sec-Websocket-Key", "dGhlIHNhbXBsZSBub25jZQ==") })},
	{"HTTP at a WebSocket", documented, turned(calls, 426, 200, succeeded)},
	{"400 for HTTP at a WebSocket", assumed, becomes(calls, 426, 400)},
	{"a subprotocol", assumed, sockets(websocket.AcceptOptions{Subprotocols: []string{"chat"}}, nil)},
	{"messages of any size", documented, sockets(websocket.AcceptOptions{}, listens)},
	{"any text in messages", assumed, sockets(websocket.AcceptOptions{}, listens)},
	{"each message closes", documented, sockets(websocket.AcceptOptions{}, func(conn *websocket.Conn, r *http.Request) {
		_, _, _ = conn.Read(r.Context())
		_ = conn.Close(websocket.StatusGoingAway, "")
	})},
	{"1000 for a large message", documented, sockets(websocket.AcceptOptions{}, func(conn *websocket.Conn, r *http.Request) {
		if _, message, _ := conn.Read(r.Context()); len(message) > 1000 {
			_ = conn.Close(websocket.StatusNormalClosure, "")
			return
		}
		listens(conn, r)
	})},
}

// larger refuses bodies that are larger than a limit.
func larger(limit int) wrapper {
	return changed(calls, func(_ *http.Request, a *altered) {
		if len(a.sent) > limit {
			a.status, a.raw, a.fields = 413, []byte(`{"error":"too large"}`), nil
		}
	})
}
