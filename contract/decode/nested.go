package decode

import (
	"strconv"
	"strings"
)

// The query parser of the framework makes lists and objects of names with brackets:
// tag[]=x and tag[0]=x are lists, and tag[0][key]=x is a list with an object.
//
// Source: package qs of npm, which the framework's server is built on.
const (
	maxBrackets  = 5  // what is deeper stays text
	maxListItems = 20 // an index beyond it makes an object
)

// nest returns the list or the object that some values of one parameter make.
func nest(given []Pair) any {
	var root any
	var names []string
	values := map[string][]any{}
	for _, pair := range given {
		if values[pair.Name] == nil {
			names = append(names, pair.Name)
		}
		values[pair.Name] = append(values[pair.Name], pair.Text)
	}
	for _, name := range names {
		root = merge(root, wrap(brackets(name), leafOf(values[name])))
	}
	return compact(root)
}

// leafOf returns a text that was given once, or the list of those that were given.
func leafOf(texts []any) any {
	if len(texts) == 1 {
		return texts[0]
	}
	return listOf(texts)
}

// sparse is a list with the places that are taken.
type sparse map[int]any

func listOf(items []any) any {
	list := sparse{}
	for i, item := range items {
		list[i] = item
	}
	return list.limited()
}

// limited returns an object in place of a list that is too long.
func (s sparse) limited() any {
	if len(s) <= maxListItems {
		return s
	}
	return s.object()
}

func (s sparse) object() map[string]any {
	fields := map[string]any{}
	for i, item := range s {
		fields[strconv.Itoa(i)] = item
	}
	return fields
}

// end returns the place behind the last one.
func (s sparse) end() int {
	end := 0
	for i := range s {
		end = max(end, i+1)
	}
	return end
}

// brackets returns what stands in the brackets of a name.
func brackets(name string) []string {
	_, rest, _ := strings.Cut(name, "[")
	var keys []string
	for rest != "" {
		if len(keys) == maxBrackets {
			return append(keys, "["+rest)
		}
		key, more, _ := strings.Cut(rest, "]")
		keys = append(keys, key)
		_, rest, _ = strings.Cut(more, "[")
	}
	return keys
}

// wrap puts a value into the lists and objects that lead to it.
func wrap(keys []string, value any) any {
	for i := len(keys) - 1; i >= 0; i-- {
		index, err := strconv.Atoi(keys[i])
		_, isText := value.(string)
		switch {
		case keys[i] == "" && i == len(keys)-1 && !isText:
			// the values make a list already
		case keys[i] == "":
			if _, isList := value.(sparse); !isList {
				value = sparse{0: value}
			}
		case err == nil && index >= 0 && index < maxListItems && strconv.Itoa(index) == keys[i]:
			value = sparse{index: value}
		default:
			value = map[string]any{keys[i]: value}
		}
	}
	return value
}

// merge adds a value to what there is.
func merge(known, more any) any {
	if known == nil {
		return more
	}
	if more == "" {
		return known // as JavaScript has it, a blank text is nothing
	}
	list, isList := known.(sparse)
	fields, isObject := known.(map[string]any)
	added, addsList := more.(sparse)
	switch {
	case isList && addsList:
		for i := range added.end() {
			list.merge(i, added)
		}
		return list.limited()
	case isList:
		if object, ok := more.(map[string]any); ok {
			return merge(list.object(), object)
		}
		list[list.end()] = more
		return list.limited()
	case isObject && addsList:
		return merge(fields, added.object())
	case isObject:
		object, ok := more.(map[string]any)
		if !ok {
			return sparse{0: known, 1: more}
		}
		for key, value := range object {
			fields[key] = merge(fields[key], value)
		}
		return fields
	case addsList:
		all := sparse{0: known}
		for i, item := range added {
			all[i+1] = item
		}
		return all.limited()
	default:
		return sparse{0: known, 1: more}
	}
}

// merge adds the item of another list at a place.
func (s sparse) merge(i int, added sparse) {
	item, given := added[i]
	if !given {
		return
	}
	known, taken := s[i]
	_, isText := known.(string)
	_, addsText := item.(string)
	switch {
	case !taken:
		s[i] = item
	case isText || addsText:
		s[s.end()] = item
	default:
		s[i] = merge(known, item)
	}
}

// compact returns lists without the places that are free.
func compact(value any) any {
	switch value := value.(type) {
	case sparse:
		list := []any{}
		for i := range value.end() {
			if item, taken := value[i]; taken {
				list = append(list, compact(item))
			}
		}
		return list
	case map[string]any:
		for key, inner := range value {
			value[key] = compact(inner)
		}
	}
	return value
}
