package scenarios

import (
	"embed"
	"fmt"
	"io/fs"
	"strings"
)

//go:embed *.yaml
var builtIns embed.FS

// BuiltIns returns the names of the scenarios that come with the package,
// sorted.
func BuiltIns() []string {
	files, _ := fs.Glob(builtIns, "*.yaml") // the pattern is well-formed
	names := make([]string, len(files))
	for i, file := range files {
		names[i] = strings.TrimSuffix(file, ".yaml")
	}
	return names
}

// isBuiltIn reports whether there is a built-in scenario of a name.
func isBuiltIn(name string) bool {
	_, err := fs.Stat(builtIns, name+".yaml")
	return err == nil
}

// BuiltIn returns the text of a built-in scenario. It fails where there is none
// of that name.
func BuiltIn(name string) ([]byte, error) {
	text, err := builtIns.ReadFile(name + ".yaml")
	if err != nil {
		return nil, fmt.Errorf("no built-in scenario has this name, they are %s; a file needs its path or ending, such as ./%s or %s.yaml",
			strings.Join(BuiltIns(), ", "), name, name)
	}
	return text, nil
}
