package document

import (
	"fmt"

	"github.com/losantmock/losantmock/scenarios/internal/nodes"
)

// The limits of a file beside its bytes: how deep lists and mappings may stand in
// each other, of which a scenario needs about ten levels, how many keys and values
// there may be, and how many keys in one mapping, whose keys are compared with each
// other.
const (
	maxDepth  = 100
	maxValues = 500_000
	maxKeys   = 1_000
)

// anyJSON are the keys of what the API takes as any JSON: it may be as deep and as wide
// as the bytes and the values of the file allow.
var anyJSON = []string{"repo", "resources"}

// checkSize refuses a document that takes long or much memory to check: its root is
// nil then.
func (doc *Document) checkSize() {
	root, values := doc.Root, 0
	doc.Root = nil
	if deep := nodes.TooDeep(root, anyJSON, maxDepth, &values); deep != nil {
		doc.wrong(deep, nil, fmt.Sprintf("is inside more than %d lists and mappings: a scenario needs about 10 levels", maxDepth))
	} else if wide := nodes.TooWide(root, anyJSON, maxKeys); wide != nil {
		doc.wrong(wide, nil, fmt.Sprintf("the mapping has %d keys, and at most %d are read", len(wide.Content)/2, maxKeys))
	} else if values > maxValues {
		doc.Whole("the file has %d keys and values, and at most %d are read: let generate make what is many", values, maxValues)
	} else {
		doc.Root = root
	}
}
