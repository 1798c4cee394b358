package world

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/losantmock/losantmock/contract/nearest"
	"github.com/losantmock/losantmock/scenarios"
)

// library knows scenarios by their names: the built-in ones, and those that the server
// was started with, as they were read last. It opens no files.
type library struct {
	loaded atomic.Pointer[[]scenarios.Source]
}

// NamedScenario returns the scenario that is merged of those with the names. A name is
// that of a built-in scenario, or of a file or folder that the server was started
// with: as it was given, or for a file its base name without the extension.
func (all *Worlds) NamedScenario(names ...string) (*scenarios.Scenario, error) {
	var sources []scenarios.Source
	for _, name := range names {
		found, err := all.library.find(name)
		if err != nil {
			return nil, err
		}
		sources = append(sources, found...)
	}
	return all.Settings.Limits.Merge(sources...)
}

// find returns the sources that a name means.
func (l *library) find(name string) ([]scenarios.Source, error) {
	loaded := *l.loaded.Load()
	where := func(matches func(scenarios.Source) bool) []scenarios.Source {
		return slices.DeleteFunc(slices.Clone(loaded), func(s scenarios.Source) bool { return !matches(s) })
	}
	if given := where(func(s scenarios.Source) bool { return filepath.Clean(s.Name) == filepath.Clean(name) }); len(given) > 0 {
		return given[:1], nil
	}
	if text, err := scenarios.BuiltIn(name); err == nil {
		return []scenarios.Source{{Name: name, Text: text}}, nil
	}
	if inFolder := where(func(s scenarios.Source) bool { return filepath.Dir(s.Name) == filepath.Clean(name) }); len(inFolder) > 0 {
		return inFolder, nil
	}
	called := where(func(s scenarios.Source) bool { return stem(s.Name) == name })
	switch len(called) {
	case 0:
		return nil, unknownScenario(name, loaded)
	case 1:
		return called, nil
	default:
		return nil, fmt.Errorf("%q is the name of %s and of %s: name one with its path", name, called[0].Name, called[1].Name)
	}
}

// unknownScenario returns the error of a name that is not known.
func unknownScenario(name string, loaded []scenarios.Source) error {
	known := scenarios.BuiltIns()
	times := map[string]int{}
	for _, s := range loaded {
		times[stem(s.Name)]++
	}
	for _, s := range loaded {
		if times[stem(s.Name)] > 1 {
			known = append(known, s.Name) // which its stem does not name
		} else {
			known = append(known, stem(s.Name))
		}
	}
	slices.Sort(known)
	known = slices.Compact(known)
	return fmt.Errorf("there is no scenario %q%s; there are %s: other files are named at the start, with --scenario",
		name, nearest.DidYouMean(name, known), strings.Join(known, ", "))
}

// stem returns the base name of a file without its extension.
func stem(name string) string {
	return strings.TrimSuffix(filepath.Base(name), filepath.Ext(name))
}
