//go:build race

package main

const raceEnabled = true

// buildFlags let the program under load be one that looks for races.
var buildFlags = []string{"-race"}
