//go:build !promises

package main

const measuring = false
