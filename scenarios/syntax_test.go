package scenarios_test

import (
	"strings"
	"testing"

	"github.com/losantmock/losantmock/scenarios"
)

// brokenFiles are files with a mistake that people make, and the first problem that
// is reported.
var brokenFiles = []struct{ name, text, want string }{
	{"a tab that indents", "auth:\n\tmode: open\n", `2:1: not YAML: found character that cannot start any token: a tab indents: indent with blanks`},
	{"a tab behind blanks", "applications:\n  - name: a\n  \twebhooks: []\n", `3:3: not YAML: found a tab character that violates indentation: a tab indents: indent with blanks`},
	{"a text with @", "name: @x\n", `1:7: not YAML: found character that cannot start any token: put a text that begins with @ in quotes`},
	{"a text with a backtick", "ids: {seed: 1}\nname: `x`\n", "2:7: not YAML: found character that cannot start any token: put a text that begins with ` in quotes"},
	{"a text with %", "ids: {seed: 1}\nname: %x\n", `2:7: not YAML: found character that cannot start any token: put a text that begins with % in quotes`},
	{"a text with *", "ids: {seed: 1}\nname: *x\n", `2:7: not YAML: unknown anchor 'x' referenced: put a text that begins with * in quotes`},
	{"a text with * alone", "ids: {seed: 1}\nname: *\n", `2:8: not YAML: did not find expected alphabetic or numeric character: put a text that begins with * or & in quotes`},
	{"a text with a colon", "ids: {seed: 1}\nname: a: b: c\n", `2:8: not YAML: mapping values are not allowed in this context: put a text with ": " in it in quotes, or indent the key as the keys beside it`},
	{"a template", "applications:\n  - name: {{ x }}\n", `2:11: applications[0].name: {{ begins an object in an object: put a text with {{ in it in quotes`},
	{"a template with text behind it", "applications:\n  - name: {{.data}} x\n", `2:21: not YAML: did not find expected key: put a text with {{ in it in quotes`},
	{"a reference in an object", "ids: {seed: ${SEED}}\n", `1:6: not YAML: did not find expected ',' or '}': in a list [...] or an object {...}, put ${...} in quotes`},
	{"quotes that are not closed", "# a comment\n\nname: \"a\nids: {seed: 1}\n", `3:7: not YAML: found unexpected end of stream: close the quotes`},
	{"a list that is not closed", "auth:\n  tokens: [{token: a, scopes: []}\napplications:\n  - name: a\n", `2:11: not YAML: did not find expected ',' or ']': close the list with ], or put the text in quotes`},
	{"an object that is not closed", "ids: {seed: 1\nname: b\n", `1:6: not YAML: did not find expected ',' or '}': close the object with }, or put the text in quotes`},
	{"a key without a blank", "ids: {seed: 1}\nname:a\n", `2:1: not YAML: could not find expected ':': write a colon and a blank behind the key`},
	{"a key that stands too far left", "applications:\n    - name: a\n      webhooks: []\n   token: b\n", `4:4: not YAML: did not find expected key: indent the keys of an object alike`},
	{"a key that stands too far right", "name: a\n  ids: {seed: 1}\n", `2:6: not YAML: mapping values are not allowed in this context: put a text with ": " in it in quotes, or indent the key as the keys beside it`},
	{"an entry that stands too far left", "applications:\n    - name: a\n   - name: b\n", `3:4: not YAML: did not find expected key: indent the keys of an object alike`},
	{"an escape that is none", "name: \"a\\d\"\n", `1:9: not YAML: found unknown escape character: a backslash in "..." begins an escape: write it twice, or use '...'`},
	{"a control character", "name: a\nids: {seed: 1}\nauth: {jwtSecret: a\x01b}\n", `3:20: not YAML: control characters are not allowed (value: 1): write it as an escape in "..."`},
	{"behind a block of text", "applications:\n  - name: a\n    description: |\n      one\n      two: three\n\n    webhooks: []\n    nme: b\n", `8:5: applications[0].nme: is not a known key: did you mean "name"?`},
	{"broken behind a block of text", "applications:\n  - name: a\n    description: |\n      one\n\n    webhooks: [\n", `7:1: not YAML: did not find expected node content: write a value, or close a [ or { that stands before`},
	{"behind comments and CRLF", "# one\r\n# two\r\nname: a\r\nnme: b\r\n", `4:1: nme: is not a known key: did you mean "name"?`},
	{"broken behind CRLF", "# one\r\nname: a\r\nids: @\r\n", `3:6: not YAML: found character that cannot start any token: put a text that begins with @ in quotes`},
	{"behind a byte order mark", "\ufeffname: a\nnme: b\n", `2:1: nme: is not a known key: did you mean "name"?`},
	{"in the line of a byte order mark", "\ufeffnme: a\n", `1:1: nme: is not a known key: did you mean "name"?`},
	{"broken in the line of a byte order mark", "\ufeffname: @\n", `1:7: not YAML: found character that cannot start any token: put a text that begins with @ in quotes`},
	{"behind characters of several bytes", "{name: äöü€😀, nme: x}\n", `1:15: nme: is not a known key: did you mean "name"?`},
	{"behind ---", "---\n# one\nnme: a\n", `3:1: nme: is not a known key: did you mean "name"?`},
	{"a second document", "name: a\n---\nname: b\n", `2:1: a second document: put each scenario into a file of its own`},
	{"a list in place of an object", "clock: []\n", `1:8: clock: want an object, got a list`},
	{"an object in place of a list", "applications: {name: a}\n", `1:15: applications: want a list, got an object: begin each entry with "- "`},
	{"text in place of an object", "clock:\n  mode:real\n", `2:3: clock: want an object, got the text "mode:real": write a blank behind the colon`},
	{"a number in place of text", "name: 5\n", `1:7: name: want text, got the number 5: put it in quotes`},
	{"text in place of a number", "ids: {seed: \"5\"}\n", `1:13: ids.seed: want a whole number, got the text "5": write it without quotes`},
	{"text in place of true", "applications: [{name: a, webhooks: [{name: a, enabled: \"true\"}]}]\n", `1:56: applications[0].webhooks[0].enabled: want true or false, got the text "true": write it without quotes`},
	{"quotes in quotes", "name: 'it's'\n", `1:11: not YAML: did not find expected key: a text in '...' ends there: write '' for a ' in it`},
	{"text behind quotes", "name: \"a\" b\n", `1:11: not YAML: did not find expected key: a text in "..." ends there: write \" for a " in it`},
	{"a DEL", "ids: {seed: 1}\nname: a\x7f\n", `2:8: not YAML: control characters are not allowed: write it as an escape in "..."`},
	{"a number in place of a duration", "clock: {mode: ticking, at: \"2016-06-13T04:00:00Z\", step: 10}\n", `1:58: clock.step: want a duration such as 250ms or 1m30s, got the number 10`},
	{"a duration without a unit", "triggers: {replyTimeout: \"60\"}\n", `1:26: triggers.replyTimeout: want a duration such as 250ms or 1m30s, got the text "60"`},
	{"a version of two numbers", "api: {version: 1.30}\n", `1:16: api.version: want three numbers such as 1.30.0, got the number 1.30`},
	{"a date in place of a time", "clock: {mode: fixed, at: 2016-06-13}\n", `1:26: clock.at: want a time such as 2016-06-13T04:00:00.000Z, got the text "2016-06-13"`},
	{"a word that is none", "clock: {mode: fixd}\n", `1:15: clock.mode: "fixd" must be an enum value (real, fixed, ticking): did you mean "fixed"?`},
	{"a word in capitals", "auth: {mode: Strict}\n", `1:14: auth.mode: "Strict" must be an enum value (open, strict): did you mean "strict"?`},
	{"off for a boolean", "applications: [{name: a, webhooks: [{name: a, enabled: off}]}]\n", `1:56: applications[0].webhooks[0].enabled: off is false in YAML 1.1 and text in YAML 1.2: write false`},
	{"an octal for a number", "ids: {seed: 010}\n", `1:13: ids.seed: 010 is an octal number in YAML 1.1 and a decimal number in YAML 1.2: write it without the leading 0`},
	{"nothing", "applications:\n", `1:14: applications: want a list, got nothing`},
	{"an unknown key", "applications: [{name: a, webhooks: [{name: a, responsecode: 5}]}]\n", `1:47: applications[0].webhooks[0].responsecode: is not a known key: did you mean "responseCode"?`},
	{"an unknown key like none", "colour: red\n", `1:1: colour: is not a known key`},
}

// The first problem of a broken file has its line and column, and the remedy.
func TestBrokenFiles(t *testing.T) {
	t.Parallel()
	for _, c := range brokenFiles {
		_, err := scenarios.Parse("f", []byte(c.text))
		if err == nil {
			t.Errorf("%s: it is read", c.name)
			continue
		}
		first, _, _ := strings.Cut(err.Error(), "\n")
		if first != "f:"+c.want {
			t.Errorf("%s:\n%s\ngot  %s\nwant f:%s", c.name, c.text, first, c.want)
		}
	}
}
