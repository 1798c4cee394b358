//go:build race

package mockserver

const RaceEnabled = true
