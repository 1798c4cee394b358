package contract

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
)

// StatusText returns a status with its meaning, as findings show it: "404 Not
// Found".
func StatusText(status int) string {
	return strings.TrimSpace(fmt.Sprintf("%d %s", status, http.StatusText(status)))
}

// Brief returns the beginning of a value's JSON, as findings show it: at most
// 120 characters.
func Brief(value any) string {
	const limit = 120
	text, err := json.Marshal(value)
	if err != nil || value == nil {
		return "nothing"
	}
	if runes := []rune(string(text)); len(runes) > limit {
		return string(runes[:limit]) + "…"
	}
	return string(text)
}
