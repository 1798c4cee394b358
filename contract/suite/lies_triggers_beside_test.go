package suite_test

import (
	"bytes"
	"io"
	"maps"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/coder/websocket"
)

// records is what a lie knows of the webhooks that a server has: as they are now, and as
// they were made.
type records struct {
	mu         sync.Mutex
	now, first map[string]object // by token
}

// called returns the webhook that a request calls, as it is now and as it was made; nil
// for a token of none.
func (k *records) called(r *http.Request) (now, first object) {
	k.mu.Lock()
	defer k.mu.Unlock()
	token, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/webhooks/"), "/")
	return maps.Clone(k.now[token]), maps.Clone(k.first[token])
}

// knowing tells a lie that needs to know the webhooks of the server.
func knowing(tell func(*records) wrapper) wrapper {
	return func(next http.Handler) http.Handler {
		k := &records{now: map[string]object{}, first: map[string]object{}}
		return tell(k)(changed(writes, good(func(_ *http.Request, a *altered) {
			token, _ := a.fields["token"].(string)
			if token == "" {
				return
			}
			k.mu.Lock()
			defer k.mu.Unlock()
			if k.now[token] = a.fields; k.first[token] == nil {
				k.first[token] = a.fields
			}
		}))(next))
	}
}

// lenient lets a server see the right credentials of a webhook.
func lenient(when func(r *http.Request, now, first object) bool) wrapper {
	return knowing(func(k *records) wrapper {
		return before(func(r *http.Request) bool {
			now, first := k.called(r)
			return onTriggers(r) && now != nil && when(r, now, first)
		}, func(r *http.Request) {
			now, _ := k.called(r)
			r.SetBasicAuth(now["basicAuthUsername"].(string), now["basicAuthPassword"].(string))
		})
	})
}

// unneeded is lenient to requests that match.
func unneeded(when condition) wrapper {
	return lenient(func(r *http.Request, _, _ object) bool { return when(r) })
}

// of is a condition on the webhook that is called. It tells a lie about its responses.
func of(matches func(r *http.Request, now, first object) bool, tell func(condition) wrapper) wrapper {
	return knowing(func(k *records) wrapper {
		return tell(func(r *http.Request) bool {
			now, first := k.called(r)
			return onTriggers(r) && now != nil && matches(r, now, first)
		})
	})
}

// disabled lies about calls of webhooks that are not enabled.
func disabled(when condition, status int, body string) wrapper {
	return of(func(r *http.Request, now, _ object) bool { return calls(r) && now["enabled"] == false && when(r) },
		func(when condition) wrapper { return turned(when, 0, status, body) })
}

// ofKind lies about calls of webhooks with a verificationType.
func ofKind(kind string, when condition, status int, body string) wrapper {
	return of(func(r *http.Request, now, _ object) bool {
		return calls(r) && now["verificationType"] == kind && now["enabled"] != false && when(r)
	},
		func(when condition) wrapper { return turned(when, 0, status, body) })
}

// leads lets tokens of no webhook lead to one that they resemble.
func leads(resembles func(known, token string) bool) wrapper {
	return knowing(func(k *records) wrapper {
		return before(calls, func(r *http.Request) {
			token, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/webhooks/"), "/")
			k.mu.Lock()
			defer k.mu.Unlock()
			for known := range k.now {
				if k.now[token] == nil && resembles(known, token) {
					r.URL.Path = "/webhooks/" + known
				}
			}
		})
	})
}

// accepting opens WebSockets in place of the server.
func accepting(when condition) wrapper {
	return func(next http.Handler) http.Handler {
		open := sockets(websocket.AcceptOptions{}, nil)(next)
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if opens(r) && when(r) {
				open.ServeHTTP(w, r)
				return
			}
			next.ServeHTTP(w, r)
		})
	}
}

// acceptingOf opens WebSockets where the webhook that is called matches.
func acceptingOf(matches func(now object) bool) wrapper {
	return knowing(func(k *records) wrapper {
		return accepting(func(r *http.Request) bool { now, _ := k.called(r); return matches(now) })
	})
}

// ofAnySize lets a server see a small body in place of a large one.
func ofAnySize(when condition) wrapper {
	return before(both(calls, when), func(r *http.Request) {
		if body, _ := io.ReadAll(r.Body); len(body) < 1000 {
			r.Body = io.NopCloser(bytes.NewReader(body))
		} else {
			r.Body, r.ContentLength = io.NopCloser(strings.NewReader("{}")), 2
			r.Header.Del("Content-Type")
		}
	})
}

func kind(prefix string) condition {
	return func(r *http.Request) bool { return strings.HasPrefix(r.Header.Get("Content-Type"), prefix) }
}

// replies responds to calls that are to wait, after a time.
func replies(when condition, after time.Duration) wrapper {
	return func(next http.Handler) http.Handler {
		return knowing(func(k *records) wrapper {
			return func(next http.Handler) http.Handler {
				return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					if now, _ := k.called(r); !calls(r) || now["waitForReply"] != true || now["enabled"] == false || now["basicAuthPassword"] != "" || !when(r) {
						next.ServeHTTP(w, r)
						return
					}
					select {
					case <-time.After(after):
						w.WriteHeader(http.StatusCreated)
						_, _ = w.Write([]byte(succeeded))
					case <-r.Context().Done():
					}
				})
			}
		})(next)
	}
}

// aged lets a server see another age of a call of Alexa's, where it is between two.
func aged(from, until, seen time.Duration) wrapper {
	return before(knows("Timestamp"), func(r *http.Request) {
		if age := ageOf(r); age > from && age < until {
			r.Header.Set("Timestamp", time.Now().UTC().Add(-seen).Format(time.RFC3339))
		}
	})
}

func ageOf(r *http.Request) time.Duration {
	at, err := time.Parse(time.RFC3339, r.Header.Get("Timestamp"))
	if err != nil {
		return 0
	}
	return time.Since(at)
}

// document lies about the body of Twilio's documents.
func document(change func(string) string) wrapper {
	return bodyOf(calls, func(body string) string {
		if strings.Contains(body, "<Response") {
			return change(body)
		}
		return body
	})
}

// challenge lies about the body of responses of webhooks with a challenge.
func challenge(change func(string) string) wrapper {
	return bodyOf(both(calls, asks("hub.mode", "subscribe")), func(body string) string {
		if strings.HasPrefix(body, "{") {
			return body
		}
		return change(body)
	})
}

// withCode responds to handshakes of Facebook with codes that are not the right one.
func withCode(matches func(sent, code string) bool) wrapper {
	return turned(func(r *http.Request) bool {
		q := r.URL.Query()
		return calls(r) && r.Method == "GET" && q.Get("hub.mode") == "subscribe" && q.Get("hub.challenge") == "1158201444" && matches(q.Get("hub.verify_token"), "Losantmock-Code-1")
	}, 403, 200, "1158201444")
}

// What a server may do wrong beside the usual calls of webhooks' own URLs.
var liesBesideCalls = []lie{
	// statuses
	{"200 for other methods", assumed, turned(func(r *http.Request) bool { return calls(r) && r.Method == "PUT" }, 203, 200, succeeded)},
	{"200 for a further path", documented, turned(further, 202, 200, succeeded)},
	{"200 for forms", documented, turned(typed("application/x-www-form-urlencoded"), 202, 200, succeeded)},
	{"400 in place of 409", documented, becomes(calls, 409, 400)},
	{"302 in place of 307", documented, becomes(calls, 307, 302)},
	{"what was renamed is gone", documented, of(func(_ *http.Request, now, first object) bool { return now["name"] != first["name"] }, func(when condition) wrapper { return turned(when, 0, 404, "") })},
	{"no XML", documented, turned(typed("application/xml"), 0, 415, "")},
	{"no bodies without a type", documented, turned(func(r *http.Request) bool {
		return calls(r) && r.ContentLength > 0 && r.Header.Get("Content-Type") == ""
	}, 0, 415, "")},
	{"no cookies", documented, turned(knows("Cookie"), 0, 400, "")},
	{"no gzip", assumed, turned(knows("Content-Encoding"), 0, 415, "")},
	{"everybody responds to the challenge", documented, ofKind("none", asks("hub.challenge", ""), 200, "1")},
	{"everybody responds to Fitbit", documented, ofKind("none", asks("verify", ""), 404, "")},

	// tokens
	{"tokens in any case", documented, leads(strings.EqualFold)},
	{"tokens with more behind", documented, leads(func(known, token string) bool { return strings.HasPrefix(token, known) })},
	{"beginnings of tokens", documented, leads(func(known, token string) bool { return len(token) > 8 && strings.HasPrefix(known, token) })},
	{"tokens in the query", documented, turned(both(calls, asks("token", "")), 404, 200, succeeded)},
	{"the id does for GET", documented, turned(both(byItsID, method("GET")), 404, 200, succeeded)},
	{"what was deleted responds to GET", documented, of(func(r *http.Request, _, _ object) bool { return calls(r) && r.Method == "GET" }, func(when condition) wrapper { return turned(when, 404, 200, succeeded) })},

	// enabled
	{"404 for a GET of what is not enabled", documented, disabled(method("GET"), 404, "")},
	{"the status for a GET of what is not enabled", documented, disabled(method("GET"), 201, succeeded)},
	{"404 for a further path of what is not enabled", documented, disabled(further, 404, "")},
	{"404 for a preflight of what is not enabled", assumed, disabled(method("OPTIONS"), 404, "")},
	{"a document of what is not enabled", assumed, disabled(func(r *http.Request) bool { return r.Header.Get("Content-Type") == "application/x-www-form-urlencoded" }, 200, "<Response></Response>")},
	{"a challenge of what is not enabled", assumed, disabled(asks("hub.challenge", ""), 200, "1158201444")},
	{"Fitbit of what is not enabled", assumed, of(func(_ *http.Request, now, _ object) bool {
		return now["enabled"] == false && now["verificationType"] == "fitbit"
	}, func(when condition) wrapper { return turned(when, 0, 204, "") })},
	{"Alexa of what is not enabled", assumed, of(func(_ *http.Request, now, _ object) bool {
		return now["enabled"] == false && now["verificationType"] == "alexa"
	}, func(when condition) wrapper { return turned(when, 0, 400, "") })},

	// changes that never arrive
	{"a verificationType that stays", documented, forgets(changes, "verificationType")},
	{"a verificationCode that stays", documented, forgets(changes, "verificationCode")},
	{"waiting that is never switched on", documented, forgets(changes, "waitForReply")},

	// handshakes
	{"a challenge of 64 characters", documented, challenge(func(body string) string { return body[:min(len(body), 64)] })},
	{"a challenge without zeros", documented, challenge(func(body string) string { return strings.TrimLeft(body, "0") })},
	{"no challenge on a further path", assumed, turned(both(further, asks("hub.challenge", "")), 0, 404, "")},
	{"a code with blanks", assumed, withCode(func(sent, code string) bool { return strings.TrimSpace(sent) == code })},
	{"a part of the code", assumed, withCode(func(sent, code string) bool { return sent != "" && strings.HasPrefix(code, sent) })},
	{"the old code", assumed, of(func(r *http.Request, now, first object) bool {
		return r.URL.Query().Get("hub.verify_token") == first["verificationCode"] && now["verificationCode"] != first["verificationCode"] && now["verificationType"] == "facebook"
	}, func(when condition) wrapper { return turned(when, 403, 200, "1158201444") })},
	{"no mode of Facebook's", assumed, ofKind("facebook", func(r *http.Request) bool {
		return r.URL.Query().Get("hub.mode") == "" && r.URL.Query().Has("hub.challenge")
	}, 200, "1158201444")},
	{"any mode of Facebook's", assumed, ofKind("facebook", asks("hub.mode", "unsubscribe"), 200, "1158201444")},
	{"Fitbit's code in capitals", assumed, turned(both(calls, asks("verify", "LOSANTMOCK-CODE-1")), 404, 204, "")},
	{"the status for Fitbit's PUT", documented, ofKind("fitbit", method("PUT"), 201, succeeded)},
	{"errors for Fitbit", documented, of(func(_ *http.Request, now, _ object) bool {
		return now["verificationType"] == "fitbit" && now["responseCode"] == 400.0
	}, func(when condition) wrapper { return turned(when, 0, 400, succeeded) })},
	{"success for Twilio's PUT", assumed, ofKind("twilio", method("PUT"), 201, succeeded)},
	{"success for Twilio's errors", documented, of(func(_ *http.Request, now, _ object) bool {
		return now["verificationType"] == "twilio" && now["responseCode"] == 400.0
	}, func(when condition) wrapper { return turned(when, 0, 400, succeeded) })},
	{"text behind Twilio's document", documented, document(func(body string) string { return body + "OK" })},
	{"text before Twilio's document", documented, document(func(body string) string { return "OK" + body })},
	{"two documents for Twilio", documented, document(func(body string) string { return body + "<Response></Response>" })},
	{"a document for Twilio that does not end", documented, document(func(body string) string { return strings.ReplaceAll(body, "</Response>", "") })},
	{"a document of another namespace for Twilio", documented, document(func(string) string { return `<x:Response xmlns:x="urn:x"></x:Response>` })},
	{"5 minutes for Alexa", documented, aged(150*time.Second, 5*time.Minute, 0)},
	{"145 seconds for Alexa", assumed, aged(145*time.Second, 150*time.Second, time.Hour)},
	{"a blank signature for Alexa", assumed, before(func(r *http.Request) bool { return calls(r) && len(r.Header["Signature"]) > 0 }, func(r *http.Request) { r.Header.Set("Signature", "x") })},
	{"nothing is needed for a GET of Alexa's", documented, ofKind("alexa", method("GET"), 201, succeeded)},

	// limits
	{"JSON of any size", documented, ofAnySize(kind("application/json"))},
	{"forms of any size", documented, ofAnySize(kind("application/x-www-form-urlencoded"))},
	{"parts of any size", documented, ofAnySize(kind("multipart/form-data"))},
	{"what has no type of any size", documented, ofAnySize(has("Content-Type", ""))},
	{"PUT of any size", documented, ofAnySize(method("PUT"))},
	{"at most 100 KB of JSON", documented, changed(both(calls, kind("application/json")), func(_ *http.Request, a *altered) {
		if len(a.sent) > 100_000 {
			a.status, a.raw, a.fields = 413, []byte(`{"error":"too large"}`), nil
		}
	})},

	// waiting
	{"a reply after 700 ms", documented, replies(all, 700*time.Millisecond)},
	{"a reply to GET", documented, replies(method("GET"), 0)},
	{"a timeout at once", documented, of(func(r *http.Request, now, _ object) bool {
		return calls(r) && now["waitForReply"] == true && now["enabled"] == true && now["basicAuthPassword"] == ""
	}, func(when condition) wrapper {
		return func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if !when(r) {
					next.ServeHTTP(w, r)
					return
				}
				w.WriteHeader(http.StatusGatewayTimeout)
				_, _ = w.Write([]byte(`{"error":"Time out waiting for workflow reply"}`))
			})
		}
	})},

	// pages
	{"no origin on a further path", assumed, head(further, "Access-Control-Allow-Origin", "")},
	{"no origin of a large body", assumed, changed(calls, func(_ *http.Request, a *altered) {
		if a.status == 413 {
			a.header.Del("Access-Control-Allow-Origin")
		}
	})},
	{"no preflight for DELETE", assumed, turned(both(calls, has("Access-Control-Request-Method", "DELETE")), 0, 403, "")},
	{"an origin twice", assumed, changed(calls, func(_ *http.Request, a *altered) {
		allowed := a.header.Get("Access-Control-Allow-Origin")
		a.header["Access-Control-Allow-Origin"] = []string{allowed, allowed}
	})},

	// WebSockets
	{"a WebSocket of no webhook", documented, acceptingOf(func(now object) bool { return now == nil })},
	{"a WebSocket that was deleted", documented, func(next http.Handler) http.Handler {
		return knowing(func(k *records) wrapper {
			return func(next http.Handler) http.Handler {
				return changed(deletes, func(r *http.Request, _ *altered) {
					k.mu.Lock()
					defer k.mu.Unlock()
					for _, hook := range k.now {
						if strings.HasSuffix(r.URL.Path, hook["id"].(string)) {
							hook["deleted"] = true
						}
					}
				})(accepting(func(r *http.Request) bool { now, _ := k.called(r); return now["deleted"] == true })(next))
			}
		})(next)
	}},
	{"a WebSocket of a webhook of HTTP", assumed, acceptingOf(func(now object) bool { return now["isWebsocket"] == false })},
	{"a GET at a WebSocket", documented, of(func(r *http.Request, now, _ object) bool {
		return calls(r) && now["isWebsocket"] == true && r.Method == "GET"
	}, func(when condition) wrapper { return turned(when, 0, 200, succeeded) })},
	{"an extension of WebSockets", documented, func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if opens(r) {
				w.Header().Set("Sec-Websocket-Extensions", "permessage-deflate")
			}
			next.ServeHTTP(w, r)
		})
	}},
	{"101 without Upgrade", documented, switching("HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n")},
	{"messages of at most 100 KB", documented, sockets(websocket.AcceptOptions{}, closesAbove(100_000))},
	{"a large message cuts the connection", documented, sockets(websocket.AcceptOptions{}, func(conn *websocket.Conn, r *http.Request) {
		for {
			if _, message, err := conn.Read(r.Context()); err != nil || len(message) > 256<<10 {
				return
			}
		}
	})},
	{"a second message closes", documented, sockets(websocket.AcceptOptions{}, func(conn *websocket.Conn, r *http.Request) {
		_, _, _ = conn.Read(r.Context())
		_, _, _ = conn.Read(r.Context())
		_ = conn.Close(websocket.StatusGoingAway, "")
	})},
}

// switching responds to each handshake with a text.
func switching(text string) wrapper {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if !opens(r) {
				next.ServeHTTP(w, r)
				return
			}
			if conn, _, err := http.NewResponseController(w).Hijack(); err == nil {
				_, _ = io.WriteString(conn, text)
				_ = conn.Close()
			}
		})
	}
}

// closesAbove reads messages, and closes at one that is too large.
func closesAbove(limit int) func(*websocket.Conn, *http.Request) {
	return func(conn *websocket.Conn, r *http.Request) {
		for {
			_, message, err := conn.Read(r.Context())
			if err != nil {
				return
			}
			if len(message) > limit {
				_ = conn.Close(websocket.StatusMessageTooBig, "")
				return
			}
		}
	}
}
