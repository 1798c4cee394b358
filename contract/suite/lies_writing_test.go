package suite_test

import (
	"bytes"
	"encoding/json"
	"html"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/losantmock/losantmock/contract"
)

// What a server may do wrong with what is written: properties, limits, bodies.
var liesOfWriting = []lie{
	// defaults
	{"the default of description", contract.CheckEcho, adds(creates, "description", "none")},
	{"the default of responseCode", contract.CheckEcho, adds(creates, "responseCode", 204)},
	{"the default of verificationType", contract.CheckEcho, adds(creates, "verificationType", "twilio")},
	{"the default of verificationCode", contract.CheckEcho, adds(creates, "verificationCode", "code")},
	{"the default of waitForReply", contract.CheckEcho, adds(creates, "waitForReply", true)},
	{"the default of basicAuthUsername", contract.CheckEcho, adds(creates, "basicAuthUsername", "user")},
	{"the default of basicAuthPassword", contract.CheckEcho, adds(creates, "basicAuthPassword", "password")},
	{"the default of isWebsocket", contract.CheckEcho, adds(creates, "isWebsocket", true)},
	{"the default of castBuffersAs", contract.CheckEcho, adds(creates, "castBuffersAs", "hex")},
	{"the default of annotateMultipart", contract.CheckEcho, adds(creates, "annotateMultipart", true)},
	{"the default of enabled", contract.CheckEcho, adds(creates, "enabled", false)},

	// properties that are written, and not kept
	{"POST without description", contract.CheckEcho, forgets(creates, "description")},
	{"POST without waitForReply", contract.CheckEcho, forgets(creates, "waitForReply")},
	{"POST without basicAuthPassword", contract.CheckEcho, forgets(creates, "basicAuthPassword")},
	{"POST without isWebsocket", contract.CheckEcho, forgets(creates, "isWebsocket")},
	{"POST without castBuffersAs", contract.CheckEcho, forgets(creates, "castBuffersAs")},
	{"POST without enabled", contract.CheckEcho, forgets(creates, "enabled")},
	{"PATCH without name", contract.CheckEcho, forgets(changes, "name")},
	{"PATCH without description", contract.CheckEcho, forgets(changes, "description")},
	{"PATCH without verificationCode", contract.CheckEcho, forgets(changes, "verificationCode")},
	{"PATCH without basicAuthUsername", contract.CheckEcho, forgets(changes, "basicAuthUsername")},
	{"PATCH without annotateMultipart", contract.CheckEcho, forgets(changes, "annotateMultipart")},
	{"PATCH without enabled", contract.CheckEcho, forgets(changes, "enabled")},
	{"PATCH that can't make a text blank", contract.CheckEcho, before(changes, func(r *http.Request) {
		rewriteBody(r, func(fields object) {
			if fields["description"] == "" {
				delete(fields, "description")
			}
		})
	})},
	{"PATCH that can't make a switch false", contract.CheckEcho, before(changes, func(r *http.Request) {
		rewriteBody(r, func(fields object) {
			if fields["waitForReply"] == false {
				delete(fields, "waitForReply")
			}
		})
	})},
	{"PATCH that says what it does not do", contract.CheckEcho, changed(changes, good(func(r *http.Request, a *altered) { a.beside("PATCH", r.URL.Path, `{"description":"as it was"}`) }))},

	// properties that a change resets
	{"PATCH resets name", contract.CheckEcho, resets("name", "losantmock-check-again")},
	{"PATCH resets description", contract.CheckEcho, resets("description", "")},
	{"PATCH resets responseCode", contract.CheckEcho, resets("responseCode", 200)},
	{"PATCH resets verificationType", contract.CheckEcho, resets("verificationType", "none")},
	{"PATCH resets verificationCode", contract.CheckEcho, resets("verificationCode", "")},
	{"PATCH resets waitForReply", contract.CheckEcho, resets("waitForReply", false)},
	{"PATCH resets basicAuthUsername", contract.CheckEcho, resets("basicAuthUsername", "")},
	{"PATCH resets basicAuthPassword", contract.CheckEcho, resets("basicAuthPassword", "")},
	{"PATCH resets castBuffersAs", contract.CheckEcho, resets("castBuffersAs", "array")},
	{"PATCH resets annotateMultipart", contract.CheckEcho, resets("annotateMultipart", false)},
	{"PATCH resets enabled", contract.CheckEcho, resets("enabled", true)},
	{"PATCH of a name resets enabled", contract.CheckEcho, before(changes, func(r *http.Request) {
		rewriteBody(r, func(fields object) {
			if fields["name"] != nil {
				fields["enabled"] = true
			}
		})
	})},
	{"PATCH changes the token", contract.CheckEcho, shows(changes, "token", "another_token")},
	{"PATCH moves creationDate", contract.CheckEcho, changed(changes, good(func(_ *http.Request, a *altered) { a.fields["creationDate"] = a.fields["lastUpdated"] }))},
	{"PATCH does not move lastUpdated", contract.CheckEcho, changed(ofOne, good(func(_ *http.Request, a *altered) { a.fields["lastUpdated"] = a.fields["creationDate"] }))},
	{"PATCH moves lastUpdated by a year", contract.CheckEcho, changed(changes, good(func(_ *http.Request, a *altered) { a.fields["lastUpdated"] = "2099-01-01T00:00:00.000Z" }))},
	{"PATCH of nothing refused", contract.CheckPositive, refuses(changes, func(sent object) bool { return len(sent) == 0 }, "webhook has less properties than allowed")},
	{"PATCH of a name changes another webhook", contract.CheckEcho, changed(changes, good(func(_ *http.Request, a *altered) {
		if bytes.Contains(a.sent, []byte(`"name"`)) {
			was := *a
			a.replay("GET", hooks+"?perPage=1000&sortField=creationDate&sortDirection=desc", "")
			a.replay("PATCH", hooks+"/"+a.items()[0].(object)["id"].(string), `{"responseCode":333}`)
			*a = was
		}
	}))},

	// texts that are not kept as they are
	{"names are trimmed", contract.CheckEcho, texts(writes, "name", strings.TrimSpace)},
	{"descriptions are trimmed", contract.CheckEcho, texts(writes, "description", strings.TrimSpace)},
	{"names in lower case", contract.CheckEcho, texts(writes, "name", strings.ToLower)},
	{"blanks are collapsed", contract.CheckEcho, texts(writes, "description", func(text string) string { return strings.Join(strings.Fields(text), " ") })},
	{"HTML is escaped", contract.CheckEcho, texts(writes, "description", html.EscapeString)},
	{"line breaks are lost", contract.CheckEcho, texts(writes, "description", func(text string) string { return strings.ReplaceAll(text, "\n", " ") })},
	{"emoji are lost", contract.CheckEcho, texts(writes, "description", func(text string) string { return strings.ReplaceAll(text, "😀", "?") })},
	{"letters without their accents", contract.CheckEcho, texts(writes, "name", func(text string) string { return strings.ReplaceAll(text, "Ä", "A") })},
	{"the code is in lower case", contract.CheckEcho, texts(writes, "verificationCode", strings.ToLower)},
	{"a password is masked", contract.CheckEcho, shows(both(ofOne, method("GET")), "basicAuthPassword", "********")},
	{"a long description is cut", contract.CheckEcho, texts(writes, "description", func(text string) string { return text[:min(len(text), 10000)] })},

	// limits
	{"a name of 255 refused", contract.CheckPositive, refuses(writes, long("name", 255), "webhook.name has longer length than allowed")},
	{"a name of 256 accepted", contract.CheckNegative, shortens(writes, "name", 255)},
	{"a blank name accepted", contract.CheckNegative, accepts(changes, "name", "", "losantmock-check-blank")},
	{"a name of 1 refused", contract.CheckPositive, refuses(writes, long("name", 1), "webhook.name has less length than allowed")},
	{"a length counted in bytes", contract.CheckPositive, refuses(writes, func(sent object) bool {
		name, _ := sent["name"].(string)
		return len(name) > 255 && len([]rune(name)) < 200
	}, "webhook.name has longer length than allowed")},
	{"a length counted in characters", contract.CheckNegative, texts(writes, "name", func(name string) string {
		if len([]rune(name)) <= 255 && strings.Contains(name, "😀") {
			return strings.ReplaceAll(name, "😀", "y")
		}
		return name
	})},
	{"a description of 32768 accepted", contract.CheckNegative, shortens(writes, "description", 32767)},
	{"a description of 32767 refused", contract.CheckPositive, refuses(writes, long("description", 32767), "webhook.description has longer length than allowed")},
	{"a verificationCode of 32768 accepted", contract.CheckNegative, shortens(writes, "verificationCode", 32767)},
	{"a user of 256 accepted", contract.CheckNegative, shortens(writes, "basicAuthUsername", 255)},
	{"a password of 255 refused", contract.CheckPositive, refuses(writes, long("basicAuthPassword", 255), "webhook.basicAuthPassword has longer length than allowed")},
	{"a blank password refused", contract.CheckPositive, refuses(writes, is("basicAuthPassword", ""), "webhook.basicAuthPassword has less length than allowed")},
	{"a responseCode of 99 accepted", contract.CheckNegative, accepts(writes, "responseCode", 99.0, 100)},
	{"a responseCode of 100 refused", contract.CheckPositive, refuses(writes, is("responseCode", 100.0), "webhook.responseCode is less than minimum")},
	{"a responseCode of 599 refused", contract.CheckPositive, refuses(writes, is("responseCode", 599.0), "webhook.responseCode is more than maximum")},
	{"a responseCode of 600 accepted", contract.CheckNegative, accepts(writes, "responseCode", 600.0, 599)},
	{"a fraction accepted", contract.CheckNegative, accepts(writes, "responseCode", 200.5, 200)},
	{"a number as text accepted", contract.CheckNegative, before(writes, func(r *http.Request) {
		rewriteBody(r, func(fields object) {
			if _, ok := fields["responseCode"].(string); ok {
				fields["responseCode"] = 200
			}
		})
	})},
	{"200.0 refused", contract.CheckPositive, changed(writes, func(_ *http.Request, a *altered) {
		if bytes.Contains(a.sent, []byte(".0")) && a.status < 300 {
			a.fail(400, "Validation", "webhook.responseCode is the wrong type")
		}
	})},
	{"a number with an exponent refused", contract.CheckPositive, changed(writes, func(_ *http.Request, a *altered) {
		if bytes.Contains(a.sent, []byte("e2")) && a.status < 300 && bytes.Contains(a.sent, []byte(`"responseCode":2`)) {
			a.fail(400, "Validation", "webhook.responseCode is the wrong type")
		}
	})},
	{"1 as a switch", contract.CheckNegative, accepts(writes, "enabled", 1.0, true)},
	{"null as a switch", contract.CheckNegative, accepts(writes, "waitForReply", nil, false)},
	{"null as a text", contract.CheckNegative, accepts(writes, "description", nil, "")},
	{"null as a name", contract.CheckNegative, accepts(changes, "name", nil, "losantmock-check-null")},
	{"true as a text", contract.CheckNegative, accepts(writes, "enabled", "true", true)},
	{"a type of verification in capitals", contract.CheckNegative, texts(writes, "verificationType", strings.ToLower)},
	{"castBuffersAs in capitals", contract.CheckNegative, texts(writes, "castBuffersAs", strings.ToLower)},
	{"a type of verification that is unknown", contract.CheckNegative, accepts(writes, "verificationType", "no-such-value", "none")},
	{"a blank castBuffersAs", contract.CheckNegative, accepts(writes, "castBuffersAs", "", "array")},
	{"an enum value with a blank behind it", contract.CheckNegative, texts(writes, "verificationType", strings.TrimSpace)},
	{"no alexa", contract.CheckPositive, refuses(writes, is("verificationType", "alexa"), "webhook.verificationType must be an enum value")},
	{"no base64", contract.CheckPositive, refuses(writes, is("castBuffersAs", "base64"), "webhook.castBuffersAs must be an enum value")},
	{"a property too many in POST", contract.CheckNegative, forgets(creates, "noSuchProperty")},
	{"a property too many in PATCH", contract.CheckNegative, forgets(changes, "noSuchProperty")},
	{"an id that the client chooses", contract.CheckNegative, forgets(creates, "id")},
	{"a token that the client chooses", contract.CheckNegative, forgets(creates, "token")},
	{"a PATCH of creationDate", contract.CheckNegative, forgets(changes, "creationDate")},
	{"a PATCH of applicationId", contract.CheckNegative, forgets(changes, "applicationId")},
	{"no name needed", contract.CheckNegative, before(creates, func(r *http.Request) {
		rewriteBody(r, func(fields object) {
			if _, ok := fields["name"]; !ok {
				fields["name"] = "losantmock-check-nameless"
			}
		})
	})},
	{"names are unique", contract.CheckPositive, func(next http.Handler) http.Handler {
		taken := map[string]bool{}
		return refuses(creates, func(sent object) bool {
			name, _ := sent["name"].(string)
			was := taken[name]
			taken[name] = strings.HasSuffix(name, "b 2")
			return was
		}, "webhook.name must be unique")(next)
	}},
	{"a second webhook for each", contract.CheckPagination, changed(creates, good(func(_ *http.Request, a *altered) { a.beside("POST", hooks, string(a.sent)) }))},
	{"two webhooks of one token", contract.CheckIdentity, shows(creates, "token", "the_same_token")},

	// order of errors
	{"the last error first", contract.CheckError, lastErrorFirst},
	{"properties before what is too many", contract.CheckError, changed(writes, func(_ *http.Request, a *altered) {
		if a.fields["message"] == "webhook has additional properties" && bytes.Contains(a.sent, []byte(`"name":5`)) {
			a.fields["message"] = "webhook.name is the wrong type"
		}
	})},
	{"what is too many before what is missing", contract.CheckError, changed(creates, func(_ *http.Request, a *altered) {
		if a.fields["message"] == "webhook.name is required" && len(a.sent) > 2 {
			a.fields["message"] = "webhook has additional properties"
		}
	})},
	{"the body before the path", contract.CheckError, changed(method("PATCH"), func(r *http.Request, a *altered) {
		if a.fields["message"] == "webhookId pattern mismatch" && bytes.Contains(a.sent, []byte(`"responseCode":1`)) {
			a.fields["message"] = "webhook.responseCode is less than minimum"
		}
	})},
	{"the wrong type of an enum value", contract.CheckError, changed(writes, func(_ *http.Request, a *altered) {
		if a.fields["message"] == "webhook.verificationType is the wrong type" {
			a.fields["message"] = "webhook.verificationType must be an enum value"
		}
	})},
	{"what is not there before what is wrong", contract.CheckNegative, changed(both(nowhere, method("PATCH")), func(_ *http.Request, a *altered) {
		if a.status == 400 && a.fields["type"] == "Validation" {
			a.fail(404, "NotFound", "Webhook was not found")
		}
	})},

	// bodies
	{"no forms", contract.CheckPositive, becomesForContent("application/x-www-form-urlencoded", 201, 415)},
	{"forms whose fields are lost", contract.CheckEcho, before(both(creates, contentOf("application/x-www-form-urlencoded")), func(r *http.Request) {
		r.Body = io.NopCloser(strings.NewReader("name=losantmock-check-lost"))
		r.ContentLength = int64(len("name=losantmock-check-lost"))
	})},
	{"no charset", contract.CheckPositive, becomesForContent("application/json; charset=utf-8", 200, 415)},
	{"no other JSON", contract.CheckPositive, becomesForContent("application/vnd.api+json", 200, 415)},
	{"JSON as text", contract.CheckNegative, asJSON("text/plain")},
	{"JSON of no type", contract.CheckNegative, asJSON("application/octet-stream")},
	{"JSON as XML", contract.CheckNegative, asJSON("application/xml")},
	{"no gzip", contract.CheckPositive, changed(has("Content-Encoding", "gzip"), func(_ *http.Request, a *altered) { a.fail(415, "UnsupportedMediaType", "no") })},
	{"an encoding that is ignored", contract.CheckNegative, before(has("Content-Encoding", "identity"), func(r *http.Request) { r.Header.Del("Content-Encoding") })},
	{"a digest that is ignored", contract.CheckNegative, before(all, func(r *http.Request) { r.Header.Del("Content-MD5") })},
	{"the first of two equal keys", contract.CheckEcho, before(writes, func(r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		text := strings.Replace(string(body), `"responseCode":201,"responseCode":204`, `"responseCode":201`, 1)
		r.Body, r.ContentLength = io.NopCloser(strings.NewReader(text)), int64(len(text))
	})},
	{"two equal keys refused", contract.CheckPositive, changed(writes, func(_ *http.Request, a *altered) {
		if bytes.Contains(a.sent, []byte(`"responseCode":201,"responseCode":204`)) {
			a.fail(400, "Validation", "webhook has duplicate keys")
		}
	})},
	{"what follows the JSON is ignored", contract.CheckNegative, before(writes, func(r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if i := bytes.LastIndexByte(body, '}'); i >= 0 && body[0] == '{' {
			body = body[:i+1]
		}
		r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	})},
	{"a byte-order mark is ignored", contract.CheckNegative, before(writes, func(r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		body = bytes.TrimPrefix(body, []byte("\ufeff"))
		r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	})},
	{"a list that is taken as its first", contract.CheckNegative, before(writes, func(r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		body = bytes.Trim(body, "[]")
		r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	})},
	{"a blank body is an empty change", contract.CheckNegative, before(changes, func(r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if len(bytes.TrimSpace(body)) == 0 {
			body = []byte("{}")
		}
		r.Header.Set("Content-Type", "application/json")
		r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	})},
	{"the body of DELETE is not read", contract.CheckNegative, before(deletes, func(r *http.Request) { r.Body, r.ContentLength = http.NoBody, 0 })},
	{"a refused change that is made all the same", contract.CheckNegative, changed(changes, func(r *http.Request, a *altered) {
		if a.status == 400 {
			a.beside("PATCH", r.URL.Path, `{"description":"changed all the same"}`)
		}
	})},

	// what is never sent by those who know the contract
	{"isWebsocket can be changed", contract.CheckEcho, changesWebsocket},
	{"a PATCH of isWebsocket is ignored", contract.CheckEcho, forgets(both(changes, sendsWebsocket), "isWebsocket")},
	{"0 as isWebsocket", contract.CheckNegative, accepts(creates, "isWebsocket", 0.0, false)},
	{"a list as a name", contract.CheckNegative, takes(writes, "name", func(value any) any {
		if list, ok := value.([]any); ok && len(list) > 0 {
			return list[0]
		}
		return value
	})},
	{"passwords are trimmed", contract.CheckEcho, texts(writes, "basicAuthPassword", strings.TrimSpace)},
	{"users without their accents", contract.CheckEcho, texts(writes, "basicAuthUsername", func(text string) string { return strings.ReplaceAll(text, "Ü", "U") })},
	{"codes are decoded", contract.CheckEcho, texts(writes, "verificationCode", func(text string) string { return strings.ReplaceAll(text, "%20", " ") })},
	{"line breaks of Windows are lost", contract.CheckEcho, texts(writes, "description", func(text string) string { return strings.ReplaceAll(text, "\r\n", "\n") })},
	{"descriptions are cut in lists", contract.CheckEcho, items(listing, func(item object) {
		if text, ok := item["description"].(string); ok {
			item["description"] = text[:min(len(text), 100)]
		}
	})},
	{"no description without actions", contract.CheckEcho, shows(both(readsOne, asks("_actions", "false")), "description", "")},
	{"webhooks of 2016", contract.CheckEcho, made(func(string) string { return "2016-06-13T04:00:00.000Z" })},
	{"webhooks of two years ago", contract.CheckEcho, made(func(at string) string {
		now, _ := time.Parse(time.RFC3339, at)
		return now.AddDate(-2, 0, 0).Format("2006-01-02T15:04:05.000Z")
	})},
	{"a low line as in SQL", contract.CheckFiltering, unseen(both(listing, asks("filter", "")), func(q url.Values) { q.Set("filter", strings.ReplaceAll(q.Get("filter"), "_", "?")) })},
	{"a percent sign as in SQL", contract.CheckFiltering, unseen(both(listing, asks("filter", "")), func(q url.Values) { q.Set("filter", strings.ReplaceAll(q.Get("filter"), "%", "*")) })},
	{"a type beside a code", contract.CheckError, changed(all, func(_ *http.Request, a *altered) {
		if a.fields["code"] == "InvalidContent" {
			a.fields["type"] = "Validation"
		}
	})},

	// extras
	{"_links=True is on", contract.CheckHAL, replaced("_links", "True", "true")},
	{"_links=0 is on", contract.CheckHAL, replaced("_links", "0", "true")},
	{"_actions=1 is off", contract.CheckHAL, replaced("_actions", "1", "false")},
	{"POST has its extras always", contract.CheckHAL, before(creates, func(r *http.Request) { r.URL.RawQuery = "" })},
	{"PATCH has its extras always", contract.CheckHAL, before(changes, func(r *http.Request) { r.URL.RawQuery = "" })},
	{"parameters that are numbers", contract.CheckHAL, actions(listing, func(action object) { action["params"] = []any{0, 1, 2, 3, 4, 5} })},
	{"parameters of an action without any", contract.CheckHAL, actions(readsOne, func(action object) { action["params"] = []any{} })},
	{"success that has a type", contract.CheckHAL, shows(deletes, "_type", "success")},
}

// actions lies in the action get of a response.
func actions(when condition, change func(get object)) wrapper {
	return within(when, "_actions", func(actions object) {
		if get, ok := actions["get"].(object); ok {
			change(get)
		}
	})
}

func sendsWebsocket(r *http.Request) bool {
	body, _ := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(body))
	return bytes.Contains(body, []byte(`"isWebsocket":`)) && !bytes.Contains(body, []byte(`"isWebsocket":"`))
}

// changesWebsocket lets a server keep another isWebsocket than that of its creation.
func changesWebsocket(next http.Handler) http.Handler {
	kept := map[string]any{}
	return changed(ofOne, func(r *http.Request, a *altered) {
		var sent object
		if _ = json.Unmarshal(a.sent, &sent); r.Method == "PATCH" && a.fields["message"] == "webhook.isWebsocket can not be changed" {
			kept[r.URL.Path] = sent["isWebsocket"]
			a.replay("GET", r.URL.Path, "")
		}
		if value, ok := kept[r.URL.Path]; ok && a.status == 200 && a.fields["id"] != nil {
			a.fields["isWebsocket"] = value
		}
	})(next)
}

// made lies about when webhooks were made.
func made(at func(string) string) wrapper {
	return changed(all, good(func(_ *http.Request, a *altered) {
		for _, thing := range append(a.items(), a.fields) {
			if hook := thing.(object); hook["_type"] == "webhook" {
				text, _ := hook["creationDate"].(string)
				hook["creationDate"] = at(text)
			}
		}
	}))
}

// lastErrorFirst lets a server report another error, where there are several.
func lastErrorFirst(next http.Handler) http.Handler {
	return changed(writes, func(r *http.Request, a *altered) {
		if message, _ := a.fields["message"].(string); strings.HasPrefix(message, "webhook.name has") && bytes.Contains(a.sent, []byte(`"responseCode":`)) {
			a.fields["message"] = "webhook.responseCode is more than maximum"
		}
	})(next)
}

func contentOf(kind string) condition { return has("Content-Type", kind) }

func becomesForContent(kind string, from, to int) wrapper {
	return changed(contentOf(kind), func(_ *http.Request, a *altered) {
		if a.status == from {
			a.fail(to, "UnsupportedMediaType", "content type not supported")
		}
	})
}

// asJSON lets a server read bodies of another type as JSON.
func asJSON(kind string) wrapper {
	return before(contentOf(kind), func(r *http.Request) { r.Header.Set("Content-Type", "application/json") })
}
