package world

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/losantmock/losantmock/scenarios"
)

// SandboxPath is what the base URL of a sandbox begins with. Behind it stands
// its name, and behind that all that a server of its own would have.
const SandboxPath = "/__sandbox/"

// What a server keeps of sandboxes by default.
const (
	// DefaultSandboxIdle is how long an idle sandbox is kept.
	DefaultSandboxIdle = time.Hour
	// MaxSandboxes is how many sandboxes a server keeps at once.
	MaxSandboxes = 10_000
)

// Sandboxed tells whether a request is for a sandbox, and gives its name and
// the request as the sandbox is to see it: its base URL is the root.
func Sandboxed(r *http.Request) (name string, inside *http.Request, ok bool) {
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
	copied := r.WithContext(r.Context())
	copied.URL = &u
	copied.RequestURI = u.RequestURI()
	return name, copied, true
}

// Sandbox returns the sandbox of a name. At its first use it is built of the
// scenario of the main world.
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

// AddSandbox builds a sandbox of a scenario. The error says that the name is
// taken, or what is wrong.
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
	built, err := (*World)(nil), errNotBuilt // what stays in case of a panic
	defer func() { all.sandboxes.finish(box, built, err) }()
	built, err = all.Open(box.name, scenario)
}

// DropSandbox drops a sandbox and all that is in it, also one that is still
// being built, and reports whether there is one of this name.
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
	Path     string    `json:"path"` // of its base URL
	Scenario string    `json:"scenario"`
	Requests uint64    `json:"requests"`
	LastUsed time.Time `json:"lastUsed"`
}

func (w *World) SandboxState() SandboxState {
	return SandboxState{
		Name: w.name, Path: SandboxPath + w.name, Scenario: w.ScenarioName(),
		Requests: w.Era().Journal.Count(), LastUsed: w.lastUsed(),
	}
}

// SandboxStates returns all sandboxes that are built, by name.
func (all *Worlds) SandboxStates() []SandboxState {
	list := []SandboxState{}
	for _, w := range all.sandboxes.built() {
		list = append(list, w.SandboxState())
	}
	slices.SortFunc(list, func(a, b SandboxState) int { return strings.Compare(a.Name, b.Name) })
	return list
}
