package contract

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
)

// Version is a version of Losant's API, as its clients name it in the header
// Accept-Version. Properties and scopes carry the version that brought them,
// so that [At] can show the API as it was.
type Version struct{ Major, Minor, Patch int }

// Oldest and Newest are the first and the last version that this package knows.
var (
	Oldest = Version{0, 1, 0}
	Newest = Version{1, 30, 0}
)

// ParseVersion reads a version such as "1.28.3". It fails where the text is not
// three whole numbers, and for a version outside [Oldest] to [Newest].
func ParseVersion(text string) (Version, error) {
	v, err := readVersion(text)
	if err == nil && (v.Compare(Oldest) < 0 || v.Compare(Newest) > 0) {
		return Version{}, fmt.Errorf("API version %s is not known, use one from %s to %s", v, Oldest, Newest)
	}
	return v, err
}

func readVersion(text string) (Version, error) {
	parts := strings.Split(text, ".")
	var numbers [3]int
	for i := range parts {
		n, err := strconv.ParseUint(parts[i], 10, 16)
		if err != nil || len(parts) != len(numbers) {
			return Version{}, fmt.Errorf("API version %.40q is not three numbers such as %s", text, Newest)
		}
		numbers[i] = int(n)
	}
	return Version{numbers[0], numbers[1], numbers[2]}, nil
}

// Compare orders versions: it returns a negative number when v came before w, 0
// when they are the same, a positive number when v came after.
func (v Version) Compare(w Version) int {
	return cmp.Or(cmp.Compare(v.Major, w.Major), cmp.Compare(v.Minor, w.Minor), cmp.Compare(v.Patch, w.Patch))
}

// String returns the version as [ParseVersion] reads it.
func (v Version) String() string { return fmt.Sprintf("%d.%d.%d", v.Major, v.Minor, v.Patch) }

// has reports whether a thing that came with the given version is there in v.
// The texts are this package's own table, so a malformed one is a bug that
// the first compilation of the table shows.
func (v Version) has(since string) bool {
	if since == "" {
		return true
	}
	came, err := ParseVersion(since)
	if err != nil {
		panic("contract: " + err.Error())
	}
	return v.Compare(came) >= 0
}
