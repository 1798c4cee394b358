package world

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/losantmock/losantmock/mockserver/internal/wire"
	"github.com/losantmock/losantmock/scenarios"
)

// SandboxPath begins the path of a sandbox's base URL. The name of the sandbox
// follows, and then the path as on a server.
const SandboxPath = "/__sandbox/"

// The limits of the sandboxes of a server.
const (
	// DefaultSandboxIdle is the default of how long an idle sandbox is kept.
	DefaultSandboxIdle = time.Hour
	// MaxSandboxes is the most sandboxes that a server has at once.
	MaxSandboxes = 10_000
)

// Sandboxed returns the name of the sandbox that a request is for, and the request
// with a path relative to the sandbox's base URL. It reports whether there is a
// name.
func Sandboxed(r *http.Request) (name string, inside *http.Request, ok bool) {
	if !strings.HasPrefix(r.URL.Path, SandboxPath) { // as for most requests, which need no escaping
		return "", nil, false
	}
	path := r.URL.EscapedPath()
	rest, ok := strings.CutPrefix(path, SandboxPath)
	if !ok {
		return "", nil, false
	}
	name, _, _ = strings.Cut(rest, "/")
	prefix := SandboxPath + name
	u := *r.URL
	u.RawPath = cmp.Or(strings.TrimPrefix(path, prefix), "/")
	decoded, err := url.PathUnescape(u.RawPath)
	if err != nil {
		return "", nil, false // net/http lets no such path through
	}
	u.Path = decoded
	copied := r.WithContext(context.WithValue(r.Context(), prefixKey{}, true))
	copied.URL = &u
	copied.RequestURI = strings.TrimPrefix(wire.Target(r), prefix)
	if !strings.HasPrefix(copied.RequestURI, "/") {
		copied.RequestURI = "/" + copied.RequestURI
	}
	return name, copied, true
}

// prefixKey is the key of the context of a request that [Sandboxed] returns.
type prefixKey struct{}

// hadPrefix reports whether the path of a request began with that of its sandbox.
func hadPrefix(r *http.Request) bool { return r.Context().Value(prefixKey{}) != nil }

// Sandbox returns the sandbox of a name. If there is none, it is built of the main
// world's scenario.
func (all *Worlds) Sandbox(name string) (*World, error) {
	box, reserved, err := all.sandboxes.find(name, time.Now())
	if err != nil {
		return nil, err
	}
	if reserved {
		all.buildSandbox(box, all.Main.Era().Scenario)
	}
	return box.wait()
}

// UsedSandbox returns the sandbox of a name; nil if there is none.
func (all *Worlds) UsedSandbox(name string) (*World, error) {
	box := all.sandboxes.use(name, time.Now())
	if box == nil {
		return nil, nil
	}
	return box.wait()
}

// AddSandbox returns a new sandbox that is built of a checked scenario. The error
// is [ErrSandboxTaken] if there is one of this name.
func (all *Worlds) AddSandbox(name string, scenario *scenarios.Scenario) (*World, error) {
	box, reserved, err := all.sandboxes.find(name, time.Now())
	if err != nil {
		return nil, err
	}
	if !reserved {
		return nil, ErrSandboxTaken
	}
	all.buildSandbox(box, scenario)
	return box.wait()
}

// buildSandbox builds the world that a name was reserved for.
func (all *Worlds) buildSandbox(box *sandbox, scenario *scenarios.Scenario) {
	built, err := (*World)(nil), errNotBuilt // remains so after a panic
	defer func() { all.sandboxes.finish(box, built, err) }()
	built, err = all.open(box.name, scenario)
}

// DropSandbox drops a sandbox, even while it is built, and reports whether there
// is one of this name.
func (all *Worlds) DropSandbox(name string) bool {
	box := all.sandboxes.remove(name)
	if box == nil {
		return false
	}
	box.drop()
	return true
}

// SandboxState is a sandbox as the admin API shows it.
type SandboxState struct {
	Name     string    `json:"name"`
	Path     string    `json:"path"`           // of its base URL
	Host     string    `json:"host,omitempty"` // that leads to it, without the port; blank for a name that no host can have
	Token    string    `json:"token"`          // access token that leads to it
	Scenario string    `json:"scenario"`
	Requests uint64    `json:"requests"`
	LastUsed time.Time `json:"lastUsed"`
}

// basePath returns the path of a sandbox's base URL; blank for the main world.
func (w *World) basePath() string {
	if w.name == "" {
		return ""
	}
	return SandboxPath + w.name
}

// SandboxState returns the state of a sandbox.
func (w *World) SandboxState() SandboxState {
	return SandboxState{
		Name: w.name, Path: w.basePath(), Host: w.host(), Token: w.token, Scenario: w.ScenarioName(),
		Requests: w.Era().Journal.Count(), LastUsed: w.lastUsed(),
	}
}

// SandboxRevision rises whenever a sandbox was built or dropped.
func (all *Worlds) SandboxRevision() uint64 {
	return all.sandboxes.changes()
}

// SandboxStates returns the states of all sandboxes that are built, by name.
func (all *Worlds) SandboxStates() []SandboxState {
	list := []SandboxState{}
	for _, w := range all.sandboxes.built() {
		list = append(list, w.SandboxState())
	}
	slices.SortFunc(list, func(a, b SandboxState) int { return strings.Compare(a.Name, b.Name) })
	return list
}
