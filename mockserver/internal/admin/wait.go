package admin

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/losantmock/losantmock/mockserver/internal/effort"
	"github.com/losantmock/losantmock/mockserver/internal/expect"
	"github.com/losantmock/losantmock/mockserver/internal/match"
	"github.com/losantmock/losantmock/mockserver/internal/matcher"
	"github.com/losantmock/losantmock/mockserver/internal/world"
)

// How long a call waits for requests.
const (
	defaultWait = "5s"
	maxWait     = 10 * time.Minute
)

// waitOrder is what a call waits for.
type waitOrder struct {
	Request json.RawMessage `json:"request"` // a request pattern
	Count   *int            `json:"count"`   // at least so many; by default 1
	Exactly *int            `json:"exactly"` // in place of count
	Timeout string          `json:"timeout"` // such as "500ms"; by default 5s
}

// waitResult are the members in front of the requests that were found.
type waitResult struct {
	// Met reports whether the verdict is ok. It is "incomplete" when requests that
	// may make the difference were evicted, or can't be decided.
	Met     bool          `json:"met"`
	Verdict match.Verdict `json:"verdict"`
	Reason  string        `json:"reason,omitempty"` // why others may match
	Count   int           `json:"count"`
}

// waitMembers are the members behind them.
type waitMembers struct {
	foundMembers
	NearMisses []nearMissJSON `json:"nearMisses,omitempty"`
	Message    string         `json:"message,omitempty"` // why the verdict is not ok; it ends with the link
	Link       string         `json:"link,omitempty"`    // to the expectation on the page
}

// waitForRequests responds as soon as enough requests match, or when the time
// is up.
func (a *Admin) waitForRequests(r *request) (any, error) {
	order, err := readJSON[waitOrder](r)
	if err != nil {
		return nil, err
	}
	if order.Request == nil || string(order.Request) == "null" {
		return nil, &matcher.PatternError{Pointer: "/request", Detail: "want a request pattern: {} matches every request"}
	}
	p, err := match.ParsePattern(order.Request)
	if err != nil {
		return nil, matcher.ErrorAt("/request", err)
	}
	want, err := order.want()
	if err != nil {
		return nil, err
	}
	timeout, err := order.timeout()
	if err != nil {
		return nil, err
	}
	question, cancel := r.question()
	defer cancel()
	ctx, cancel := context.WithTimeout(question, timeout)
	defer cancel()
	watch := match.NewWatch(p, match.Requests)
	err = r.world.Await(ctx, func(ctx context.Context, e *world.Era) bool {
		return watch.Find(ctx, e.Journal, e).Enough(want)
	})
	if err != nil {
		return nil, err
	}
	lastLook, cancel := context.WithTimeout(question, world.LastLook)
	defer cancel()
	era := r.world.Era()
	found := watch.Find(lastLook, era.Journal, era)
	if found.Err != nil {
		return nil, inRequest(found.Err)
	}
	result := newFound(r, era.Journal, found.Records, completenessOf(found))
	verdict := found.Verdict(want)
	result.before = waitResult{verdict == match.OK, verdict, found.Reason("request"), len(found.Records)}
	behind := waitMembers{foundMembers: foundMembers{false, completenessOf(found)}}
	failed := verification{source: expect.Wait, pattern: order.Request, want: want, found: found}
	if len(found.Records) < want.Least {
		failed.nearest = found.Nearest(lastLook)
		behind.NearMisses = newNearMisses(era.Journal, failed.nearest, order.Request)
	}
	if verdict != match.OK {
		behind.Message, behind.Link = failed.keep(r, era.Journal, verdict)
	}
	result.after = behind
	return result.streamed(), nil
}

// inRequest returns an error of the pattern with its place in the order.
func inRequest(err error) error {
	if errors.Is(err, effort.ErrLate) {
		return err
	}
	return matcher.ErrorAt("/request", err)
}

func (o waitOrder) want() (want match.Range, err error) {
	pointer := "/count"
	switch {
	case o.Count != nil && o.Exactly != nil:
		return want, &matcher.PatternError{Pointer: "/exactly", Detail: "want count or exactly, not both"}
	case o.Exactly != nil:
		pointer, want = "/exactly", match.Exactly(*o.Exactly)
	case o.Count != nil:
		want = match.AtLeast(*o.Count)
	default:
		want = match.AtLeast(1)
	}
	if err := want.Err(); err != nil {
		return want, matcher.ErrorAt(pointer, err)
	}
	return want, nil
}

func (o waitOrder) timeout() (time.Duration, error) {
	d, err := time.ParseDuration(cmp.Or(o.Timeout, defaultWait))
	if err != nil || d < 0 || d > maxWait {
		return 0, &matcher.PatternError{Pointer: "/timeout", Detail: fmt.Sprintf("%q is no time from 0s to %s", o.Timeout, maxWait)}
	}
	return d, nil
}
