// Package page holds the page of the admin API, plain HTML, CSS and JavaScript modules,
// and writes it into one file with the requests that it shows.
package page

import (
	"embed"
	"html"
	"path"
	"strings"
)

//go:embed *.html *.css *.js
var parts embed.FS

// Part returns a file of the page, and whether it has one of this name.
func Part(name string) ([]byte, bool) {
	text, err := parts.ReadFile(path.Base(name))
	return text, err == nil && path.Base(name) == name
}

// Index returns the page itself. With the name of a journal file it shows its requests,
// and nothing of a world.
func Index(file string) []byte {
	text, _ := Part("index.html")
	if file == "" {
		return text
	}
	return []byte(ofFile(string(text), file))
}

// ofFile returns the page's HTML for a file.
func ofFile(index, file string) string {
	return strings.Replace(index, "<html ", `<html data-file="`+html.EscapeString(strings.ToValidUTF8(file, "\ufffd"))+`" `, 1)
}
