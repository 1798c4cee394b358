package scenarios

import (
	"cmp"
	"fmt"
	"iter"
	"strconv"

	"github.com/losantmock/losantmock/scenarios/internal/nodes"
)

// generated is how much the patterns of a scenario have made so far.
type generated struct {
	limits Limits
	things int
	bytes  int64
}

// pattern is one of a file, and what it makes.
type pattern struct {
	count cursor // the key
	kind  string // "webhooks" or "items"
	made  int
	bytes int64
}

// checkGenerated adds what a file generates, and reports whether that is within
// the limits. The first pattern that goes beyond them is a problem.
func (top cursor) checkGenerated(sum *generated) bool {
	things, bytes := cmp.Or(sum.limits.Webhooks, DefaultGenerated), cmp.Or(sum.limits.Bytes, DefaultGeneratedBytes)
	for p := range top.patterns() {
		sum.things += p.made
		sum.bytes += p.bytes
		switch {
		case sum.things > things:
			p.count.Wrong(tooMuch(strconv.Itoa(sum.things)+" "+p.kind, strconv.Itoa(things), "--generate-webhooks, which counts items too"))
		case sum.bytes > bytes:
			p.count.Wrong(tooMuch(fmt.Sprintf("%s with %d bytes of text", p.kind, sum.bytes), strconv.FormatInt(bytes, 10), "--generate-bytes"))
		default:
			continue
		}
		return false
	}
	return true
}

func tooMuch(made, limit, flag string) string {
	return "generates " + made + ", with the patterns before it, and at most " + limit +
		" are made: generate less, or raise the limit with " + flag
}

// patterns returns the patterns of a file. The schema reports those that are none.
func (top cursor) patterns() iter.Seq[pattern] {
	return func(yield func(pattern) bool) {
		if !top.itemPatterns(yield) {
			return
		}
		for _, application := range top.items("applications") {
			for _, hook := range application.items("webhooks") {
				written, ok := hook.get("generate")
				var g Generate
				if !ok || written.Node.Decode(&g) != nil || g.Count < 0 {
					continue
				}
				count, _ := written.get("count")
				if !yield(pattern{count, "webhooks", g.Count, g.size()}) {
					return
				}
			}
			if !application.itemPatterns(yield) {
				return
			}
		}
	}
}

// itemPatterns yields the patterns in the resources of a thing, and reports whether
// further ones are wanted.
func (c cursor) itemPatterns(yield func(pattern) bool) bool {
	resources, _ := c.get("resources")
	if resources.Node == c.Node {
		return true
	}
	for key := range nodes.Pairs(resources.Node) {
		for _, entry := range resources.items(key.Value) {
			var item Item
			written, ok := entry.get("generate")
			if ok && entry.Node.Decode(&item) == nil && item.Count > 0 {
				count, _ := written.get("count")
				text, _ := item.JSON()
				if !yield(pattern{count, "items", item.Count, int64(item.Count) * int64(len(text))}) {
					return false
				}
			}
			if !ok && !entry.itemPatterns(yield) {
				return false
			}
		}
	}
	return true
}
