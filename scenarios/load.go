package scenarios

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/losantmock/losantmock/scenarios/internal/document"
	"github.com/losantmock/losantmock/scenarios/internal/nodes"
)

// Load reads scenarios and merges them into one world, in the order given, as
// [Read] and [Limits.Merge] do.
//
// Applications, users and tokens of all files come together; of single
// settings the last file that has one counts. The error is of type [Problems],
// and has what is wrong in any of the files.
func Load(names ...string) (*Scenario, error) { return Limits{}.Load(names...) }

// Load is [Load] with limits.
func (l Limits) Load(names ...string) (*Scenario, error) { return l.Merge(Read(names...)...) }

// Merge merges sources that were read into one world, in the order given. In their
// texts, ${NAME} stands for the environment variable NAME, and ${NAME:-default} for
// its value or, if it is unset or empty, for the default; $${ is the text ${. The
// error is of type [Problems].
func (l Limits) Merge(sources ...Source) (*Scenario, error) {
	return l.merge(sources, os.LookupEnv, surroundings{})
}

// Parse reads a scenario from text. The name is what errors call it. Variables are
// not replaced: text from elsewhere must not read the environment, so ${NAME} in it
// is a problem. The error is of type [Problems].
func Parse(name string, text []byte) (*Scenario, error) { return Limits{}.Parse(name, text) }

// Parse is [Parse] with limits.
func (l Limits) Parse(name string, text []byte) (*Scenario, error) {
	return l.merge([]Source{{Name: name, Text: text}}, nil, surroundings{})
}

// Check checks a scenario that was made in Go by the same rules as a file. The
// error is of type [Problems], which have paths and no lines.
func (s *Scenario) Check() error { return Limits{}.Check(s) }

// Check is [Scenario.Check] with limits.
func (l Limits) Check(s *Scenario) error { return l.check(s, surroundings{}) }

func (l Limits) check(s *Scenario, within surroundings) error {
	text, err := nodes.Encode(s, math.MaxInt)
	if err != nil {
		return fmt.Errorf("scenario: %w", err)
	}
	_, err = l.merge([]Source{{Name: "scenario", Text: escaped(text)}}, nil, within)
	var problems Problems
	if !errors.As(err, &problems) {
		return err
	}
	for i := range problems {
		problems[i].Line, problems[i].Column = 0, 0
	}
	return problems
}

// merge merges sources into one world. In text from elsewhere, which must not read the
// environment, there are no variables: values is nil then.
func (l Limits) merge(sources []Source, values document.Variables, within surroundings) (*Scenario, error) {
	world := new(Scenario)
	var problems Problems
	taken, made := newNames(), &generated{limits: l}
	var docs []*document.Document
	for _, source := range sources {
		s, doc := l.parse(source, values, taken, within.anywhere)
		docs = append(docs, doc)
		if doc.Root != nil && top(doc).checkGenerated(made) {
			top(doc).checkUnique(taken)
		}
		if s != nil {
			world.add(s)
		}
	}
	for _, doc := range docs {
		if doc.Root != nil {
			top(doc).checkApplications(slices.Concat(world.Applications, within.applications))
		}
		for _, problem := range doc.Problems() {
			problems = append(problems, Problem(problem))
		}
	}
	if len(problems) > 0 {
		return nil, problems
	}
	return world, nil
}

// parse reads one file. The scenario is nil if something is wrong with it.
func (l Limits) parse(source Source, values document.Variables, taken *names, anywhere bool) (*Scenario, *document.Document) {
	if source.Err != nil {
		return nil, document.Unreadable(source.Name, source.Err)
	}
	doc := document.Parse(source.Name, source.Text, schema, source.builtIn, values)
	if doc.Root == nil {
		return nil, doc
	}
	top(doc).checkMeaning(l, taken, anywhere)
	scenario := new(Scenario)
	if !doc.Sound() || !doc.Decode(scenario) {
		return nil, doc
	}
	return scenario, doc
}

// add adds another scenario: lists come together, and a single setting of the other one
// takes the place of this one's.
func (s *Scenario) add(t *Scenario) {
	s.Name = strings.TrimPrefix(s.Name+"+"+t.Name, "+")
	s.Name = strings.TrimSuffix(s.Name, "+")
	s.API.Version = cmp.Or(t.API.Version, s.API.Version)
	s.API.RateLimit.add(t.API.RateLimit)
	s.Clock.add(t.Clock)
	s.IDs.Seed = cmp.Or(t.IDs.Seed, s.IDs.Seed)
	s.Auth.Mode = cmp.Or(t.Auth.Mode, s.Auth.Mode)
	s.Auth.JWTSecret = cmp.Or(t.Auth.JWTSecret, s.Auth.JWTSecret)
	s.Triggers.ReplyTimeout = cmp.Or(t.Triggers.ReplyTimeout, s.Triggers.ReplyTimeout)
	s.Triggers.RateLimit.add(t.Triggers.RateLimit)
	s.Triggers.MaxBody = cmp.Or(t.Triggers.MaxBody, s.Triggers.MaxBody)
	s.Triggers.MaxHeld = cmp.Or(t.Triggers.MaxHeld, s.Triggers.MaxHeld)
	if s.Pedantic == nil || t.Pedantic != nil && t.Pedantic.Seed != nil {
		s.Pedantic = t.Pedantic
	}
	s.Faults = append(s.Faults, t.Faults...)
	s.Responses = append(s.Responses, t.Responses...)
	s.Auth.Users = append(s.Auth.Users, t.Auth.Users...)
	s.Auth.Tokens = append(s.Auth.Tokens, t.Auth.Tokens...)
	s.Applications = append(s.Applications, t.Applications...)
	s.Resources.add(t.Resources)
}

// add takes the settings of another clock in. Where a clock begins, and how far it
// moves, belong to its mode.
func (c *Clock) add(other Clock) {
	if c.Mode = cmp.Or(other.Mode, c.Mode); other.Mode == ClockReal {
		c.At, c.Step = time.Time{}, 0
	}
	c.At = cmp.Or(other.At, c.At)
	c.Step = cmp.Or(other.Step, c.Step)
}

func (l *RateLimit) add(other RateLimit) {
	l.Calls = cmp.Or(other.Calls, l.Calls)
	l.Per = cmp.Or(other.Per, l.Per)
}
