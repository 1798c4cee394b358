package world

import (
	"errors"
	"regexp"
	"sync"
	"time"

	"github.com/losantmock/losantmock/mockserver/internal/life"
)

// sandboxName matches the valid names of sandboxes.
var sandboxName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$`)

// The reasons why there is no sandbox.
var (
	ErrSandboxName   = errors.New("the name of a sandbox is at most 100 letters, digits, dots, dashes and underscores, and begins with a letter or a digit")
	ErrManySandboxes = errors.New("there are too many sandboxes: drop idle ones with DELETE /__admin/sandboxes/{name}")
	ErrSandboxTaken  = errors.New("there is a sandbox of this name")
	errNotBuilt      = errors.New("the sandbox could not be built")
)

// sandboxes are the worlds of a server beside its main world. The lock is held to
// find and to reserve names: worlds are built and closed without it.
type sandboxes struct {
	idle time.Duration

	mu     sync.Mutex
	byName map[string]*sandbox
	tokens map[string]*sandbox // those that are built, by their access tokens
	swept  time.Time           // when the idle ones were last dropped

	revision uint64 // of the names of those that are built
}

// sandbox is a name that is reserved, and the world that is built for it.
type sandbox struct {
	name  string
	built chan struct{} // closed when world and err are set
	world *World
	err   error
}

// wait waits until the world is built, and returns it.
func (b *sandbox) wait() (*World, error) {
	<-b.built
	return b.world, b.err
}

// ready returns the world if it is built; otherwise nil.
func (b *sandbox) ready() *World {
	select {
	case <-b.built:
		return b.world
	default:
		return nil
	}
}

// drop closes the world of a sandbox whose name was removed. If it is not built
// yet, finish closes it.
func (b *sandbox) drop() {
	if w := b.ready(); w != nil {
		w.close(life.DroppedError(b.name))
	}
}

// find returns the sandbox of a name. If there is none it reserves the name: the
// caller must then build the world and call finish.
func (s *sandboxes) find(name string, now time.Time) (box *sandbox, reserved bool, err error) {
	s.mu.Lock()
	if box := s.used(name, now); box != nil {
		s.mu.Unlock()
		return box, false, nil
	}
	idle := s.sweep(now)
	box, err = s.reserve(name)
	s.mu.Unlock()
	for _, b := range idle {
		b.drop()
	}
	return box, err == nil, err
}

// use returns the sandbox of a name; nil if there is none.
func (s *sandboxes) use(name string, now time.Time) *sandbox {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.used(name, now)
}

// used returns the sandbox of a name, and notes its use; nil if there is none. The
// lock must be held.
func (s *sandboxes) used(name string, now time.Time) *sandbox {
	box := s.byName[name]
	if box == nil {
		return nil
	}
	if w := box.ready(); w != nil {
		w.used.Store(&now)
	}
	return box
}

// reserve reserves a name. The lock must be held.
func (s *sandboxes) reserve(name string) (*sandbox, error) {
	switch {
	case !sandboxName.MatchString(name):
		return nil, ErrSandboxName
	case len(s.byName) >= MaxSandboxes:
		return nil, ErrManySandboxes
	}
	if s.byName == nil {
		s.byName = map[string]*sandbox{}
	}
	box := &sandbox{name: name, built: make(chan struct{})}
	s.byName[name] = box
	return box, nil
}

// finish adds the world, or the error, to a sandbox. After an error the name is
// free again. If the sandbox was dropped meanwhile, its world is closed.
func (s *sandboxes) finish(box *sandbox, built *World, err error) {
	s.mu.Lock()
	dropped := s.byName[box.name] != box
	switch {
	case dropped && err == nil:
		box.err = life.DroppedError(box.name)
	case err != nil:
		box.err = err
		if !dropped {
			delete(s.byName, box.name)
		}
	default:
		box.world = built
		if s.tokens == nil {
			s.tokens = map[string]*sandbox{}
		}
		s.tokens[built.token] = box
		s.revision++
		built.used.Store(new(time.Now()))
	}
	close(box.built)
	s.mu.Unlock()
	if built != nil && box.err != nil {
		built.close(box.err)
	}
}

// sweep removes the sandboxes that were idle for too long, and returns them. To
// save time it looks at them at intervals, and not for every request. The lock
// must be held.
func (s *sandboxes) sweep(now time.Time) (idle []*sandbox) {
	if now.Sub(s.swept) < s.idle/4 {
		return nil
	}
	s.swept = now
	for name, box := range s.byName {
		if w := box.ready(); w != nil && w.inUse.Load() == 0 && now.Sub(*w.used.Load()) > s.idle {
			delete(s.byName, name)
			delete(s.tokens, w.token)
			s.revision++
			idle = append(idle, box)
		}
	}
	return idle
}

// remove removes a sandbox and returns it; nil if there is none.
func (s *sandboxes) remove(name string) *sandbox {
	s.mu.Lock()
	defer s.mu.Unlock()
	box := s.byName[name]
	delete(s.byName, name)
	if box != nil && box.ready() != nil {
		delete(s.tokens, box.world.token)
		s.revision++
	}
	return box
}

// byToken returns the world of the sandbox that an access token leads to, and notes
// its use; nil if there is none.
func (s *sandboxes) byToken(token string, now time.Time) *World {
	s.mu.Lock()
	defer s.mu.Unlock()
	box := s.tokens[token]
	if box == nil {
		return nil
	}
	box.world.used.Store(&now)
	return box.world
}

// changes returns how many sandboxes were built and dropped until now.
func (s *sandboxes) changes() uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.revision
}

// built returns the worlds of the sandboxes that are built.
func (s *sandboxes) built() []*World {
	s.mu.Lock()
	defer s.mu.Unlock()
	var worlds []*World
	for _, box := range s.byName {
		if w := box.ready(); w != nil {
			worlds = append(worlds, w)
		}
	}
	return worlds
}
