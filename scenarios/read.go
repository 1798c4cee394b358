package scenarios

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Source is the text of a scenario, and the name that problems have for it.
type Source struct {
	Name string
	Text []byte
	Err  error // why the text can't be read; nil if it was

	builtIn bool // and so held against the schema by a test
}

// Read reads the sources of a scenario, of which [Limits.Merge] makes a world and
// reports those that can't be read.
//
// A name without path or ending is a built-in scenario; anything else is a file or
// a folder. Of a folder, the files whose names end in .yaml, .yml or .json are
// read, in the order of the bytes of their names; it is an error if one of them is a pipe
// or a device. Hidden files and the folders in it are not read.
func Read(names ...string) []Source {
	var sources []Source
	for _, name := range names {
		files, err := filesOf(name)
		if err != nil {
			sources = append(sources, Source{Name: name, Err: err})
		}
		for _, file := range files {
			text, err := []byte(nil), errSpecial
			if file == name || !isSpecial(file) {
				text, err = open(file)
			}
			sources = append(sources, Source{Name: file, Text: text, Err: err, builtIn: isBuiltIn(file)})
		}
	}
	return sources
}

// filesOf returns the files of a folder, or else the name itself.
func filesOf(name string) ([]string, error) {
	if isBuiltIn(name) || !isFolder(name) {
		return []string{name}, nil
	}
	entries, err := os.ReadDir(name) // in the order of their names
	var files []string
	for _, entry := range entries {
		isFile := !entry.IsDir() && !strings.HasPrefix(entry.Name(), ".")
		if isFile && slices.Contains([]string{".yaml", ".yml", ".json"}, filepath.Ext(entry.Name())) {
			files = append(files, filepath.Join(name, entry.Name()))
		}
	}
	if err == nil && len(files) == 0 {
		err = errors.New("the folder has no scenario: put a file into it whose name ends in .yaml, .yml or .json")
	}
	return files, reasonOf(err)
}

// errSpecial is the error of a pipe or a device in a folder, which may have no end. One
// that is named itself is read.
var errSpecial = errors.New("is not a regular file")

// isSpecial reports whether a name is that of a pipe or a device.
func isSpecial(name string) bool {
	info, err := os.Stat(name)
	return err == nil && !info.IsDir() && !info.Mode().IsRegular()
}

func isFolder(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.IsDir()
}

// open returns the text of a built-in scenario or of a file.
func open(name string) ([]byte, error) {
	if filepath.Ext(name) == "" && filepath.Base(name) == name {
		return BuiltIn(name)
	}
	file, err := os.Open(name)
	if err != nil {
		return nil, reasonOf(err)
	}
	defer file.Close()
	// One byte more than is allowed is enough to see that it is too large.
	text, err := io.ReadAll(io.LimitReader(file, MaxFileSize+1))
	return text, reasonOf(err)
}

// reasonOf leaves out the operation and the path, which the problem has.
func reasonOf(err error) error {
	var inPath *os.PathError
	if errors.As(err, &inPath) {
		return inPath.Err
	}
	return err
}
