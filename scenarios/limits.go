package scenarios

import (
	"strings"

	"github.com/losantmock/losantmock/contract"
)

// Limits are what a scenario is held against: how much the patterns of [Generate] and
// of [Item] may make in one world, over all files and applications of its scenario, and
// the definition of the API. A zero value is the default.
type Limits struct {
	Webhooks int   // and items; [DefaultGenerated]
	Bytes    int64 // of their texts; [DefaultGeneratedBytes]
	// Definition has the collections that [Resources] can name, and operations beside
	// those of webhooks. By default, there is none.
	Definition *contract.Definition
}

// The defaults of [Limits].
const (
	DefaultGenerated      = 1_000_000
	DefaultGeneratedBytes = 512 << 20
)

// Size returns how many webhooks and items of other collections the scenario has, listed
// and generated, and how many bytes their texts have.
func (s *Scenario) Size() (things int, bytes int64) {
	things, bytes = s.Resources.size()
	for _, a := range s.Applications {
		below, belowBytes := a.Resources.size()
		things += len(a.Webhooks) + below
		bytes += belowBytes
		for _, hook := range a.Webhooks {
			bytes += Generate{1, hook}.size()
		}
		for _, g := range a.Generate {
			things += g.Count
			bytes += g.size()
		}
	}
	return things, bytes
}

// replySize is about how many bytes a reply, a field of its header, or where to
// forward to takes in each webhook. Webhooks of one pattern share the texts.
const replySize = 96

// size returns how many bytes the texts of the generated webhooks have.
func (g Generate) size() int64 {
	bytes, numbers := 0, 0
	for _, text := range g.Webhook.texts() {
		n := strings.Count(*text, number)
		bytes += len(*text) - n*len(number)
		numbers += n
	}
	for _, r := range g.Webhook.Replies {
		bytes += replySize * (1 + len(r.Headers))
	}
	if g.Webhook.Forward != nil {
		bytes += replySize
	}
	return int64(bytes)*int64(g.Count) + int64(numbers)*digits(g.Count)
}

// digits returns how many digits the numbers from 1 to count have together.
func digits(count int) (n int64) {
	for least := 1; least <= count; least *= 10 {
		n += int64(count - least + 1)
	}
	return n
}
