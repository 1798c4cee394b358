package suite

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"time"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/internal/leftovers"
	"github.com/losantmock/losantmock/contract/live"
)

// NamePrefix begins the names of all webhooks that a suite makes. The run's id
// follows.
const NamePrefix = "losantmock-check-"

// The limits of cleaning up.
const (
	cleanUpTime  = time.Minute     // beside the time for each webhook
	hurriedTime  = 4 * time.Second // the same, where the context has ended or the server does not respond
	mostRounds   = 4               // of listing and deleting
	settlingTime = 500 * time.Millisecond
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
	ctx, cancel := leftovers.Within(context.WithoutCancel(ended), usual+leftovers.TimeToDelete(r.Client, len(r.created)), r.Abandoned)
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

// deleteAll deletes the run's webhooks, and reports whether it is known that none is
// left. Those that remain are in r.created.
func (r *run) deleteAll(ctx context.Context) (certain bool) {
	for round, progress := 0, true; progress && ctx.Err() == nil; round++ {
		listed, err := leftovers.Named(ctx, r.Client, r.ApplicationID, r.prefix)
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
		r.created = slices.DeleteFunc(r.created, func(path string) bool { return leftovers.Delete(ctx, r.Client, path) == nil })
		progress = len(r.created) < before
	}
	return false
}

// anyID is the id of a webhook, without which no path leads to it.
var anyID = regexp.MustCompile(contract.IDPattern)

// Leftover is a webhook that a suite made and did not delete.
type Leftover = leftovers.Hook

// Leftovers returns the webhooks of an application that earlier runs left behind: those
// whose names begin with [NamePrefix], and that are older than a time by the clock of
// the server; 0 is any. It fails where the list can't be read.
func Leftovers(ctx context.Context, client *live.Client, applicationID string, olderThan time.Duration) ([]Leftover, error) {
	listed, err := leftovers.Named(ctx, client, applicationID, NamePrefix)
	return slices.DeleteFunc(listed, func(hook Leftover) bool { return hook.Younger(olderThan) }), err
}

// CleanUp deletes the [Leftovers] of earlier runs and returns those that it deleted. The
// error names each of the others, with the reason why it stays. Runs that are under way
// keep theirs where olderThan is more than a run takes.
func CleanUp(ctx context.Context, client *live.Client, applicationID string, olderThan time.Duration) ([]Leftover, error) {
	found, err := Leftovers(ctx, client, applicationID, olderThan)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, cleanUpTime+leftovers.TimeToDelete(client, len(found)))
	defer cancel()
	var problems []error
	deleted := slices.DeleteFunc(found, func(l Leftover) bool {
		err := leftovers.Delete(ctx, client, l.Path)
		if err != nil {
			problems = append(problems, fmt.Errorf("%s %s stays: %w", l.Path, l.Name, err))
		}
		return err != nil
	})
	return deleted, errors.Join(problems...)
}
