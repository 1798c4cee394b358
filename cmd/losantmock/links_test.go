package main

import (
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/yuin/goldmark/ast"
)

// inHTML finds the links of elements such as <img>, which Markdown leaves as they are.
var inHTML = regexp.MustCompile(`(?:src|srcset|href)="([^"]*)"`)

// links returns where the links and images of a document lead.
func (d document) links() []string {
	var found []string
	for _, link := range all[*ast.Link](d) {
		found = append(found, string(link.Destination))
	}
	for _, image := range all[*ast.Image](d) {
		found = append(found, string(image.Destination))
	}
	for _, match := range inHTML.FindAllSubmatch(d.text, -1) {
		found = append(found, string(match[1]))
	}
	return found
}

// anchors returns the names by which links lead to the headings of a document.
func (d document) anchors() map[string]bool {
	found := map[string]bool{}
	for _, heading := range all[*ast.Heading](d) {
		if id, ok := heading.AttributeString("id"); ok {
			found[string(id.([]byte))] = true
		}
	}
	return found
}

// Every link of a Markdown file to a file, a folder or a heading of the repository leads
// there.
func TestLinksOfTheDocumentsLeadSomewhere(t *testing.T) {
	t.Parallel()
	anchors := map[string]map[string]bool{}
	for _, d := range documents(t) {
		anchors[d.path] = d.anchors()
	}
	checked := 0
	for _, d := range documents(t) {
		for _, link := range d.links() {
			if strings.Contains(link, "://") {
				continue // to another site
			}
			checked++
			file, anchor, _ := strings.Cut(link, "#")
			target := d.path
			if file != "" {
				target = path.Join(path.Dir(d.path), file)
			}
			if _, err := os.Stat(filepath.Join("../..", target)); err != nil {
				t.Errorf("%s links to %s, which is not there", d.path, link)
			} else if anchor != "" && !anchors[target][anchor] {
				t.Errorf("%s links to %s: %s has no such heading", d.path, link, target)
			}
		}
	}
	if checked < 20 {
		t.Errorf("only %d links were found", checked)
	}
}
