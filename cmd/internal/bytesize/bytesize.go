// Package bytesize has a flag for sizes in bytes.
package bytesize

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Size is a flag whose value is a size in bytes, such as 100MB or 64MiB.
type Size int64

// byteUnits are the units of a size; the last one is that of a plain number.
var byteUnits = []struct {
	name  string
	bytes int64
}{{"KB", 1e3}, {"MB", 1e6}, {"GB", 1e9}, {"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30}, {"B", 1}, {"", 1}}

// Set implements pflag.Value.
func (b *Size) Set(text string) error {
	for _, unit := range byteUnits {
		digits, ok := strings.CutSuffix(text, unit.name)
		if !ok {
			continue
		}
		n, err := strconv.ParseInt(digits, 10, 64)
		if err == nil && n > 0 && n <= math.MaxInt64/unit.bytes {
			*b = Size(n * unit.bytes)
			return nil
		}
	}
	return fmt.Errorf("%q is no size: want a number of bytes, or one such as 100MB or 64MiB", text)
}

// String implements pflag.Value. No size is blank.
func (b *Size) String() string {
	if *b == 0 {
		return ""
	}
	return strconv.FormatInt(int64(*b), 10)
}

// Type implements pflag.Value.
func (b *Size) Type() string { return "size" }
