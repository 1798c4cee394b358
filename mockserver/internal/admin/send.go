package admin

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/losantmock/losantmock/mockserver/internal/trigger"
	"github.com/losantmock/losantmock/mockserver/internal/wire"
	"github.com/losantmock/losantmock/mockserver/internal/world"
	"github.com/losantmock/losantmock/mockserver/journal"
)

const mostSent = 200 // requests of the admin API that may wait for their responses

// sendRequest sends the request in the body to the world of the call, from the address of
// the caller. A browser has few connections to a server: calls that wait for a reply
// would take them all.
func (a *Admin) sendRequest(r *request) (any, error) {
	order, err := readJSON[struct {
		Method       string              `json:"method"`
		URL          string              `json:"url"`
		Headers      map[string][]string `json:"headers"`
		BodyAsBase64 []byte              `json:"bodyAsBase64"`
	}](r)
	if err != nil {
		return nil, err
	}
	header := http.Header{}
	for name, values := range order.Headers {
		for _, value := range values {
			switch canonical := http.CanonicalHeaderKey(name); {
			case canonical == "Content-Length":
				return nil, failure(http.StatusUnprocessableEntity, "/headers", "the length follows from bodyAsBase64: leave Content-Length out")
			case !trigger.ValidHeader(name, value) || canonical == "Upgrade":
				return nil, failure(http.StatusUnprocessableEntity, "/headers", "the header field "+wire.Quoted(name)+" can't be sent")
			}
			header.Add(name, value)
		}
	}
	switch {
	case !trigger.ValidHeader(order.Method, ""), order.Method == http.MethodConnect:
		return nil, failure(http.StatusUnprocessableEntity, "/method", wire.Quoted(order.Method)+" is no method such as POST")
	case !isTarget(order.URL):
		return nil, failure(http.StatusUnprocessableEntity, "/url", wire.Quoted(order.URL)+" is no path such as /webhooks/TOKEN?name=a%20value: it begins with a slash, and what is not ASCII is escaped")
	}
	if len(order.BodyAsBase64) > 0 {
		header.Set("Content-Length", strconv.Itoa(len(order.BodyAsBase64)))
	}
	sent, err := a.send(r, &journal.Request{
		Method: order.Method, BasePath: r.world.Era().Journal.BasePath, Target: order.URL, Proto: "HTTP/1.1", Scheme: r.scheme(), Host: r.Host, Header: header, Body: order.BodyAsBase64,
	})
	if err != nil {
		return nil, err
	}
	return sentRequest{ID: sent.ID}, nil
}

// isTarget reports whether a client can send a text as path and query.
func isTarget(text string) bool {
	_, err := url.ParseRequestURI(text)
	return err == nil && strings.HasPrefix(text, "/") && !strings.ContainsFunc(text, func(c rune) bool { return c <= ' ' || c > '~' })
}

// replayRequest sends a request again, from the address of the caller.
func (a *Admin) replayRequest(r *request) (any, error) {
	background, err := r.truth("background")
	if err != nil {
		return nil, err
	}
	found, err := a.getRequest(r)
	if err != nil {
		return nil, err
	}
	request := found.(journal.Request)
	sent, err := a.send(r, &request)
	switch {
	case err != nil:
		return nil, err
	case background:
		return sentRequest{ID: sent.ID}, nil
	}
	ctx, cancel := r.question()
	defer cancel()
	defer context.AfterFunc(ctx, sent.Leave)()
	<-sent.Done
	return sentRequest{sent.ID, new(sent.Status())}, nil
}

type sentRequest struct {
	ID     string `json:"id"`
	Status *int   `json:"status,omitempty"` // nil before the response, and 0 if a fault sent none
}

func (a *Admin) send(r *request, request *journal.Request) (*world.Sending, error) {
	if waiting := a.worlds.SentCount(); waiting >= mostSent {
		return nil, failure(http.StatusTooManyRequests, "", strconv.Itoa(waiting)+" requests that were sent from here still wait for their responses: cancel some")
	}
	sent, err := r.world.Send(request, r.RemoteAddr)
	if err != nil {
		return nil, failure(http.StatusConflict, "", "the request can't be sent: "+err.Error())
	}
	return sent, nil
}

// cancelRequest disconnects the client of a request that was sent from here.
func (a *Admin) cancelRequest(r *request) (any, error) {
	id, err := requestID(r)
	if err != nil {
		return nil, err
	}
	sent := r.world.Sent(id)
	if sent != nil {
		sent.Leave()
	}
	return doneIf(sent != nil, "request on its way with the id", id)
}
