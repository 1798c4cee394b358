package secret_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"log/slog"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/losantmock/losantmock/contract/internal/leaktest"
	"github.com/losantmock/losantmock/contract/secret"
)

func TestSecretsAreNotShown(t *testing.T) {
	t.Parallel()
	token := secret.New(leaktest.Canary)
	inJSON, _ := json.Marshal(map[string]any{"token": token})
	var log bytes.Buffer
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "token", token)
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "token", token)
	for name, shown := range map[string]string{
		"%v": fmt.Sprintf("%v", token), "%+v": fmt.Sprintf("%+v", token), "%#v": fmt.Sprintf("%#v", token), "%s": fmt.Sprintf("%s", token),
		"%q": fmt.Sprintf("%q", token), "%x": fmt.Sprintf("%x", token), "in a struct": fmt.Sprintf("%+v", struct{ S secret.Secret }{token}),
		"JSON": string(inJSON), "logs": log.String(),
	} {
		leaktest.Check(t, name, shown)
		if !strings.Contains(shown, secret.Placeholder) {
			t.Errorf("%s: %s", name, shown)
		}
	}
	for name, form := range leaktest.Disguises(leaktest.Canary) {
		got := token.Scrub("before " + form + " behind")
		leaktest.Check(t, name, got)
		if !strings.HasPrefix(got, "before ") || !strings.HasSuffix(got, " behind") {
			t.Errorf("%s: %s", name, got)
		}
		if again := token.Scrub(got); again != got {
			t.Errorf("%s twice: %s", name, again)
		}
	}
	short := secret.New(`sekret <"&'+/`)
	for name, form := range map[string]string{
		"HTML": html.EscapeString(`sekret <"&'+/`), "a URL, twice": url.QueryEscape(url.PathEscape(`sekret <"&'+/`)), "Go, twice": strconv.Quote(strconv.Quote(`sekret <"&'+/`)),
		"its beginning": "sekret" + secret.Cut, "in a URL, its beginning": "sekret%20%3" + secret.Cut, "in base64, its beginning": base64.StdEncoding.EncodeToString([]byte("sekret")) + secret.Cut,
	} {
		if got := short.Scrub("before " + form + " behind"); !strings.Contains(got, secret.Placeholder) || strings.Contains(got, "sek") || strings.Contains(got, "c2Vr") || !strings.HasSuffix(got, " behind") {
			t.Errorf("%s: %s", name, got)
		}
	}
	for text, want := range map[string]string{
		"any":             "all.Application and any",
		"all.Application": secret.Placeholder + " and any",
	} {
		if got := secret.New(text).Scrub("all.Application and any"); got != want {
			t.Errorf("%s: %s", text, got)
		}
	}
}
