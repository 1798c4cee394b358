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
// and nothing of a world. The sandbox is that of the host that the page is on; blank for
// none.
func Index(file, sandbox string) []byte {
	text, _ := Part("index.html")
	return []byte(about(string(text), map[string]string{"file": file, "sandbox": sandbox}))
}

// about returns the page's HTML with what it is about, without what is blank.
func about(index string, data map[string]string) string {
	for name, value := range data {
		if value != "" {
			index = strings.Replace(index, "<html ", `<html data-`+name+`="`+html.EscapeString(strings.ToValidUTF8(value, "\ufffd"))+`" `, 1)
		}
	}
	return index
}
