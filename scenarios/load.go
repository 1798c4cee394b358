package scenarios

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// Load reads scenarios and merges them into one world, in the order given, as
// [Read] and [Limits.Merge] do.
//
// Applications, users and tokens of all files come together; of single
// settings the last file that has one counts. The error is of type [Problems],
// and has what is wrong in any of the files.
func Load(names ...string) (*Scenario, error) { return Limits{}.Load(names...) }

// Load is [Load] with limits.
// Load is [Load] with limits.
func (l Limits) Load(names ...string) (*Scenario, error) { return l.Merge(Read(names...)...) }

// Merge merges sources that were read into one world, in the order given. In their
// texts, ${NAME} stands for the environment variable NAME, and ${NAME:-default} for
// its value or, if it is unset or blank, for the default; $${ is the text ${. The
// error is of type [Problems].
func (l Limits) Merge(sources ...Source) (*Scenario, error) {
	return l.merge(sources, environment, nil)
}

// Parse reads a scenario from text. The name is what errors call it. Variables are
// not replaced: text from elsewhere must not read the environment, so ${NAME} in it
// is a problem. The error is of type [Problems].
func Parse(name string, text []byte) (*Scenario, error) { return Limits{}.Parse(name, text) }

// Parse is [Parse] with limits.
func (l Limits) Parse(name string, text []byte) (*Scenario, error) {
	return l.merge([]Source{{Name: name, Text: text}}, noVariables, nil)
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
	_, err = l.merge([]Source{{Name: "scenario", Text: escaped(text)}}, noVariables, within)
	var problems Problems
	if !errors.As(err, &problems) {
		return err
	}
	for i := range problems {
		problems[i].Line, problems[i].Column = 0, 0
	}
	return problems
}

// merge merges sources into one world. Its faults may also name the applications of
// a world that it stands within.
func (l Limits) merge(sources []Source, values variables, within []Application) (*Scenario, error) {
	world := new(Scenario)
	var problems Problems
	taken, made := newNames(), &generated{limits: l}
	var docs []*document
	for _, source := range sources {
		if source.Err != nil {
			doc := &document{file: source.Name}
			doc.whole("%s", source.Err)
			docs = append(docs, doc)
			continue
		}
		s, doc := parse(source, values)
		docs = append(docs, doc)
		if doc.root != nil && doc.checkGenerated(made) {
			doc.checkUnique(taken)
		}
		if s != nil {
			world.add(s)
		}
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
