package live

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"time"

	"github.com/losantmock/losantmock/contract"
)

// The limits of repeating a call.
const (
	maxRetries    = 3
	maxRetryAfter = 2 * time.Minute // the longest that a Retry-After is waited for
	firstPause    = 10 * time.Millisecond
)

// Do sends a call and reads the whole response, at most
// [decode.MaxResponseSize] bytes. It fails where the network does, or where the
// response can't be read; a response of any status is no error. The error does
// not contain the token.
//
// A call is sent again, 3 times at most, where the response is 429, 502, 503, 504 or
// HTML, as of a proxy, or where the connection breaks. Do waits as long as
// Retry-After says, up to 2 minutes and to the deadline of the context; without it,
// a little longer each time. A POST that is not Safe is repeated only where it was
// certainly not carried out: after 429, which refuses it, and where HTML refuses it with
// 4xx.
// A repeated DELETE that gets 404 fails: whether the first one deleted is unknown.
func (c *Client) Do(ctx context.Context, call Call) (*contract.Exchange, error) {
	lost := false // whether the server may have carried out the call before
	for try := 0; ; try++ {
		e, err := c.once(ctx, call)
		if lost && err == nil && call.Method == http.MethodDelete && e.Status == http.StatusNotFound {
			return nil, fmt.Errorf("DELETE %s: the first response was lost, and the one to its repetition is 404", call.Target)
		}
		if try == maxRetries || ctx.Err() != nil || !c.repeatable(call, e, err) {
			return e, c.clean(err)
		}
		lost = lost || err != nil || e.Status != http.StatusTooManyRequests
		pause, ok := c.pauseBefore(try, e)
		if deadline, limited := ctx.Deadline(); !ok || limited && time.Until(deadline) < pause {
			return e, c.clean(err)
		}
		if err := sleep(ctx, pause); err != nil {
			return nil, err
		}
	}
}

// clean replaces the token in an error, which may have what a server sent.
func (c *Client) clean(err error) error {
	if err == nil {
		return nil
	}
	return errors.New(c.token.Scrub(err.Error()))
}

// repeatable reports whether a call may get another response when it is sent again,
// and does no harm then. A webhook's own URL may refuse a call with a page.
func (c *Client) repeatable(call Call, e *contract.Exchange, err error) bool {
	idempotent := call.Safe || call.Method != http.MethodPost
	switch {
	case err != nil:
		return idempotent && broken(err)
	case e.Status == http.StatusTooManyRequests:
		return true
	case c.ofThirdParty && e.IsPage() && e.Status/100 == 4:
		return false
	case e.IsPage():
		return idempotent || e.Status >= 400 && e.Status < 500
	default:
		return idempotent && contract.Unavailable(e.Status)
	}
}

// broken reports whether an error is that of a connection that was refused, reset or
// cut off. A call that takes too long is not sent again.
func broken(err error) bool {
	var network *net.OpError
	return errors.As(err, &network) && !network.Timeout() || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
}

// pauseBefore returns how long to wait before a call is repeated, and whether that is
// within [maxRetryAfter].
func (c *Client) pauseBefore(try int, e *contract.Exchange) (time.Duration, bool) {
	if e != nil {
		if pause, ok := retryAfter(e.Header, time.Now()); ok {
			return pause, pause <= maxRetryAfter
		}
	}
	return max(c.pace, firstPause) << try, true
}

// retryAfter reads the header of that name: seconds, or a date.
func retryAfter(h http.Header, now time.Time) (pause time.Duration, ok bool) {
	text := h.Get("Retry-After")
	if seconds, err := strconv.ParseUint(text, 10, 31); err == nil {
		return time.Duration(seconds) * time.Second, true
	}
	at, err := http.ParseTime(text)
	return max(at.Sub(now), 0), err == nil
}

// sleep returns after a time, or with the error of a context that ends before.
func sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
