package match

import (
	"testing"

	"pgregory.net/rapid"
)

// slowPair tries every partner for the first thing.
func slowPair(fits [][]bool, taken map[int]bool) bool {
	if len(fits) == 0 {
		return true
	}
	for j, fit := range fits[0] {
		if fit && !taken[j] {
			taken[j] = true
			if slowPair(fits[1:], taken) {
				return true
			}
			delete(taken, j)
		}
	}
	return false
}

func TestPartnersAreFound(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n, m := rapid.IntRange(0, 5).Draw(t, "things"), rapid.IntRange(0, 5).Draw(t, "others")
		fits := make([][]bool, n)
		for i := range fits {
			fits[i] = rapid.SliceOfN(rapid.Bool(), m, m).Draw(t, "fits")
		}
		want := slowPair(fits, map[int]bool{})
		if pair(n, m, func(i, j int) bool { return fits[i][j] }) != want {
			t.Fatalf("%v has partners: %t", fits, want)
		}
	})
}

// Many things that all fit, or of which each fits fewer, are paired at once.
func TestManyPartners(t *testing.T) {
	t.Parallel()
	const n = 500
	for name, fit := range map[string]func(i, j int) bool{
		"all":        func(int, int) bool { return true },
		"fewer":      func(i, j int) bool { return j < n-i },
		"more":       func(i, j int) bool { return j <= i },
		"only one's": func(i, j int) bool { return i == j },
	} {
		if !pair(n, n, fit) {
			t.Errorf("%s: no partners are found", name)
		}
	}
}
