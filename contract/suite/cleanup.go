package suite

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/decode"
	"github.com/losantmock/losantmock/contract/live"
)

// NamePrefix begins the names of all webhooks that a suite makes. The run's id
// follows.
const NamePrefix = "losantmock-check-"

// The limits of cleaning up.
const (
	cleanUpTime    = time.Minute     // beside the time for each webhook
	hurriedTime    = 4 * time.Second // the same, where the context has ended or the server does not respond
	cleanUpPerHook = 50 * time.Millisecond
	mostRounds     = 4   // of listing and deleting
	mostPages      = 100 // of a list
	settlingTime   = 500 * time.Millisecond
)

// cleaningUp is the title of the last case of a run that has sent a POST.
const cleaningUp = "cleaning up"

// cleanUp deletes what the suite made: the webhooks whose creation was confirmed, and
// those with the run's name, of which the response was lost. It lists them until none
// is left.
func (r *run) cleanUp(ended context.Context) {
	if !r.posted {
		return
	}
	if ended.Err() != nil && r.Ended != nil {
		r.Ended(len(r.created), r.prefix+"*")
	}
	usual := cleanUpTime
	if ended.Err() != nil || r.failures > 0 {
		usual = hurriedTime
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ended), usual+timeToDelete(r.Client, len(r.created)))
	defer cancel()
	certain := r.deleteAll(ctx)
	if certain && r.unconfirmed { // and perhaps still under way
		select {
		case <-ctx.Done():
		case <-time.After(settlingTime):
		}
		r.deleteAll(ctx)
	}
	r.current = testCase{check: contract.CheckUseAfterFree, title: cleaningUp}
	r.report.LeftBehind = r.created
	if left := len(r.created); left > 0 {
		r.leave(fmt.Sprintf("left behind: %s and %d more, which losantmock check --clean-up deletes", r.created[0], left-1))
	}
	switch {
	case r.unconfirmed:
		r.leave("may have left behind: " + r.prefix + "*: whether a POST was carried out is unknown")
	case !certain && len(r.created) == 0:
		r.leave("may have left behind: " + r.prefix + "*")
	}
}

// leave adds the finding that webhooks of the run are left. It follows from a wrong
// refusal to delete, where there was one.
func (r *run) leave(message string) {
	f := contract.Finding{
		Check: r.current.check, Verdict: contract.CouldNotCheck, Case: r.current.title, Field: r.prefix + "*", Message: message,
	}
	if cause := r.causeOf(contract.OperationWebhookDelete); cause != nil {
		r.report.AddConsequence(*cause, f)
		return
	}
	r.report.Add(f)
}

// timeToDelete returns how long it takes to list and to delete webhooks.
func timeToDelete(client *live.Client, hooks int) time.Duration {
	return time.Duration(hooks) * (2*client.Pace() + cleanUpPerHook)
}

// deleteAll deletes the run's webhooks, and reports whether it is known that none is
// left. Those that remain are in r.created.
func (r *run) deleteAll(ctx context.Context) (certain bool) {
	for round, progress := 0, true; progress && ctx.Err() == nil; round++ {
		listed, err := listNamed(ctx, r.Client, r.ApplicationID, r.prefix)
		for _, hook := range listed {
			if !slices.Contains(r.created, hook.Path) {
				r.created = append(r.created, hook.Path)
			}
		}
		if len(r.created) == 0 {
			return err == nil || !r.unconfirmed
		}
		if round == mostRounds {
			return err == nil // and what is listed stays
		}
		before := len(r.created)
		r.created = slices.DeleteFunc(r.created, func(path string) bool { return remove(ctx, r.Client, path) == nil })
		progress = len(r.created) < before
	}
	return false
}

// remove deletes a webhook. One that is gone already is deleted.
func remove(ctx context.Context, client *live.Client, path string) error {
	e, err := client.Do(ctx, live.Call{Method: http.MethodDelete, Target: path})
	if err == nil && e.Status >= 300 && e.Status != http.StatusNotFound {
		err = errors.New("the response to DELETE is " + contract.StatusText(e.Status))
	}
	return err
}

// listNamed returns the webhooks whose names begin with a prefix. The server may ignore
// the filter and the size of the page.
func listNamed(ctx context.Context, client *live.Client, applicationID, prefix string) ([]Leftover, error) {
	var named []Leftover
	hooks := "/applications/" + applicationID + "/webhooks"
	seen := map[string]bool{}
	for page := range mostPages {
		e, err := client.Do(ctx, live.Call{
			Method: http.MethodGet, Target: fmt.Sprintf("%s?perPage=%d&page=%d&%s", hooks, longestRun, page, byName(prefix+"*")),
		})
		if err != nil {
			return named, err
		}
		if e.Status != http.StatusOK {
			return named, errors.New("the response to the list of webhooks is " + contract.StatusText(e.Status))
		}
		decoded, err := decode.JSON(e.Body)
		if err != nil {
			return named, fmt.Errorf("the list of webhooks can't be read: %w", err)
		}
		before := len(seen)
		fields, _ := decoded.(map[string]any)
		list := response{e, fields}
		for _, item := range list.items() {
			l := leftover(hooks, item, e.Header)
			if !seen[l.Path] && strings.HasPrefix(l.Name, prefix) {
				if !anyID.MatchString(idOf(item)) {
					return named, fmt.Errorf("the list of webhooks has %q with an id that is none", l.Name)
				}
				named = append(named, l)
			}
			seen[l.Path] = true
		}
		if len(seen) == before || len(seen) == list.total() {
			return named, nil
		}
	}
	return named, fmt.Errorf("the list of webhooks has more than %d pages", mostPages)
}

// anyID is the id of a webhook, without which no path leads to it.
var anyID = regexp.MustCompile(contract.IDPattern)

// leftover returns an item of a list.
func leftover(hooks string, item map[string]any, header http.Header) Leftover {
	l := Leftover{Path: hooks + "/" + idOf(item)}
	l.Name, _ = item["name"].(string)
	text, _ := item["creationDate"].(string)
	l.Created, _ = time.Parse(time.RFC3339, text) // zero where it can't be read
	now, err := http.ParseTime(header.Get("Date"))
	if err != nil {
		now = time.Now()
	}
	l.age = now.Sub(l.Created)
	return l
}

// Leftover is a webhook that a suite made and did not delete.
type Leftover struct {
	Path string // below the base URL
	Name string
	// Created is zero where the server does not say when.
	Created time.Time

	age time.Duration // by the clock of the server
}

// Leftovers returns the webhooks of an application that earlier runs left behind: those
// whose names begin with [NamePrefix], and that are older than a time by the clock of
// the server; 0 is any. It fails where the list can't be read.
func Leftovers(ctx context.Context, client *live.Client, applicationID string, olderThan time.Duration) ([]Leftover, error) {
	listed, err := listNamed(ctx, client, applicationID, NamePrefix)
	return slices.DeleteFunc(listed, func(l Leftover) bool { return olderThan > 0 && (l.Created.IsZero() || l.age < olderThan) }), err
}

// CleanUp deletes the [Leftovers] of earlier runs and returns those that it deleted. The
// error names each of the others, with the reason why it stays. Runs that are under way
// keep theirs where olderThan is more than a run takes.
func CleanUp(ctx context.Context, client *live.Client, applicationID string, olderThan time.Duration) ([]Leftover, error) {
	found, err := Leftovers(ctx, client, applicationID, olderThan)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, cleanUpTime+timeToDelete(client, len(found)))
	defer cancel()
	var problems []error
	deleted := slices.DeleteFunc(found, func(l Leftover) bool {
		err := remove(ctx, client, l.Path)
		if err != nil {
			problems = append(problems, fmt.Errorf("%s %s stays: %w", l.Path, l.Name, err))
		}
		return err != nil
	})
	return deleted, errors.Join(problems...)
}
