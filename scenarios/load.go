package scenarios

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// Load reads scenarios and merges them into one world, in the order given.
// A name without path or ending is a built-in one; anything else is a file.
//
// Applications, users and tokens of all files come together; of single
// settings the last file that has one counts. The error is of type [Problems],
// and has what is wrong in any of the files.
func Load(sources ...string) (*Scenario, error) { return Limits{}.Load(sources...) }

// Load is [Load] with limits.
func (l Limits) Load(sources ...string) (*Scenario, error) {
	var files []source
	var problems Problems
	for _, name := range sources {
		data, err := open(name)
		if err != nil {
			problems = append(problems, Problem{File: name, Reason: err.Error()})
			continue
		}
		files = append(files, source{name, data})
	}
	return l.merge(files, problems, nil)
}

// Parse reads a scenario from text. The name is what errors call it. The error
// is of type [Problems].
func Parse(name string, text []byte) (*Scenario, error) { return Limits{}.Parse(name, text) }

// Parse is [Parse] with limits.
func (l Limits) Parse(name string, text []byte) (*Scenario, error) {
	return l.merge([]source{{name, text}}, nil, nil)
}

// Check checks a scenario that was made in Go by the same rules as a file. The
// error is of type [Problems], which have paths and no lines.
func (s *Scenario) Check() error { return Limits{}.Check(s) }

// Check is [Scenario.Check] with limits.
func (l Limits) Check(s *Scenario) error { return l.check(s, nil) }

func (l Limits) check(s *Scenario, within []Application) error {
	text, err := yaml.Marshal(s)
	if err != nil {
		return fmt.Errorf("scenario %q: %w", s.Name, err)
	}
	_, err = l.merge([]source{{"scenario", text}}, nil, within)
	var problems Problems
	if !errors.As(err, &problems) {
		return err
	}
	for i := range problems {
		problems[i].Line, problems[i].Column = 0, 0
	}
	return problems
}

type source struct {
	name string
	text []byte
}

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

// merge merges files into one world. Its faults may also name the applications of
// a world that it stands within.
func (l Limits) merge(files []source, problems Problems, within []Application) (*Scenario, error) {
	world := new(Scenario)
	taken, made := newNames(), &generated{limits: l}
	docs := make([]*document, len(files))
	for i, file := range files {
		s, doc := parse(file.name, file.text)
		if docs[i] = doc; s == nil {
			continue
		}
		if doc.checkGenerated(made) {
			doc.checkUnique(taken)
		}
		world.add(s)
	}
	for _, doc := range docs {
		doc.checkApplications(slices.Concat(world.Applications, within))
		problems = append(problems, doc.sorted()...)
	}
	if len(problems) > 0 {
		return nil, problems
	}
	return world, nil
}

// sorted returns the problems of a file in the order of its lines.
func (doc *document) sorted() Problems {
	slices.SortStableFunc(doc.problems, func(a, b Problem) int {
		return slices.Compare([]int{a.Line, a.Column}, []int{b.Line, b.Column})
	})
	if doc.more > 0 {
		doc.whole("and %d more problems", doc.more)
	}
	return doc.problems
}

func (s *Scenario) add(t *Scenario) {
	s.Name = strings.TrimPrefix(s.Name+"+"+t.Name, "+")
	s.Name = strings.TrimSuffix(s.Name, "+")
	if t.API != (API{}) {
		s.API = t.API
	}
	if t.Clock != (Clock{}) {
		s.Clock = t.Clock
	}
	if t.IDs.Seed != nil {
		s.IDs = t.IDs
	}
	if t.Auth.Mode != "" {
		s.Auth.Mode = t.Auth.Mode
	}
	if t.Auth.JWTSecret != "" {
		s.Auth.JWTSecret = t.Auth.JWTSecret
	}
	if t.Pedantic != nil {
		s.Pedantic = t.Pedantic
	}
	s.Faults = append(s.Faults, t.Faults...)
	if t.Triggers != (Triggers{}) {
		s.Triggers = t.Triggers
	}
	s.Auth.Users = append(s.Auth.Users, t.Auth.Users...)
	s.Auth.Tokens = append(s.Auth.Tokens, t.Auth.Tokens...)
	s.Applications = append(s.Applications, t.Applications...)
}
