package protocol

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"

	"github.com/losantmock/losantmock/contract/live"
)

// unsigned is a JSON Web Token with all rights and no signature: {"alg":"none"} and
// {"scope":["all.User"]}.
const unsigned = "eyJhbGciOiJub25lIn0.eyJzY29wZSI6WyJhbGwuVXNlciJdfQ."

// Tokens returns requests of a target with the token in each place where it can stand,
// and in some where it is none. Another token, which nobody issued, shows which place
// wins over which; blank leaves these out.
func Tokens(target, token, another string) []Request {
	access, jwt := "&access_token="+url.QueryEscape(token), "&jwt="+url.QueryEscape(token)
	read := func(status int, query, authorization, title string) Request {
		return observed(status, "a token "+title, live.Call{Method: http.MethodGet, Target: target + query, Auth: &authorization})
	}
	usual := "Bearer " + token
	requests := []Request{
		read(200, "", "JWT "+token, "behind JWT"),
		read(200, "", "bearer "+token, "behind bearer"),
		read(200, "", "jwt "+token, "behind jwt"),
		read(200, "", usual+" more", "in front of another word"),
		read(200, access, "", "in access_token"),
		read(200, jwt, "", "in jwt"),
		read(200, "&access_token=", usual, "beside a blank access_token"),
		read(200, "&jwt=", usual, "beside a blank jwt"),
		read(200, "&access_token="+jwt, "", "in jwt beside a blank access_token"),
		read(403, "", "Token "+token, "behind another scheme"),
		read(403, "", token, "without a scheme"),
		read(403, "", "Bearer  "+token, "behind two blanks"),
		read(403, "", "Bearer\t"+token, "behind a tab"),
		read(403, "", "Basic "+base64.StdEncoding.EncodeToString([]byte(token+":")), "as a user"),
	}
	if another == "" {
		return requests
	}
	otherAccess, otherJWT := "&access_token="+another, "&jwt="+another
	return append(requests,
		read(200, access, "Bearer "+another, "in access_token, which wins over the header"),
		read(200, jwt, "Bearer "+another, "in jwt, which wins over the header"),
		read(200, access+otherJWT, "", "in access_token, which wins over jwt"),
		read(401, otherAccess, usual, "that nobody issued in access_token, which wins over the header"),
		read(401, otherJWT, usual, "that nobody issued in jwt, which wins over the header"),
		read(401, otherAccess+jwt, "", "that nobody issued in access_token, which wins over jwt"),
		read(401, "", "Bearer "+unsigned, "without a signature"))
}

// ListsOfTokens returns requests of a target with the token in a list, which is refused.
func ListsOfTokens(target, token string) []Request {
	var requests []Request
	for _, name := range []string{"access_token", "jwt"} {
		value := "=" + url.QueryEscape(token)
		for _, query := range []string{"&" + name + value + "&" + name + value, "&" + name + "[]" + value} {
			requests = append(requests, observed(400, "a list of tokens in "+name, live.Call{Method: http.MethodGet, Target: target + query, Auth: new("")}))
		}
	}
	return requests
}

// Writes returns requests that write with an authorization which does not allow it, and is
// refused with a status. What is malformed is reported before the token is looked at, and
// what is not there after it.
func Writes(list, hook, name, authorization string, status int) []Request {
	const nowhereID = "/" + NowhereID
	valid, invalid := fmt.Appendf(nil, `{"name":%q}`, name), fmt.Appendf(nil, `{"name":%q,"responseCode":"x"}`, name)
	write := func(status int, method, target string, body []byte) Request {
		return observed(status, method+" without a token that allows it", live.Call{Method: method, Target: target, Body: body, Auth: &authorization})
	}
	return []Request{
		write(status, http.MethodPost, list, valid),
		write(status, http.MethodPatch, hook, valid),
		write(status, http.MethodDelete, hook, nil),
		write(400, http.MethodPost, list, invalid),
		write(400, http.MethodPatch, hook, invalid),
		write(status, http.MethodPatch, list+nowhereID, valid),
		write(status, http.MethodDelete, list+nowhereID, nil),
		write(status, http.MethodPatch, "/applications"+nowhereID, valid),
		write(status, http.MethodDelete, "/applications"+nowhereID, nil),
	}
}
