package wire

import (
	"regexp"
	"strconv"
	"strings"
)

// AcceptsGzip reports whether a header Accept-Encoding accepts gzip, as the package
// negotiator of the API's framework reads it. Where several entries name gzip, the one
// of the best quality counts, and an asterisk counts where none does.
func AcceptsGzip(accept string) bool {
	const missing = -1.0
	gzip, asterisk := missing, missing
	for entry := range strings.SplitSeq(accept, ",") {
		name, parameters, _ := strings.Cut(entry, ";")
		switch strings.ToLower(strings.TrimSpace(name)) {
		case "gzip":
			gzip = max(gzip, quality(parameters))
		case "*":
			asterisk = max(asterisk, quality(parameters))
		}
	}
	if gzip != missing {
		return gzip > 0
	}
	return asterisk > 0
}

// leadingNumber matches what JavaScript's parseFloat reads.
var leadingNumber = regexp.MustCompile(`^[+-]?(Infinity|(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?)`)

// quality returns the parameter q; 1 where there is none, and 0 for one that is less or
// begins with no number.
func quality(parameters string) float64 {
	for parameter := range strings.SplitSeq(parameters, ";") {
		name, value, _ := strings.Cut(strings.TrimSpace(parameter), "=")
		if name == "q" {
			number, _ := strconv.ParseFloat(leadingNumber.FindString(strings.TrimSpace(value)), 64)
			return max(number, 0)
		}
	}
	return 1
}
