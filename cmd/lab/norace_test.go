//go:build !race

package main

const raceEnabled = false

var buildFlags []string
