//go:build race

package size

// UnderRace says whether the race detector is on.
const UnderRace = true
