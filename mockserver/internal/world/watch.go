package world

import (
	"context"
	"errors"
	"os"
	"reflect"
	"sync/atomic"
	"time"

	"github.com/losantmock/losantmock/mockserver/internal/wire"
	"github.com/losantmock/losantmock/scenarios"
)

// WatchInterval is how often [Worlds.Watch] reads its files. A change is loaded
// when a file has stayed the same for that long.
const WatchInterval = 200 * time.Millisecond

// ReloadState is what health reports of watched files.
type ReloadState struct {
	// At is when a change was last loaded, or refused.
	At time.Time `json:"at"`
	// Problem is why the latest change was refused; blank if it was loaded.
	Problem string `json:"problem,omitempty"`
}

// reloads holds the result of the latest change of watched files.
type reloads struct{ last atomic.Pointer[ReloadState] } // nil before the first change

// State returns what health reports of watched files; nil if none has changed.
func (r *reloads) State() *ReloadState { return r.last.Load() }

// Watch reloads scenario files when they are saved, added to a folder or removed, until the context is done. If
// a file can't be loaded, the main world stays as it is: the problem is logged
// with its place, and health reports it.
func (all *Worlds) Watch(ctx context.Context, names ...string) {
	w := &watcher{all: all, names: names}
	ticker := time.NewTicker(WatchInterval)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			if panicked := all.Panics.Catch(w.look); panicked != "" {
				all.Reloads.last.Store(&ReloadState{At: time.Now().UTC(), Problem: wire.InternalError})
				all.Panics.LogWork("reloading the scenario", panicked)
			}
		case <-ctx.Done():
			return
		}
	}
}

// watcher remembers the contents of files and folders.
type watcher struct {
	all    *Worlds
	names  []string
	loaded []scenarios.Source // when they were last loaded, or refused; nil at first
	seen   []scenarios.Source // at the look before
}

// look loads files that differ from what was loaded, and are the same as at the
// look before: they are completely saved.
func (w *watcher) look() {
	now := readAll(w.names)
	complete := reflect.DeepEqual(now, w.seen)
	w.seen = now
	if !complete || reflect.DeepEqual(now, w.loaded) {
		return
	}
	w.loaded = now
	changed, err := w.load()
	if err == nil && !changed {
		return // as at the first look: nothing was saved since the start
	}
	state := &ReloadState{At: time.Now().UTC()}
	if err != nil {
		state.Problem = err.Error()
		w.all.Settings.Logger.Error("the scenario was not loaded; the old one stays", "problem", err)
	} else {
		w.all.Settings.Logger.Info("the scenario was loaded", "scenario", w.all.Main.ScenarioName())
	}
	w.all.Reloads.last.Store(state)
}

// load loads what was read, and reports whether its scenario differs from the one of
// the main world.
func (w *watcher) load() (changed bool, err error) {
	s, err := w.all.Settings.Limits.Merge(w.loaded...)
	if err != nil {
		return false, err
	}
	w.all.library.loaded.Store(new(w.loaded)) // a copy: the watcher goes on to change its own
	if reload := w.all.Reloads.State(); reflect.DeepEqual(s, w.all.Main.Era().Scenario) && (reload == nil || reload.Problem == "") {
		return false, nil
	}
	return true, w.all.Main.Replace(s)
}

// readAll reads the sources, but none that is a pipe or a device: those can be read
// once.
func readAll(names []string) []scenarios.Source {
	var sources []scenarios.Source
	for _, name := range names {
		info, err := os.Stat(name)
		if err == nil && !info.IsDir() && !info.Mode().IsRegular() {
			sources = append(sources, scenarios.Source{Name: name, Err: errNoFile})
			continue
		}
		sources = append(sources, scenarios.Read(name)...)
	}
	return sources
}

var errNoFile = errors.New("is no regular file, so --watch can't read it again")
