package mockserver

import (
	"cmp"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/losantmock/losantmock/scenarios"
)

// sandboxPath is what the base URL of a sandbox begins with. Behind it stands
// its name, and behind that all that a server of its own would have.
const sandboxPath = "/__sandbox/"

// What a server keeps of sandboxes by default.
const (
	// DefaultSandboxIdle is how long an idle sandbox is kept.
	DefaultSandboxIdle = time.Hour
	// MaxSandboxes is how many sandboxes a server keeps at once.
	MaxSandboxes = 10_000
)

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

// sandbox finds the sandbox of a request, or builds it.
func (s *Server) sandbox(name string) (*World, *adminRefusal) {
	v, err := s.Sandbox(name)
	switch {
	case err == nil:
		return v, nil
	case errors.Is(err, errSandboxName):
		return nil, &adminRefusal{http.StatusNotFound, err.Error()}
	case errors.Is(err, errManySandboxes):
		return nil, &adminRefusal{http.StatusTooManyRequests, err.Error()}
	case errors.As(err, new(droppedError)):
		return nil, &adminRefusal{http.StatusServiceUnavailable, err.Error()}
	default:
		return nil, &adminRefusal{http.StatusInternalServerError, err.Error()}
	}
}

// Sandbox returns a world of the server by name. At its first use it is built
// of the server's own scenario. Its base URL is that of the server with
// /__sandbox/{name} behind it. It is dropped when it was idle for the time of
// [WithSandboxIdle], and by [Server.DropSandbox].
func (s *Server) Sandbox(name string) (*World, error) {
	box, reserved, err := s.sandboxes.find(name, time.Now())
	if err != nil {
		return nil, err
	}
	if reserved {
		s.buildSandbox(box, s.world().scenario)
	}
	return box.wait()
}

// addSandbox builds a sandbox of a scenario. The error says that the name is
// taken, or what is wrong.
func (s *Server) addSandbox(name string, scenario *scenarios.Scenario) (*World, error) {
	box, reserved, err := s.sandboxes.find(name, time.Now())
	if err != nil {
		return nil, err
	}
	if !reserved {
		return nil, errSandboxTaken
	}
	s.buildSandbox(box, scenario)
	return box.wait()
}

// buildSandbox builds the world that a name was reserved for.
func (s *Server) buildSandbox(box *sandbox, scenario *scenarios.Scenario) {
	built, err := (*World)(nil), errNotBuilt // what stays in case of a panic
	defer func() { s.sandboxes.finish(box, built, err) }()
	built, err = s.open(box.name, scenario)
}

// DropSandbox drops a sandbox and all that is in it, also one that is still
// being built; false when there is none of this name.
func (s *Server) DropSandbox(name string) bool {
	box := s.sandboxes.remove(name)
	if box == nil {
		return false
	}
	box.drop()
	return true
}

// WithSandboxIdle sets how long an idle sandbox is kept. The default is
// [DefaultSandboxIdle].
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

// sandboxStates returns all sandboxes that are built, by name.
func (s *Server) sandboxStates() []sandboxState {
	list := []sandboxState{}
	for _, v := range s.sandboxes.all() {
		list = append(list, v.sandboxState())
	}
	slices.SortFunc(list, func(a, b sandboxState) int { return strings.Compare(a.Name, b.Name) })
	return list
}
