package pairs

import (
	"encoding/hex"
	"path"
	"strings"
)

// SameID reports whether two ids are the same; texts that are no ids are if they are equal.
func SameID(a, b string) bool { return a == b || FoldID(a) == FoldID(b) }

// Fold returns the text of a property as it is compared: directories that are written in
// several ways are the same, and so are ids.
func Fold(property, text string) string {
	if Means(Folder, property) {
		return path.Join("/", text)
	}
	return FoldID(text)
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
