//go:build promises

package main

import (
	"os/exec"
	"strings"
	"testing"
)

// The page shows a journal of 100,000 requests soon, and filters it.
func TestThePageIsQuick(t *testing.T) {
	_, err := exec.LookPath("chromium")
	need(t, "Chromium", err != nil)
	out := runNodeAt(t, serveProgram(t, "--journal-bytes", "1073741824"), "pagespeed.mjs", 1)
	t.Attr("P1", strings.TrimSpace(strings.TrimPrefix(out, "ok ")))
}
