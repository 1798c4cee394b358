package trigger

import (
	"encoding/base64"
	"net/http"
	"strings"
)

// The credentials of webhooks. A password may have a colon, a user name can't.
const (
	user     = "losantmock user"
	password = "Pass:word of losantmock"

	newPassword = "Pässword of losantmock"
)

// basic returns the value of the header Authorization for a user and a password.
func basic(user, password string) string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(user+":"+password))
}

// authorized and unauthorized are the rules of calls with the right credentials and
// with wrong ones.
var (
	authorized   = []Rule{status(documented, 201), success(documented)}
	unauthorized = []Rule{status(documented, 401), includesBasic(), failure()}
)

// includesBasic requires that a refusal asks for basic authentication, as RFC 9110 has
// it.
func includesBasic() Rule {
	return Rule{ours, "Www-Authenticate", func(o *Outcome) string {
		got := strings.Join(o.Exchange.Header.Values("Www-Authenticate"), ", ")
		return unless(strings.Contains(strings.ToLower(got), "basic"), "want Basic, got %q", got)
	}}
}

// authenticationCases are about webhooks with a user name, a password, or both.
func authenticationCases() []Case {
	return []Case{
		{Title: "basic authentication with a user and a password", Webhook: both(), Calls: []Call{
			authenticated("the right ones", basic(user, password)),
			{Title: "the right ones with GET", request: request{method: http.MethodGet, auth: basic(user, password)}, rules: authorized},
			{Title: "the scheme in lower case", request: request{auth: "basic " + basic(user, password)[len("Basic "):], body: event}, rules: []Rule{status(inferred, 201)}},
			refusing("another password", basic(user, "Another:password")),
			refusing("another user", basic("another user", password)),
			refusing("the password in capitals", basic(user, "PASS:WORD OF LOSANTMOCK")),
			refusing("the user in capitals", basic("LOSANTMOCK USER", password)),
			refusing("the beginning of the password", basic(user, "Pass")),
			refusing("a password of the same beginning", basic(user, password[:len(password)-1]+"x")),
			refusing("the password with more behind it", basic(user, password+"x")),
			refusing("the password with blanks around it", basic(user, " "+password+" ")),
			refusing("the user with blanks around it", basic(" "+user+" ", password)),
			refusing("no password", basic(user, "")),
			refusing("no user", basic("", password)),
			refusing("the right ones in another scheme", "Bearer "+basic(user, password)[len("Basic "):]),
			refusing("what is no base64", "Basic !!!"),
			authenticated("a new password, beyond ASCII", basic(user, newPassword)).after(map[string]any{"basicAuthPassword": newPassword}),
			refusing("the old password", basic(user, password)),
		}},
		{Title: "calls without basic authentication", Webhook: both(), Calls: []Call{
			refusing("POST", ""),
			{Title: "GET", request: request{method: http.MethodGet}, rules: unauthorized},
			{Title: "PUT", request: request{method: http.MethodPut, body: event}, rules: unauthorized},
			{Title: "PATCH", request: request{method: http.MethodPatch, body: event}, rules: unauthorized},
			{Title: "DELETE", request: request{method: http.MethodDelete}, rules: unauthorized},
			{Title: "HEAD", request: request{method: http.MethodHead}, rules: []Rule{status(ours, 401)}},
			{Title: "OPTIONS", request: request{method: http.MethodOptions}, rules: []Rule{status(ours, 401)}},
			{Title: "a further path", request: request{path: "/a/b", body: event}, rules: unauthorized},
			{Title: "a query", request: request{path: "?x=1", body: event}, rules: unauthorized},
			{Title: "a form", request: request{body: "a=1", typed: formTyped}, rules: unauthorized},
			refusing("Twilio", "").after(map[string]any{"verificationType": "twilio"}),
			refusing("Facebook", "").after(map[string]any{"verificationType": "facebook"}),
			refusing("Fitbit", "").after(map[string]any{"verificationType": "fitbit"}),
			{Title: "Alexa", Change: map[string]any{"verificationType": "alexa"}, request: signed(0), rules: []Rule{status(documented, 401)}},
		}},
		{Title: "basic authentication with one of both", Webhook: map[string]any{"responseCode": 201, "basicAuthUsername": user}, Calls: []Call{
			authenticated("the user and no password", basic(user, "")),
			refusing("the user and a password", basic(user, password)),
			refusing("none", ""),
			authenticated("the password and no user", basic("", password)).after(map[string]any{"basicAuthUsername": "", "basicAuthPassword": password}),
			refusing("the password and a user", basic(user, password)),
			refusing("none for the password", ""),
			authenticated("none after both were removed", "").after(map[string]any{"basicAuthPassword": ""}),
		}},
	}
}

// both returns the properties of a webhook with a user and a password.
func both() map[string]any {
	return map[string]any{"responseCode": 201, "basicAuthUsername": user, "basicAuthPassword": password}
}

// authenticated and refusing return calls with the right credentials and with wrong ones.
func authenticated(title, auth string) Call {
	return Call{Title: title, request: request{auth: auth, body: event}, rules: authorized}
}

func refusing(title, auth string) Call {
	return Call{Title: title, request: request{auth: auth, body: event}, rules: unauthorized}
}

// after returns the call as one after a change.
func (c Call) after(change map[string]any) Call {
	c.Change = change
	return c
}
