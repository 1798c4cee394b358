package mockserver

import (
	"cmp"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/losantmock/losantmock/scenarios"
)

// sandboxPath is what the base URL of a sandbox begins with. Behind it stands
// its name, and behind that all that a server of its own would have.
const sandboxPath = "/__sandbox/"

// What a server keeps of sandboxes when nobody says otherwise.
const (
	// DefaultSandboxIdle is how long a sandbox is kept that nobody asks.
	DefaultSandboxIdle = time.Hour
	// MaxSandboxes is how many sandboxes a server keeps at once.
	MaxSandboxes = 10_000
)

// sandboxName is what a sandbox may be called.
var sandboxName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$`)

// sandboxes are the worlds of a server beside its own.
type sandboxes struct {
	idle time.Duration

	mu     sync.Mutex
	byName map[string]*World
	swept  time.Time // when the idle ones were last dropped
}

// sandboxed tells whether a request is for a sandbox, and gives its name and
// the request as the sandbox is to see it: its base URL is the root.
func sandboxed(r *http.Request) (name string, inside *http.Request, ok bool) {
	path := r.URL.EscapedPath()
	rest, ok := strings.CutPrefix(path, sandboxPath)
	if !ok {
		return "", nil, false
	}
	name, _, _ = strings.Cut(rest, "/")
	prefix := sandboxPath + name
	u := *r.URL
	u.RawPath = cmp.Or(strings.TrimPrefix(path, prefix), "/")
	decoded, err := url.PathUnescape(u.RawPath)
	if err != nil {
		return "", nil, false // net/http lets no such path through
	}
	u.Path = decoded
	copied := r.WithContext(r.Context())
	copied.URL = &u
	copied.RequestURI = u.RequestURI()
	return name, copied, true
}

// sandbox finds a sandbox, or makes it of the server's own scenario at its
// first use.
func (s *Server) sandbox(name string) (*World, *adminRefusal) {
	s.sandboxes.mu.Lock()
	defer s.sandboxes.mu.Unlock()
	now := time.Now()
	if v := s.sandboxes.byName[name]; v != nil {
		v.used.Store(now.UnixNano())
		return v, nil
	}
	v, err := s.addSandbox(name, s.scenario.Load(), now)
	switch {
	case errors.Is(err, errSandboxName):
		return nil, &adminRefusal{http.StatusNotFound, err.Error()}
	case errors.Is(err, errManySandboxes):
		return nil, &adminRefusal{http.StatusTooManyRequests, err.Error()}
	case err != nil:
		return nil, &adminRefusal{http.StatusInternalServerError, err.Error()}
	default:
		return v, nil
	}
}

// What stands in the way of a sandbox.
var (
	errSandboxName   = errors.New("the name of a sandbox is at most 100 letters, digits, dots, dashes and underscores, and begins with a letter or a digit")
	errManySandboxes = errors.New("there are too many sandboxes: drop those that are done with DELETE /__admin/sandboxes/{name}")
	errSandboxTaken  = errors.New("there is a sandbox of this name")
)

// addSandbox makes a sandbox. The lock must be held.
func (s *Server) addSandbox(name string, scenario *scenarios.Scenario, now time.Time) (*World, error) {
	all := &s.sandboxes
	all.sweep(now)
	switch {
	case !sandboxName.MatchString(name):
		return nil, errSandboxName
	case all.byName[name] != nil:
		return nil, errSandboxTaken
	case len(all.byName) >= MaxSandboxes:
		return nil, errManySandboxes
	}
	v, err := s.open(name, scenario)
	if err != nil {
		return nil, err
	}
	v.used.Store(now.UnixNano())
	if all.byName == nil {
		all.byName = map[string]*World{}
	}
	all.byName[name] = v
	return v, nil
}

// sweep drops the sandboxes that nobody has asked for the idle time. It looks
// at all of them a few times in that time, and not at every request.
func (b *sandboxes) sweep(now time.Time) {
	if now.Sub(b.swept) < b.idle/4 {
		return
	}
	b.swept = now
	for name, v := range b.byName {
		if now.Sub(time.Unix(0, v.used.Load())) > b.idle {
			v.world().retire()
			delete(b.byName, name)
		}
	}
}

// dropSandbox tells whether there was such a sandbox. What waits in it is let
// go.
func (s *Server) dropSandbox(name string) bool {
	s.sandboxes.mu.Lock()
	v := s.sandboxes.byName[name]
	delete(s.sandboxes.byName, name)
	s.sandboxes.mu.Unlock()
	if v == nil {
		return false
	}
	v.world().retire()
	return true
}

// Sandbox gives a world of the server by name, made of the server's own
// scenario at its first use. Its base URL is that of the server with
// /__sandbox/{name} behind it. It is dropped when nobody has asked it for the
// idle time, and by [Server.DropSandbox].
func (s *Server) Sandbox(name string) (*World, error) {
	v, refusal := s.sandbox(name)
	if refusal != nil {
		return nil, errors.New(refusal.reason)
	}
	return v, nil
}

// DropSandbox drops a sandbox and all that is in it; false when there is none
// of this name.
func (s *Server) DropSandbox(name string) bool { return s.dropSandbox(name) }

// WithSandboxIdle sets how long a sandbox is kept that nobody asks. Left out,
// it is [DefaultSandboxIdle].
func WithSandboxIdle(d time.Duration) Option {
	return func(s *settings) error {
		s.sandboxIdle = d
		return positive("idle time of a sandbox", int64(d))
	}
}

// sandboxState is a sandbox as the admin API shows it.
type sandboxState struct {
	Name     string    `json:"name"`
	Path     string    `json:"path"` // of its base URL
	Scenario string    `json:"scenario"`
	Requests uint64    `json:"requests"`
	LastUsed time.Time `json:"lastUsed"`
}

func (v *World) sandboxState() sandboxState {
	return sandboxState{
		Name: v.name, Path: sandboxPath + v.name, Scenario: v.ScenarioName(),
		Requests: v.world().journal.count(), LastUsed: time.Unix(0, v.used.Load()).UTC(),
	}
}

// sandboxStates are all sandboxes, by name.
func (s *Server) sandboxStates() []sandboxState {
	s.sandboxes.mu.Lock()
	defer s.sandboxes.mu.Unlock()
	list := []sandboxState{}
	for _, v := range s.sandboxes.byName {
		list = append(list, v.sandboxState())
	}
	slices.SortFunc(list, func(a, b sandboxState) int { return strings.Compare(a.Name, b.Name) })
	return list
}
