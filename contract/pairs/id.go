package pairs

import (
	"encoding/hex"
	"path"
	"strings"
)

// SameID reports whether two ids are the same; texts that are no ids are if they are equal.
func SameID(a, b string) bool { return a == b || FoldID(a) == FoldID(b) }

// Same reports whether a property has a value that is asked for: the same id, the same
// directory, or the same text.
func Same(property, has, wanted string) bool {
	if Means(Folder, property) {
		return path.Join("/", has) == path.Join("/", wanted)
	}
	return SameID(has, wanted)
}

// FoldID returns a text as ids are compared: two that differ in the case of their
// letters are equal. Names, such as that of a version, are not.
func FoldID(text string) string {
	var id [12]byte
	if len(text) != 2*len(id) {
		return text
	}
	if _, err := hex.Decode(id[:], []byte(text)); err != nil {
		return text
	}
	return strings.ToLower(text)
}
