package decode_test

import (
	"testing"

	"github.com/losantmock/losantmock/contract/decode"
)

// FuzzQuery reads query strings. What is read is given, and nothing panics.
func FuzzQuery(f *testing.F) {
	f.Add("a=1&a=2&b[]=3&%zz=+&c[a=4&=5&d")
	f.Fuzz(func(t *testing.T, raw string) {
		for name, v := range decode.ParseQuery(raw) {
			if !v.Given {
				t.Fatalf("%q returns %q, which is not given", raw, name)
			}
		}
		_ = decode.AccessToken(decode.ParseQuery(raw), raw)
	})
}
