package trigger

import (
	"encoding/base64"
	"net/http"
)

// The credentials of webhooks. A password may have a colon, a user name can't.
const (
	user     = "losantmock user"
	password = "Pass:word of losantmock"
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
		got := o.Exchange.Header.Get("Www-Authenticate")
		return unless(len(got) >= 5 && (got[:5] == "Basic" || got[:5] == "basic"), "want Basic, got %q", got)
	}}
}

// authenticationCases are about webhooks with a user name, a password, or both.
func authenticationCases() []Case {
	return []Case{
		{Title: "basic authentication with a user and a password", Webhook: map[string]any{"responseCode": 201, "basicAuthUsername": user, "basicAuthPassword": password}, Calls: []Call{
			{Title: "the right ones", request: request{auth: basic(user, password), body: event}, rules: authorized},
			{Title: "the right ones with GET", request: request{method: http.MethodGet, auth: basic(user, password)}, rules: authorized},
			{Title: "none", request: request{body: event}, rules: unauthorized},
			{Title: "none with GET", request: request{method: http.MethodGet}, rules: unauthorized},
			{Title: "another password", request: request{auth: basic(user, "Another:password"), body: event}, rules: unauthorized},
			{Title: "another user", request: request{auth: basic("another user", password), body: event}, rules: unauthorized},
			{Title: "the password in capitals", request: request{auth: basic(user, "PASS:WORD OF LOSANTMOCK"), body: event}, rules: unauthorized},
			{Title: "the user in capitals", request: request{auth: basic("LOSANTMOCK USER", password), body: event}, rules: unauthorized},
			{Title: "the beginning of the password", request: request{auth: basic(user, "Pass"), body: event}, rules: unauthorized},
			{Title: "no password", request: request{auth: basic(user, ""), body: event}, rules: unauthorized},
			{Title: "no user", request: request{auth: basic("", password), body: event}, rules: unauthorized},
			{Title: "the right ones in another scheme", request: request{auth: "Bearer " + basic(user, password)[len("Basic "):], body: event}, rules: unauthorized},
			{Title: "what is no base64", request: request{auth: "Basic !!!", body: event}, rules: unauthorized},
			{Title: "the scheme in lower case", request: request{auth: "basic " + basic(user, password)[len("Basic "):], body: event}, rules: []Rule{status(inferred, 201)}},
		}},
		{Title: "basic authentication with one of both", Webhook: map[string]any{"responseCode": 201, "basicAuthUsername": user}, Calls: []Call{
			{Title: "the user and no password", request: request{auth: basic(user, ""), body: event}, rules: authorized},
			{Title: "the user and a password", request: request{auth: basic(user, password), body: event}, rules: unauthorized},
			{Title: "none", request: request{body: event}, rules: unauthorized},
			{
				Title: "the password and no user", Change: map[string]any{"basicAuthUsername": "", "basicAuthPassword": password},
				request: request{auth: basic("", password), body: event}, rules: authorized,
			},
			{Title: "the password and a user", request: request{auth: basic(user, password), body: event}, rules: unauthorized},
			{Title: "none for the password", request: request{body: event}, rules: unauthorized},
			{Title: "none after both were removed", Change: map[string]any{"basicAuthPassword": ""}, request: request{body: event}, rules: authorized},
		}},
	}
}
