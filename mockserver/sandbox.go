package mockserver

import (
	"cmp"
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

// sandbox returns the sandbox of a name. At its first use it is built of the
// scenario of the main world.
func (all *worlds) sandbox(name string) (*baseWorld, error) {
	box, reserved, err := all.sandboxes.find(name, time.Now())
	if err != nil {
		return nil, err
	}
	if reserved {
		all.buildSandbox(box, all.main.era().scenario)
	}
	return box.wait()
}

// addSandbox builds a sandbox of a scenario. The error says that the name is
// taken, or what is wrong.
func (all *worlds) addSandbox(name string, scenario *scenarios.Scenario) (*baseWorld, error) {
	box, reserved, err := all.sandboxes.find(name, time.Now())
	if err != nil {
		return nil, err
	}
	if !reserved {
		return nil, errSandboxTaken
	}
	all.buildSandbox(box, scenario)
	return box.wait()
}

// buildSandbox builds the world that a name was reserved for.
func (all *worlds) buildSandbox(box *sandbox, scenario *scenarios.Scenario) {
	built, err := (*baseWorld)(nil), errNotBuilt // what stays in case of a panic
	defer func() { all.sandboxes.finish(box, built, err) }()
	built, err = all.open(box.name, scenario)
}

// dropSandbox drops a sandbox and all that is in it, also one that is still
// being built, and reports whether there is one of this name.
func (all *worlds) dropSandbox(name string) bool {
	box := all.sandboxes.remove(name)
	if box == nil {
		return false
	}
	box.drop()
	return true
}

// sandboxState is a sandbox as the admin API shows it.
type sandboxState struct {
	Name     string    `json:"name"`
	Path     string    `json:"path"` // of its base URL
	Scenario string    `json:"scenario"`
	Requests uint64    `json:"requests"`
	LastUsed time.Time `json:"lastUsed"`
}

func (v *baseWorld) sandboxState() sandboxState {
	return sandboxState{
		Name: v.name, Path: sandboxPath + v.name, Scenario: v.scenarioName(),
		Requests: v.era().journal.count(), LastUsed: v.lastUsed(),
	}
}

// sandboxStates returns all sandboxes that are built, by name.
func (all *worlds) sandboxStates() []sandboxState {
	list := []sandboxState{}
	for _, v := range all.sandboxes.built() {
		list = append(list, v.sandboxState())
	}
	slices.SortFunc(list, func(a, b sandboxState) int { return strings.Compare(a.Name, b.Name) })
	return list
}
