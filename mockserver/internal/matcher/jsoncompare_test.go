package matcher

import (
	"context"
	"encoding/json"
	"slices"
	"testing"

	"github.com/losantmock/losantmock/contract/decode"
	"github.com/losantmock/losantmock/mockserver/internal/effort"
	"pgregory.net/rapid"
)

// Small JSON values, so that two of them are often nearly equal.
func smallJSON(depth int) *rapid.Generator[any] {
	leaf := rapid.SampledFrom([]any{nil, true, false, 0.0, 1.0, "", "a"})
	if depth == 0 {
		return leaf
	}
	inner := smallJSON(depth - 1)
	return rapid.OneOf(
		leaf,
		rapid.Map(rapid.SliceOfN(inner, 0, 4), func(list []any) any { return list }),
		rapid.Map(rapid.MapOfN(rapid.SampledFrom([]string{"a", "b", "c"}), inner, 0, 3), func(m map[string]any) any { return m }),
	)
}

// alter returns a value that is like another but for a thing or two.
func alter(t *rapid.T, value any) any {
	switch value := value.(type) {
	case map[string]any:
		out := map[string]any{}
		for key, inner := range value {
			out[key] = alter(t, inner)
		}
		if rapid.IntRange(0, 3).Draw(t, "add a key") == 0 {
			out["d"] = 1.0
		}
		return out
	case []any:
		out := []any{}
		for _, inner := range value {
			if rapid.IntRange(0, 5).Draw(t, "add an element") == 0 {
				out = append(out, smallJSON(1).Draw(t, "added"))
			}
			out = append(out, alter(t, inner))
		}
		if rapid.IntRange(0, 2).Draw(t, "shuffle") == 0 {
			out = rapid.Permutation(out).Draw(t, "shuffled")
		}
		return out
	default:
		if rapid.IntRange(0, 9).Draw(t, "change") == 0 {
			return smallJSON(1).Draw(t, "changed")
		}
		return value
	}
}

// slowEqual returns the same as comparison.equal by trying everything.
func slowEqual(c comparison, want, got any) bool {
	switch want := want.(type) {
	case map[string]any:
		got, ok := got.(map[string]any)
		if !ok {
			return false
		}
		for key := range got {
			if _, ok := want[key]; !ok && !c.extra {
				return false
			}
		}
		for key, value := range want {
			other, ok := got[key]
			if !ok || !slowEqual(c, value, other) {
				return false
			}
		}
		return true
	case []any:
		got, ok := got.([]any)
		if !ok || !c.extra && len(want) != len(got) {
			return false
		}
		return slowLists(c, want, got)
	default:
		return want == got
	}
}

// slowLists pairs the first wanted element with every one that it could have.
func slowLists(c comparison, want, got []any) bool {
	if len(want) == 0 {
		return true
	}
	for i := range got {
		if !slowEqual(c, want[0], got[i]) {
			continue
		}
		if c.anyOrder && slowLists(c, want[1:], slices.Concat(got[:i], got[i+1:])) || i == 0 && !c.anyOrder && slowLists(c, want[1:], got[1:]) {
			return true
		}
	}
	return false
}

func TestJSONIsComparedAsTheSlowWayDoes(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := comparison{anyOrder: rapid.Bool().Draw(t, "anyOrder"), extra: rapid.Bool().Draw(t, "extra")}
		c.budget = effort.NewBudget(context.Background())
		c.partners = c.extra || rapid.Bool().Draw(t, "partners")
		want := smallJSON(3).Draw(t, "want")
		got := alter(t, want)
		equal := slowEqual(c, want, got)
		if c.equal(want, got) != equal {
			t.Fatalf("%v: %s and %s are equal: %t", c, short(want), short(got), equal)
		}
		if d := c.differences(want, got); (d.count == 0) != equal {
			t.Fatalf("%v: %s and %s differ in %q", c, short(want), short(got), d.lines)
		}
	})
}

// A choice that has to give way: the first wanted element takes what only the
// second can have.
func TestListsInAnyOrderFindPartners(t *testing.T) {
	t.Parallel()
	var want, got any
	for text, v := range map[string]*any{`[{}, {"a":1}]`: &want, `[{"a":1}, {"b":2}]`: &got} {
		if err := json.Unmarshal([]byte(text), v); err != nil {
			t.Fatal(err)
		}
	}
	if !(comparison{anyOrder: true, extra: true, partners: true, budget: effort.NewBudget(t.Context())}).equal(want, got) {
		t.Error("no partners are found")
	}
}

// Lists in any order are equal if they have the same elements as often, with and
// without a search for partners.
func TestListsInAnyOrder(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		want, got string
		equal     bool
	}{
		{`[1,2]`, `[2.0,1e0]`, true},
		{`[1,1,2]`, `[1,2,2]`, false},
		{`[1]`, `["1"]`, false},
		{`[[1,2],[3]]`, `[[3],[2,1]]`, true},
		{`[[1],[2,3]]`, `[[1,2],[3]]`, false},
		{`[{"a":[1,null]},{}]`, `[{},{"a":[null,1]}]`, true},
		{`[{"a":1,"b":2}]`, `[{"a":2,"b":1}]`, false},
		{`[{}]`, `[[]]`, false},
		{`["a","b"]`, `["ab"]`, false},
	} {
		want, errWant := decode.Exact([]byte(c.want))
		got, errGot := decode.Exact([]byte(c.got))
		if errWant != nil || errGot != nil {
			t.Fatal(errWant, errGot)
		}
		for _, partners := range []bool{false, true} {
			if (comparison{anyOrder: true, partners: partners, budget: effort.NewBudget(t.Context())}).equal(want, got) != c.equal {
				t.Errorf("partners %t: %s and %s are equal: %t", partners, c.want, c.got, !c.equal)
			}
		}
	}
}

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
