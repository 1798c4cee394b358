package document

import (
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// The documentation of a client says which scopes grant an action:
//
//	client.device.get(params)
//	...
//	action. The token must include at least one of the following scopes:
//	all.Application, all.Application.read, device.*, or device.get.
var (
	documented = regexp.MustCompile(`client\.(\w+)\.(\w+)\(params`)
	granting   = regexp.MustCompile(`(?s)one of the following scopes:\s+(.+?)\.\n`)
	between    = regexp.MustCompile(`,\s+(or\s+)?|\s+or\s+`)
)

// readDocs adds to each action the groups of scopes that grant it.
func (f *folder) readDocs() {
	for i := range f.r.tree.Resources {
		resource := &f.r.tree.Resources[i]
		file := filepath.Join(docsFolder, resource.Name+".md")
		if strings.ContainsAny(resource.Name, `/\`) || !f.has(file) {
			continue
		}
		for section := range strings.SplitSeq(string(f.read(file)), "\n## ") {
			call, scopes := documented.FindStringSubmatch(section), granting.FindStringSubmatch(section)
			if call == nil || scopes == nil {
				continue
			}
			place := slices.IndexFunc(resource.Actions, func(a Action) bool { return a.Name == call[2] })
			if call[1] == resource.Name && place >= 0 {
				action := &resource.Actions[place]
				action.Groups = groupsIn(scopes[1], slices.Concat(resource.Auth, action.Auth))
			}
		}
	}
}

// groupsIn returns the groups in a list of scopes: those that are not the action's
// own.
func groupsIn(list string, own []string) []string {
	var groups []string
	for _, scope := range between.Split(list, -1) {
		if !slices.Contains(own, scope) {
			groups = append(groups, scope)
		}
	}
	return groups
}
