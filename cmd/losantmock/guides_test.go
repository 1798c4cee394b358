package main

import (
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// document is a Markdown file of the repository.
type document struct {
	path string // from the top of the repository
	text []byte
	root ast.Node
}

// documents returns all Markdown files, but for those of testdata.
func documents(t *testing.T) []document {
	t.Helper()
	markdown := goldmark.New(goldmark.WithExtensions(extension.GFM), goldmark.WithParserOptions(parser.WithAutoHeadingID()))
	top := os.DirFS("../..")
	var found []document
	err := fs.WalkDir(top, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && (entry.Name() == "testdata" || entry.Name() == ".git"):
			return fs.SkipDir
		case path.Ext(name) != ".md":
			return nil
		}
		source, err := fs.ReadFile(top, name)
		found = append(found, document{name, source, markdown.Parser().Parse(text.NewReader(source))})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// guides returns the documents that show how to use the program: the README of
// each folder.
func guides(t *testing.T) []document {
	t.Helper()
	var found []document
	for _, d := range documents(t) {
		if path.Base(d.path) == "README.md" {
			found = append(found, d)
		}
	}
	return found
}

// all returns the nodes of a document that are of a type.
func all[N ast.Node](d document) []N {
	var found []N
	_ = ast.Walk(d.root, func(node ast.Node, entering bool) (ast.WalkStatus, error) {
		if n, ok := node.(N); ok && entering {
			found = append(found, n)
		}
		return ast.WalkContinue, nil
	})
	return found
}

// blocks returns the fenced blocks of a document in a language.
func (d document) blocks(language string) []string {
	var found []string
	for _, fenced := range all[*ast.FencedCodeBlock](d) {
		if string(fenced.Language(d.text)) == language {
			found = append(found, string(fenced.Lines().Value(d.text)))
		}
	}
	return found
}

// readme returns the README of the repository.
func readme(t *testing.T) document {
	t.Helper()
	found := guides(t)
	return found[slices.IndexFunc(found, func(d document) bool { return d.path == "README.md" })]
}

// shown returns the only block of the README in a language that begins with a text: a
// file that readers copy.
func shown(t *testing.T, language, beginning string) string {
	t.Helper()
	found := slices.DeleteFunc(readme(t).blocks(language), func(block string) bool { return !strings.HasPrefix(block, beginning) })
	if len(found) != 1 {
		t.Fatalf("README.md has %d blocks of %s that begin with %q, want 1", len(found), language, beginning)
	}
	return found[0]
}

// commandShown returns the command of the README that begins with a text.
func commandShown(t *testing.T, beginning string) string {
	t.Helper()
	for _, block := range readme(t).blocks("sh") {
		for line := range strings.Lines(block) {
			if strings.HasPrefix(line, beginning) {
				return strings.TrimSpace(line)
			}
		}
	}
	t.Fatalf("README.md has no command %s", beginning)
	return ""
}
