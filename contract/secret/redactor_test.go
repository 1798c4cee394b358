package secret_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/losantmock/losantmock/cmd/lab/size"
	"github.com/losantmock/losantmock/contract/secret"
)

func TestSecretsAreReplacedWhereTheyStand(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, text, want string }{
		{"a query", "/x?a=1&access_token=abc&jwt=abc&verify=d", "/x?a=1&access_token=TOKEN-1&jwt=TOKEN-1&verify=CODE-1"},
		{"an escaped query", "/x?jwt=a%20b&token=a+b", "/x?jwt=TOKEN-1&token=TOKEN-1"},
		{"a webhook's URL", "/webhooks/abc/path", "/webhooks/TOKEN-1/path"},
		{"another URL", "/applications/webhooks/abc?user=x&basicAuthUsername=x", "/applications/webhooks/abc?user=x&basicAuthUsername=x"},
		{"an escaped name", "/x?%74oken=abc&%zz=%&access_token[]=abc", "/x?%74oken=TOKEN-1&%zz=%&access_token[]=TOKEN-1"},
		{"a stray escape", "/x?token=100%;x&b=1", "/x?token=TOKEN-1&b=1"},
		{"a query in a query", "/x?next=/y?token=abc", "/x?next=/y?token=TOKEN-1"},
		{"blank parameters", "/x?token=&password=", "/x?token=&password="},
	} {
		if got := secret.NewRedactor().Target(c.text); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
	r := secret.NewRedactor()
	if got := r.Form("password=a&hub.verify_token=b&hubxverify=c&name=d"); got != "password=PASSWORD-1&hub.verify_token=CODE-1&hubxverify=c&name=d" {
		t.Error(got)
	}
	text := `{"token":"a\"b","twoFactorCode" : "c","basicAuthPassword":"","basicAuthUsername":"d","verify":"e","list":[{"jwt":"a\"b"}]}`
	want := `{"token":"TOKEN-1","twoFactorCode" : "CODE-2","basicAuthPassword":"","basicAuthUsername":"d","verify":"e","list":[{"jwt":"TOKEN-1"}]}`
	if got := r.JSON(text); got != want {
		t.Error(got)
	}
	if got := r.JSON(want); got != want {
		t.Errorf("twice: %s", got)
	}
}

func TestFieldsHaveKinds(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]secret.Kind{"token": secret.Token, "basicAuthUsername": secret.User, "verify": secret.Code, "name": ""} {
		if kind, ok := secret.KindOf(name); kind != want || ok != (want != "") {
			t.Errorf("%s: %q, %t", name, kind, ok)
		}
	}
}

// The names of secrets in the definitions of the API, in requests and in responses.
func TestSecretsAreFoundByTheWordsOfTheirNames(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, text, want string }{
		{"a word at the end", `{"newPassword":"a","client_secret":"b","TwoFactorAuthKey":"c","sslKey":"d"}`, `{"newPassword":"PASSWORD-1","client_secret":"PASSWORD-2","TwoFactorAuthKey":"PASSWORD-3","sslKey":"PASSWORD-4"}`},
		{"in any depth and case", `{"c":[{"x":{"APIKEYSECRET":"a","secretValue":"b","customerToken":"c"}}]}`, `{"c":[{"x":{"APIKEYSECRET":"PASSWORD-1","secretValue":"PASSWORD-2","customerToken":"TOKEN-1"}}]}`},
		{"names of no secret", `{"apiTokenId":"a","apitoken":5,"tokenCutoff":"b","publicKey":"c","$tagKey":"d","keyCount":1,"isPasswordProtected":true}`, `{"apiTokenId":"a","apitoken":5,"tokenCutoff":"b","publicKey":"c","$tagKey":"d","keyCount":1,"isPasswordProtected":true}`},
		{"the key beside a secret", `{"key":"mine","secret":"b","deviceTags":[{"key":"room","value":"x"}]}`, `{"key":"PASSWORD-1","secret":"PASSWORD-2","deviceTags":[{"key":"room","value":"x"}]}`},
		{"the key of an application key", `{"items":[{"applicationKeyId":"1","key":"mine"},{"key":"tag"}]}`, `{"items":[{"applicationKeyId":"1","key":"PASSWORD-1"},{"key":"tag"}]}`},
		{"a key by its look", `{"key":"ed0f7fd2-1b3c-4f5a-8d6e-0123456789ab"}`, `{"key":"PASSWORD-1"}`},
		{"a key in a text that breaks off", `{"secret":"a","key":"mine","na`, `{"secret":"PASSWORD-1","key":"PASSWORD-2","na`},
		{"the key of a tag", `{"tags":[{"key":"room","value":"x"}]}`, `{"tags":[{"key":"room","value":"x"}]}`},
	} {
		if got := secret.NewRedactor().JSON(c.text); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
	if got := secret.NewRedactor().Form("key=mine&secret=x&api_key=y&deviceId=z"); got != "key=PASSWORD-1&secret=PASSWORD-2&api_key=PASSWORD-3&deviceId=z" {
		t.Error(got)
	}
	if got := secret.NewRedactor().Form("key=room&value=x"); got != "key=room&value=x" {
		t.Error(got)
	}
}

func TestHeadersShowNoCredentials(t *testing.T) {
	t.Parallel()
	given := http.Header{
		"Authorization": {"Bearer abc", "abc"}, "Proxy-Authorization": {"Basic xyz"}, "Accept": {"text/html"},
		"Cookie": {"a=1; b=2; flag"}, "Set-Cookie": {"a=1; Path=/; Secure; SameSite=Lax; Max-Age=5"},
	}
	kept := given.Clone()
	want := http.Header{
		"Authorization": {"Bearer TOKEN-1", "TOKEN-1"}, "Proxy-Authorization": {"Basic TOKEN-2"}, "Accept": {"text/html"},
		"Cookie": {"a=COOKIE-1; b=COOKIE-2; COOKIE-3"}, "Set-Cookie": {"a=COOKIE-1; Path=/; Secure; SameSite=Lax; Max-Age=5"},
	}
	r := secret.NewRedactor()
	r.Placeholder(secret.Token, "abc")
	r.Placeholder(secret.Token, "xyz")
	r.Placeholder(secret.Cookie, "1")
	if diff := cmp.Diff(want, r.Header(given)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(kept, given); diff != "" {
		t.Errorf("the header that was given is changed: %s", diff)
	}
}

// A secret of eight bytes is replaced everywhere, and the longer one first
// where one is a part of another.
func TestLongSecretsAreReplacedEverywhere(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"1234567":                           "1234567",
		"x12345678x":                        "xPASSWORD-2x",
		"12345678 and more":                 "PASSWORD-3",
		url.QueryEscape("a \"<\xff b\""):    "PASSWORD-4",
		`{"x":"a \"<` + "\uFFFD" + ` b\""}`: `{"x":"PASSWORD-4"}`,
	} {
		r := secret.NewRedactor()
		for _, password := range []string{"1234567", "12345678", "12345678 and more", "a \"<\xff b\""} {
			r.Placeholder(secret.Password, password)
		}
		for range 20 { // the redactor draws the order that it sorts
			if got := r.Replacer().Replace(text); got != want {
				t.Fatalf("%s: %s, want %s", text, got, want)
			}
		}
	}
}

// A body that is meant to be an object, and is no JSON, keeps its secrets to itself.
func TestBodiesThatAreNoJSON(t *testing.T) {
	t.Parallel()
	utf16 := func(text string) string { return "\xff\xfe" + strings.Join(strings.Split(text, ""), "\x00") + "\x00" }
	for body, want := range map[string]string{
		`{'email': 'a@b.c', 'password': 'S3cr3tpw'}`:       `{'email': 'a@b.c', 'password': 'PASSWORD-1'}`,
		`{"email":"a@b.c","password":'S3cr3tpw'}`:          `{"email":"a@b.c","password":"PASSWORD-1"}`,
		`{email: "a@b.c", password: "S3cr3tpw"}`:           `{email: "a@b.c", password: "PASSWORD-1"}`,
		"email: a@b.c\npassword: S3cr3tpw\nname: x":        "email: a@b.c\npassword: PASSWORD-1\nname: x",
		`<user><password>S3cr3tpw</password></user>`:       `<user><password>PASSWORD-1</password></user>`,
		`{'client_secret': 'a\'S3cr3tpw'}`:                 `{'client_secret': 'PASSWORD-1'}`,
		`{u'password': u'S3cr3tpw'}`:                       `{u'password': u'PASSWORD-1'}`,
		`{'password': None}`:                               `{'password': None}`,
		"password: four words of it\nname: x":              "password: PASSWORD-1\nname: x",
		"password = S3cr3tpw":                              "password = PASSWORD-1",
		`:password => "S3cr3tpw"`:                          `:password => "PASSWORD-1"`,
		utf16(`{"email":"a@b.c","password":"S3cr3tpw"}`):   "\xff\xfe" + `{"email":"a@b.c","password":"PASSWORD-1"}`,
		`the password is in the vault: name it, not write`: `the password is in the vault: name it, not write`,
		utf16("no secret at all"):                          utf16("no secret at all"),
	} {
		if got := string(secret.NewRedactor().Body(http.Header{"Content-Type": {"application/json"}}, []byte(body))); got != want {
			t.Errorf("%q: %q, want %q", body, got, want)
		}
	}
}

func ExampleRedactor() {
	r := secret.NewRedactor()
	target := r.Target("/applications?access_token=a-long-token")
	body := r.JSON(`{"name":"a-long-token","basicAuthPassword":"x"}`)
	everywhere := r.Replacer()
	fmt.Println(everywhere.Replace(target))
	fmt.Println(everywhere.Replace(body))
	// Output:
	// /applications?access_token=TOKEN-1
	// {"name":"TOKEN-1","basicAuthPassword":"PASSWORD-1"}
}

// The time that a text takes grows with its length alone, whatever it consists of.
func TestHostileTextsAreReadOnce(t *testing.T) {
	t.Parallel()
	for _, part := range []string{`"`, `\"`, `"token":`, `"token":x`, `"token":{`, `"a":"token":`, `{"token":[`, "?token", "&=", "/webhooks/", "a=", "?a=", "#", "://a:", `{"a":"`, "password:", "password:'", "password ", "\x00"} {
		text := strings.Repeat(part, size.Of(1<<16, 1<<20, 1<<20)/len(part))
		if got := secret.NewRedactor().Body(http.Header{}, []byte(text)); len(got) == 0 {
			t.Errorf("%s: nothing is left", part)
		}
	}
}
