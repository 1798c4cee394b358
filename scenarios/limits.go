package scenarios

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
)

// Limits are how much the patterns of [Generate] may make in one world, over all
// files and applications of its scenario. A zero value is the default.
type Limits struct {
	Webhooks int   // [DefaultGenerated]
	Bytes    int64 // of the webhooks' texts; [DefaultGeneratedBytes]
}

// The defaults of [Limits].
const (
	DefaultGenerated      = 1_000_000
	DefaultGeneratedBytes = 512 << 20
)

// Size returns how many webhooks the scenario has, listed and generated, and how
// many bytes their texts have.
func (s *Scenario) Size() (webhooks int, bytes int64) {
	for _, a := range s.Applications {
		webhooks += len(a.Webhooks)
		for _, hook := range a.Webhooks {
			bytes += Generate{1, hook}.size()
		}
		for _, g := range a.Generate {
			webhooks += g.Count
			bytes += g.size()
		}
	}
	return webhooks, bytes
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

// generated is how much the patterns of a scenario have made so far.
type generated struct {
	limits   Limits
	webhooks int
	bytes    int64
}

// checkGenerated adds what a file generates, and reports whether that is within
// the limits. The first pattern that goes beyond them is a problem.
func (top cursor) checkGenerated(sum *generated) bool {
	webhooks, bytes := cmp.Or(sum.limits.Webhooks, DefaultGenerated), cmp.Or(sum.limits.Bytes, DefaultGeneratedBytes)
	for _, application := range top.items("applications") {
		for _, hook := range application.items("webhooks") {
			pattern, _ := hook.get("generate")
			var g Generate
			if pattern.Node == hook.Node || pattern.Node.Decode(&g) != nil || g.Count < 0 {
				continue // it is a listed webhook, or the schema reports it
			}
			sum.webhooks += g.Count
			sum.bytes += g.size()
			count, _ := pattern.get("count")
			switch {
			case sum.webhooks > webhooks:
				count.Wrong(tooMuch(strconv.Itoa(sum.webhooks)+" webhooks", strconv.Itoa(webhooks)))
			case sum.bytes > bytes:
				count.Wrong(tooMuch(fmt.Sprintf("webhooks with %d bytes of text", sum.bytes), strconv.FormatInt(bytes, 10)))
			default:
				continue
			}
			return false
		}
	}
	return true
}

func tooMuch(made, limit string) string {
	return "generates " + made + ", with the patterns before it, and at most " + limit +
		" are made: generate less, or raise the limit with --generate-webhooks and --generate-bytes"
}
