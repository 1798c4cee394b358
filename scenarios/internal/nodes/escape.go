package nodes

import (
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// escape stands before a key that would be read as one of the format's own.
const escape = "$"

// Escaped returns a key of a user as a file has it, beside keys of the format's own:
// $generate for generate, $$generate for $generate.
func Escaped(key string, own []string) string {
	if slices.Contains(own, strings.TrimLeft(key, escape)) {
		return escape + key
	}
	return key
}

// Unescaped returns the key that is [Escaped].
func Unescaped(key string, own []string) string {
	if slices.Contains(own, strings.TrimLeft(key, escape)) {
		return strings.TrimPrefix(key, escape)
	}
	return key
}

// Members returns a copy of a mapping without the keys of the format's own, and with the
// others unescaped.
func Members(mapping *yaml.Node, own []string) *yaml.Node {
	members := *mapping
	members.Content = nil
	for key, value := range Pairs(mapping) {
		if slices.Contains(own, key.Value) {
			continue
		}
		name := *key
		name.Value = Unescaped(key.Value, own)
		members.Content = append(members.Content, &name, value)
	}
	return &members
}
