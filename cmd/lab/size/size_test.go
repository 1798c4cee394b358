package size_test

import (
	"testing"

	"github.com/losantmock/losantmock/cmd/lab/size"
)

func TestOf(t *testing.T) {
	for name, want := range map[string]int{"": 1, "small": 1, "ci": 2, "all": 3} {
		t.Setenv(size.Variable, name)
		if got := size.Of(1, 2, 3); got != want {
			t.Errorf("%q gives %d, want %d", name, got, want)
		}
		if fixed := size.Fixed(); fixed != (want < 3) {
			t.Errorf("%q draws from fixed seeds: %t", name, fixed)
		}
	}
	t.Setenv(size.Variable, "large")
	defer func() {
		if recover() == nil {
			t.Error("an unknown size is accepted")
		}
	}()
	size.Of(1, 2, 3)
}
