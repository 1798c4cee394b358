package decode_test

import (
	"encoding/json"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/losantmock/losantmock/contract/decode"
)

func TestNumbersAreExactOrRounded(t *testing.T) {
	t.Parallel()
	const text = `{"a":9007199254740993,"b":[1e400,123.0,-0],"a2":1,"a2":2,"c":"` + "\xff" + `"}`
	exact, err := decode.Exact([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	number := func(s string) json.Number { return json.Number(s) }
	want := object{"a": number("9007199254740993"), "b": []any{number("1e400"), number("123.0"), number("-0")}, "a2": number("2"), "c": "\uFFFD"}
	if diff := cmp.Diff(want, exact); diff != "" {
		t.Error(diff)
	}
	rounded, err := decode.JSON([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	want = object{"a": 9007199254740992.0, "b": []any{math.Inf(1), 123.0, math.Copysign(0, -1)}, "a2": 2.0, "c": "\uFFFD"}
	if diff := cmp.Diff(want, rounded); diff != "" {
		t.Error(diff)
	}
}

func TestJSONIsOneValue(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", " ", "{", "1 2", "{} x", "nul", "01", "[1,]"} {
		_, rounded := decode.JSON([]byte(text))
		_, exact := decode.Exact([]byte(text))
		if rounded == nil || exact == nil || rounded.Error() != exact.Error() {
			t.Errorf("%q: %v and %v", text, rounded, exact)
		}
	}
}
