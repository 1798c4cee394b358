package suite

import (
	"net/http"
	"strings"

	"github.com/losantmock/losantmock/contract"
)

// curl is a command that sends the request of an exchange again. The client's
// own token is taken from the environment.
func (c *Client) curl(e *contract.Exchange) string {
	words := []string{"curl", "-i"}
	switch e.Method {
	case http.MethodGet:
	case http.MethodHead:
		words = append(words, "-I")
	default:
		words = append(words, "-X", e.Method)
	}
	if authorization, own := e.RequestHeader["Authorization"]; !own {
		words = append(words, "-H", `"Authorization: Bearer $`+TokenVariable+`"`)
	} else if authorization[0] != "" {
		words = append(words, "-H", shellQuote("Authorization: "+authorization[0]))
	}
	for _, name := range []string{"Accept", "Origin", "Content-Type"} {
		if value := e.RequestHeader.Get(name); value != "" && (name != "Accept" || value != "application/json") {
			words = append(words, "-H", shellQuote(name+": "+value))
		}
	}
	if e.RequestBody != nil {
		words = append(words, "--data-binary", shellQuote(string(e.RequestBody)))
	}
	words = append(words, shellQuote(c.base.String()+e.URL.String()))
	return strings.Join(words, " ")
}

// TokenVariable is the environment variable that holds the token of the real
// API.
const TokenVariable = "LOSANT_API_TOKEN"

func shellQuote(text string) string {
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}
