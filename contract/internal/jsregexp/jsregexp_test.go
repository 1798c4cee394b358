package jsregexp_test

import (
	"strings"
	"testing"

	"github.com/losantmock/losantmock/contract/internal/jsregexp"
)

func TestMatch(t *testing.T) {
	t.Parallel()
	const password = `^(?=.*[A-Z])(?=.*[^A-Za-z0-9])(?=.*[0-9])(?=.*[a-z]).{12,}$`
	for _, c := range []struct {
		pattern, text string
		want          bool
	}{
		{`^[A-Fa-f\d]{24}$`, "575ec8687ae143cd83dc4a97", true},
		{`^[A-Fa-f\d]{24}$`, "575ec8687ae143cd83dc4a97\n", false},
		{`^.{1,255}$`, "a\u2028", false},
		{`^.{1,255}$`, "a\r", false},
		{`^.{1,255}$`, strings.Repeat("\U0001F600", 127), true},
		{`^.{1,255}$`, strings.Repeat("\U0001F600", 128), false},
		{`^(?!\.{1,2}$)[0-9a-zA-Z_.-]{1,255}$`, "..", false},
		{`^(?!\.{1,2}$)[0-9a-zA-Z_.-]{1,255}$`, "...", true},
		{password, "Password-1234", true},
		{password, "Password12345", false},
		{password, "Pass-1\U0001F600\U0001F600\U0001F600", true},
		{`.*{{.+}}.*`, "a {{b}} c", true},
		{`.*{{.+}}.*`, "a {{}} c", false},
		{`^\s$`, "\u00a0", true},
		{`^a{1,2000}$`, strings.Repeat("a", 1500), true},
		{`^(a+)+$`, strings.Repeat("a", 60) + "b", false},
	} {
		p, err := jsregexp.Compile(c.pattern)
		if err != nil {
			t.Fatalf("%s: %v", c.pattern, err)
		}
		if got := p.MatchString(c.text); got != c.want {
			t.Errorf("%s matches %.40q: %t", c.pattern, c.text, got)
		}
	}
	for _, pattern := range []string{"(", "[", "*", `(?<`, "a{2,1}"} {
		if _, err := jsregexp.Compile(pattern); err == nil {
			t.Errorf("%s is accepted", pattern)
		}
	}
}

// A pattern that goes back again and again comes to an end.
func TestMatchIsBounded(t *testing.T) {
	t.Parallel()
	p, err := jsregexp.Compile(`^(?=x|a)(a+)+$`)
	if err != nil {
		t.Fatal(err)
	}
	if p.MatchString(strings.Repeat("a", 60) + "b") {
		t.Error("it matches")
	}
}
