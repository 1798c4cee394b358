package scenarios

import (
	"fmt"
	"strings"
	"testing"

	"github.com/losantmock/losantmock/scenarios/internal/document"
)

// A mapping with very many keys is refused before the keys are compared, and of many
// problems the first are reported and the others counted.
func TestManyProblemsAreCounted(t *testing.T) {
	t.Parallel()
	var keys, entries strings.Builder
	for i := range 200_000 {
		fmt.Fprintf(&keys, "key%d: 1\n", i)
	}
	entries.WriteString("applications:\n")
	for range 5_000 {
		entries.WriteString("- wrong: 1\n  bad: 2\n")
	}
	for name, c := range map[string]struct{ text, want string }{
		"keys":    {keys.String(), "keys:1:1: the mapping has 200000 keys, and at most 1000 are read"},
		"entries": {entries.String(), "entries: and 9900 more problems"}, // where the first key is wrong, the name is missing
	} {
		_, err := Parse(name, []byte(c.text))
		if err == nil || !strings.HasSuffix(err.Error(), c.want) || strings.Count(err.Error(), "\n") > document.MaxProblems {
			t.Errorf("%s: %.2000v", name, err)
		}
	}
}

// What no file could list is refused before it is written, and what is written to its
// limit is not read back.
func TestAFileThatIsTooLargeIsNotWritten(t *testing.T) {
	t.Parallel()
	s := &Scenario{Applications: []Application{{Name: "a", Webhooks: make([]Webhook, 200_000)}}}
	for i := range s.Applications[0].Webhooks {
		s.Applications[0].Webhooks[i].Name = "a webhook with a name"
	}
	want := "the file of its 200000 webhooks and other items would have more than the 4194304 bytes that are read"
	if _, err := s.Marshal(); err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("%v", err)
	}
	if err := CheckListed(200_000); err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("%v", err)
	}
	s.Applications[0].Webhooks = s.Applications[0].Webhooks[:10]
	text, err := s.Marshal()
	if again, errAgain := Parse("again", text); err != nil || errAgain != nil || len(again.Applications[0].Webhooks) != 10 {
		t.Errorf("%v %v", err, errAgain)
	}
}
