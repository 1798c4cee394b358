package main

import (
	"strings"
	"testing"
)

// What was answered is held against what was recorded, id by id.
func TestTallies(t *testing.T) {
	t.Parallel()
	sent := &tally{acknowledged: map[string]int{"1-0": 200, "1-1": 201}, unanswered: []string{"2-0"}}
	target := func(id string) string { return "/applications?lab=" + id + "&perPage=10" }
	for name, c := range map[string]struct {
		recorded []string
		want     string
	}{
		"each once":               {[]string{target("1-0"), target("1-1")}, ""},
		"one without an answer":   {[]string{target("1-0"), target("1-1"), target("2-0")}, ""},
		"one of somebody else":    {[]string{target("1-0"), target("1-1"), "/applications"}, ""},
		"one is missing":          {[]string{target("1-1")}, "1 answered requests are not recorded 1-0"},
		"one twice":               {[]string{target("1-0"), target("1-1"), target("1-1")}, "1 are recorded twice 1-1"},
		"one that was never sent": {[]string{target("1-0"), target("1-1"), target("9-9")}, "1 were never sent 9-9"},
		"nothing":                 {nil, "2 answered requests are not recorded"},
	} {
		err := sent.compare(c.recorded)
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := sent.among([]string{target("1-1")}).compare([]string{target("1-1")}); err != nil {
		t.Errorf("what was let go is missed: %v", err)
	}
}
