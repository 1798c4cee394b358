package mockserver

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/mockserver/internal/recorder"
	"github.com/losantmock/losantmock/mockserver/internal/wire"
	"github.com/losantmock/losantmock/mockserver/internal/world"
	"github.com/losantmock/losantmock/scenarios"
)

// What holds by default, and what a server takes at the most.
const (
	// DefaultMaxBodySize is the largest request body that is read, in bytes. The
	// real API's limit is not public; this one is ours.
	DefaultMaxBodySize = wire.DefaultMaxBodySize
	// DefaultJournalEntries and DefaultJournalBytes are what a journal keeps.
	DefaultJournalEntries = recorder.DefaultEntries
	DefaultJournalBytes   = recorder.DefaultBytes
	// DefaultSandboxIdle is how long an idle sandbox is kept.
	DefaultSandboxIdle = world.DefaultSandboxIdle
	// MaxSandboxes is how many sandboxes a server keeps at once.
	MaxSandboxes = world.MaxSandboxes
	// WatchInterval is how often [Server.Watch] looks at its files. A change is
	// taken in when a file has stayed the same for that long.
	WatchInterval = world.WatchInterval
)

// Option is a setting of a server.
type Option func(*settings) error

type settings struct {
	worlds     world.Settings
	scenario   func(scenarios.Limits) (*scenarios.Scenario, error) // makes it when the limits are known
	adminHosts []string
	adminToken string

	maxConnections int               // 0 for the default
	ownTLS         bool              // whether the server makes a certificate of its own
	tls            *tls.Config       // nil for plain HTTP
	trusted        *x509.Certificate // what a client has to trust; nil if unknown
}

func newSettings(options []Option) (*settings, error) {
	s := &settings{worlds: world.Settings{
		MaxBody:        DefaultMaxBodySize,
		JournalEntries: DefaultJournalEntries,
		JournalBytes:   DefaultJournalBytes,
		Logger:         slog.New(slog.DiscardHandler),
		SandboxIdle:    DefaultSandboxIdle,
	}}
	s.scenario = s.defaultScenario
	for _, option := range options {
		if err := option(s); err != nil {
			return nil, err
		}
	}
	if s.ownTLS {
		if err := s.makeTLS(); err != nil {
			return nil, err
		}
	}
	var err error
	s.worlds.Scenario, err = s.scenario(s.worlds.Limits)
	return s, err
}

// defaultName is the name of the built-in scenario that a server starts from.
const defaultName = "default"

// defaultScenario returns a copy of the built-in scenario "default".
func (s *settings) defaultScenario(scenarios.Limits) (*scenarios.Scenario, error) {
	s.worlds.Sources = scenarios.Read(defaultName)
	scenario, err := readDefault()
	return scenario.Clone(), err
}

// readDefault reads it once: each test may start a server, and reading takes longer than
// all else that New does.
var readDefault = sync.OnceValues(func() (*scenarios.Scenario, error) {
	return scenarios.Limits{}.Merge(scenarios.Read(defaultName)...)
})

// WithScenario starts from scenarios that are named: built-in ones by their
// name, and files and folders by their path, merged as [scenarios.Load] does, with
// the values of environment variables. The default is the built-in scenario
// "default". See [WithWorld] for a scenario made in Go; the
// last of the two options counts.
func WithScenario(sources ...string) Option {
	return func(s *settings) error {
		s.scenario = func(l scenarios.Limits) (*scenarios.Scenario, error) {
			s.worlds.Sources = scenarios.Read(sources...)
			return l.Merge(s.worlds.Sources...)
		}
		return nil
	}
}

// WithWorld starts from a copy of a scenario that is made in Go, with the types of
// package scenarios. It is checked by the same rules as a file. See
// [WithScenario] for a scenario that has a name or is a file.
func WithWorld(world *scenarios.Scenario) Option {
	return func(s *settings) error {
		s.scenario = func(l scenarios.Limits) (*scenarios.Scenario, error) { return checkedCopy(l, world) }
		return nil
	}
}

// WithAPIVersion shows the API as it stood at a version, such as "1.28.3",
// whatever the scenario says. The default is the scenario's version, and where it
// has none [contract.Newest].
func WithAPIVersion(version string) Option {
	return func(s *settings) error {
		v, err := contract.ParseVersion(version)
		s.worlds.Version = &v
		return err
	}
}

// WithDefinition serves the operations of a definition of Losant's API too, beside
// those of webhooks. The path leads to the folder of the package losant-rest, such as
// node_modules/losant-rest, or to what else [contract.LoadDefinition] reads. By default,
// the API then has the version of the definition.
func WithDefinition(path string) Option {
	return func(s *settings) (err error) {
		s.worlds.Limits.Definition, err = contract.LoadDefinition(path)
		return err
	}
}

// WithLoadedDefinition is [WithDefinition] for a definition that was read.
func WithLoadedDefinition(d *contract.Definition) Option {
	return func(s *settings) error {
		if d == nil {
			return errors.New("the definition is nil: leave WithLoadedDefinition out to serve webhooks alone")
		}
		s.worlds.Limits.Definition = d
		return nil
	}
}

// WithPedantic varies responses in ways that the API allows and lazy clients trip
// over, as the section pedantic of a scenario does. Over HTTP/2, the names of header
// fields are in lower case anyway; all else varies there too.
func WithPedantic() Option {
	return func(s *settings) error {
		s.worlds.Pedantic = true
		return nil
	}
}

// WithMaxBodySize sets the largest request body in bytes, before and after
// decompression. The response to a larger one is 413. The default is
// [DefaultMaxBodySize].
func WithMaxBodySize(bytes int64) Option {
	return func(s *settings) error {
		s.worlds.MaxBody = bytes
		return positive("body size", bytes)
	}
}

// WithJournalLimits sets how many requests the journal keeps, and how many
// bytes they may take. The oldest are evicted first; the newest always stays. The
// defaults are [DefaultJournalEntries] and [DefaultJournalBytes].
func WithJournalLimits(entries int, bytes int64) Option {
	return func(s *settings) error {
		s.worlds.JournalEntries, s.worlds.JournalBytes = entries, bytes
		return positive("journal limit", min(int64(entries), bytes))
	}
}

// WithMemory sets how many bytes a server keeps of what clients send, in all of its
// worlds together: their journals, the access tokens that it counts or has made, and
// calls that are held open. What is oldest in the largest journal is evicted first;
// what stays may take half of them, and is refused with 429 beyond that: a call that
// is held open, a sandbox, a webhook, an application. The default is the size of one
// journal, and 768 MiB.
func WithMemory(bytes int64) Option {
	return func(s *settings) error {
		s.worlds.MemoryBytes = bytes
		return positive("memory", bytes)
	}
}

// WithGenerateLimits sets how many webhooks and other items the patterns of a scenario may
// generate in one world, and how many bytes their texts may have. The defaults are
// [scenarios.DefaultGenerated] and [scenarios.DefaultGeneratedBytes].
func WithGenerateLimits(webhooks int, bytes int64) Option {
	return func(s *settings) error {
		s.worlds.Limits.Webhooks, s.worlds.Limits.Bytes = webhooks, bytes
		return positive("limit of generated webhooks", min(int64(webhooks), bytes))
	}
}

// WithJournalFile appends each request to a file as a line of JSON, which
// journal.Read of package mockserver/journal reads. The line is written before the response is sent, so no
// request that got a response is lost when the process is killed. A torn line at
// the end of the file is cut off first. When the file can't be written, the
// server goes on without it, and its health reports that. A file that another
// program removes, renames, replaces or truncates goes on at its path; health
// reports it, with how many requests are lost. Of the 8 MiB that were written last,
// lines that are written over are found within a second. The path may lead to a
// device or to a pipe that a program reads: while that stalls, requests are lost.
func WithJournalFile(path string) Option {
	return func(s *settings) error {
		s.worlds.JournalFile.Path = path
		return nil
	}
}

// WithJournalRotation renames the file of [WithJournalFile] before it exceeds a
// size in bytes: to its name with .1 behind it, in place of the one before. A line
// that is longer has a file of its own. By default, the file grows.
func WithJournalRotation(bytes int64) Option {
	return func(s *settings) error {
		s.worlds.JournalFile.Rotate = bytes
		return positive("size of a journal file", bytes)
	}
}

// WithStrictJournal responds with 503 to a request that can't be written to the
// file of [WithJournalFile]: every request that got another response is in the
// file. One that was removed is made anew, and where it can't be the response is
// 503. The refused request has had its effect. By default, such a request gets
// its usual response.
func WithStrictJournal() Option {
	return func(s *settings) error {
		s.worlds.JournalFile.Strict = true
		return nil
	}
}

// WithAdminHost adds host names under which the admin API responds. IP addresses,
// localhost and names without a dot are always among them.
func WithAdminHost(names ...string) Option {
	return func(s *settings) error {
		s.adminHosts = append(s.adminHosts, names...)
		return nil
	}
}

// WithAdminToken protects the admin API by a bearer token. By default, it needs
// none.
func WithAdminToken(token string) Option {
	return func(s *settings) error {
		s.adminToken = token
		return nil
	}
}

// WithMaxConnections sets how many connections [Server.Serve] has at once. The
// default is four of five files that the process may have open (ulimit -n), so that
// some are left for the journal and for scenarios. Up to 16 connections above the
// limit are reserved for the admin API: one that begins with another request is
// closed. Further connections wait until others are closed.
func WithMaxConnections(n int) Option {
	return func(s *settings) error {
		s.maxConnections = n
		return positive("limit of connections", int64(n))
	}
}

// WithSandboxHost lets the hosts below a suffix lead to sandboxes, such as
// orders.mock.example for the suffix mock.example, beside those below localhost. The
// admin API accepts these hosts.
func WithSandboxHost(suffix string) Option {
	return func(s *settings) error {
		s.worlds.SandboxHost = strings.ToLower(suffix)
		if !hostName.MatchString(s.worlds.SandboxHost) {
			return fmt.Errorf("the suffix of sandboxes' hosts is %q: want a name without a port, such as mock.example", suffix)
		}
		return nil
	}
}

// hostName matches names of hosts, which have a letter in their last part.
var hostName = regexp.MustCompile(`^([a-z0-9_-]+\.)*[a-z0-9-]*[a-z][a-z0-9-]*$`)

// WithRootCAs trusts the authorities in a pool, in place of those of the system,
// where a webhook forwards to a URL with https.
func WithRootCAs(roots *x509.CertPool) Option {
	return func(s *settings) error {
		s.worlds.Roots = roots
		return nil
	}
}

// WithLogger logs each request, and what goes wrong in the server itself. By
// default, nothing is logged.
func WithLogger(logger *slog.Logger) Option {
	return func(s *settings) error {
		if logger == nil {
			return errors.New("the logger is nil: leave WithLogger out to log nothing")
		}
		s.worlds.Logger = logger
		return nil
	}
}

// WithSandboxIdle sets how long an idle sandbox is kept. The default is
// [DefaultSandboxIdle].
func WithSandboxIdle(d time.Duration) Option {
	return func(s *settings) error {
		s.worlds.SandboxIdle = d
		return positive("idle time of a sandbox", int64(d))
	}
}

// checkedCopy returns a copy of a scenario that was made in Go, and what is wrong
// with it.
func checkedCopy(l scenarios.Limits, s *scenarios.Scenario) (*scenarios.Scenario, error) {
	if s == nil {
		return nil, errors.New("the scenario is nil: want one, such as &scenarios.Scenario{}")
	}
	s = s.Clone()
	return s, l.Check(s)
}

func positive(what string, n int64) error {
	if n <= 0 {
		return fmt.Errorf("the %s is %d: it must be at least 1", what, n)
	}
	return nil
}
