package generic

import (
	"math"
	"path"
	"strings"

	"github.com/losantmock/losantmock/contract/pairs"
	"github.com/losantmock/losantmock/mockserver/internal/resources"
	"github.com/losantmock/losantmock/mockserver/internal/wire"
)

// folder is the property with the path of the directory that an item is in.
var folder = pairs.Named(pairs.Folder)[0]

// folderOf returns the path of a directory with a slash at its end; blank for any other item.
func folderOf(item object) string {
	name := item.text(pairs.Is(pairs.Folder, folder))
	if item.get(folder) == nil || !isFileless(item) || path.Join("/", name) != "/"+name || name == "" {
		return "" // a name such as .. leads to another directory
	}
	return path.Join("/", item.text(folder), name) + "/"
}

// inFolder returns the items that are in a directory, or in one that is in it.
func (s *Server) inFolder(in resources.Place, directory string) []*resources.Item {
	found, _ := s.items.List(in, resources.Listing{Limit: math.MaxInt32, Matches: func(item *resources.Item) bool {
		return strings.HasPrefix(path.Join("/", item.Text(folder))+"/", directory)
	}})
	return found
}

// emptyFolder deletes what is in a directory that was deleted.
func (s *Server) emptyFolder(in resources.Place, directory string) {
	if directory == "" {
		return
	}
	for _, item := range s.inFolder(in, directory) {
		s.items.Delete(in, item.ID)
	}
}

// moveFolder moves what is in a directory whose path has changed.
func (s *Server) moveFolder(in resources.Place, from string, directory *resources.Item) {
	if from == "" { // it was none
		return
	}
	to := folderOf(parse(directory.JSON))
	if to == "" || to == from {
		return
	}
	for _, item := range s.inFolder(in, from) {
		_, _ = s.items.Change(in, item.ID, func(was *resources.Item) *resources.Item {
			inside := strings.TrimPrefix(path.Join("/", was.Text(folder))+"/", from)
			return was.Changed(was.Alias, parse(was.JSON).with(folder, wire.AppendText(nil, path.Join(to, inside))).JSON())
		})
	}
}
