package admin

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"github.com/losantmock/losantmock/mockserver/internal/match"
	"github.com/losantmock/losantmock/mockserver/internal/recorder"
	"github.com/losantmock/losantmock/mockserver/internal/state"
	"github.com/losantmock/losantmock/mockserver/internal/world"
	"github.com/losantmock/losantmock/mockserver/journal"
	"github.com/losantmock/losantmock/scenarios"
)

// triggerMembers are the members behind the list of triggers.
type triggerMembers struct {
	Meta figures `json:"meta"`
	completeness
}

// listedTrigger is a trigger, with whether its call waits for a reply now.
type listedTrigger struct {
	journal.Trigger
	Waiting bool `json:"waiting,omitempty"`
}

// triggerSummary is a trigger in the list of the page.
type triggerSummary struct {
	Sequence    uint64 `json:"sequence"`
	RequestID   string `json:"requestId"`
	Time        int64  `json:"time"` // in milliseconds since 1970
	WebhookName string `json:"webhookName"`
	Type        string `json:"type,omitempty"`
	Method      string `json:"method,omitempty"` // in lower case, as in the payload
	Path        string `json:"path"`
	ReplyID     string `json:"replyId,omitempty"`
	Problem     string `json:"problem,omitempty"`
	Waiting     bool   `json:"waiting,omitempty"`
}

func newTriggerSummary(era *world.Era, t *recorder.Trigger) triggerSummary {
	return triggerSummary{
		Sequence: t.Sequence, RequestID: era.Journal.ID(t.Request), Time: t.At.UnixMilli(), WebhookName: t.Hook.Name,
		Type: t.Event.Kind, Method: strings.ToLower(t.Method), Path: t.Path(), ReplyID: t.ReplyID, Problem: t.Problem(), Waiting: waits(era, t),
	}
}

// waits reports whether the call of a trigger waits for a reply now.
func waits(era *world.Era, t *recorder.Trigger) bool {
	return t.ReplyID != "" && t.Event.Kind != recorder.DisconnectEvent && era.Triggers.Holds.Waits(t.ReplyID)
}

// listTriggers lists what workflows received, the newest first.
func (a *Admin) listTriggers(r *request) (any, error) {
	era := r.world.Era()
	criteria, err := readTriggerFilter(r, era)
	if err != nil {
		return nil, err
	}
	part, err := readPart(r)
	if err != nil {
		return nil, err
	}
	ctx, cancel := r.question()
	defer cancel()
	kept := match.Triggers(era.Journal, era)
	if waiting, _ := r.truth("waiting"); waiting {
		kept = match.WithHeld(kept, era.Triggers.Holds.Triggers())
	}
	found := kept.Find(ctx, criteria)
	if err := inQuery(found.Err); err != nil {
		return nil, err
	}
	form := func(t *recorder.Trigger) any { return listedTrigger{era.Journal.Trigger(t), waits(era, t)} }
	if part.summary {
		form = func(t *recorder.Trigger) any { return newTriggerSummary(era, t) }
	}
	triggers, meta := cut(part, found.Kept.All, found.Records, func(t *recorder.Trigger) uint64 { return t.Sequence })
	slices.Reverse(triggers)
	return listing{
		name:  "triggers",
		list:  forms(r, onPage(part, triggers), form),
		after: triggerMembers{meta, completenessOf(found)},
	}.streamed(), nil
}

// readTriggerFilter returns the criteria of the parameters that say which triggers a list
// has.
func readTriggerFilter(r *request, era *world.Era) (c match.Criteria[*match.TriggerSubject], err error) {
	for _, parameter := range []struct {
		name      string
		criterion func(string) match.Criterion[*match.TriggerSubject]
	}{{"webhook", match.FiredBy}, {"application", match.FiredIn}, {"type", match.EventIs}} {
		if text := r.query[parameter.name]; text != "" {
			c = c.And(parameter.criterion(text))
		}
	}
	if text := r.query["request"]; text != "" {
		id, err := uuidOf(text)
		if err != nil {
			return nil, failure(http.StatusBadRequest, "request", err.Error())
		}
		c = c.And(match.FiredFor(era.Journal, id))
	}
	sequence, err := r.wholeNumber("sequence", -1)
	if err != nil {
		return nil, err
	}
	if sequence >= 0 {
		c = c.And(match.FiredAs(uint64(sequence)))
	}
	waiting, err := r.truth("waiting")
	if waiting {
		c = c.And(match.Waiting(func(t *recorder.Trigger) bool { return waits(era, t) }))
	}
	return c, err
}

// replyOrder is a reply in JSON. Its body is a string that holds the text, or
// any other JSON as it is.
type replyOrder struct {
	Status  int               `json:"status"`
	Headers map[string]string `json:"headers"`
	Body    json.RawMessage   `json:"body"`
}

func (o replyOrder) reply() scenarios.Reply {
	r := scenarios.Reply{Status: o.Status, Headers: o.Headers, Body: string(o.Body)}
	var plain string
	if json.Unmarshal(o.Body, &plain) == nil {
		r.Body = plain
	}
	return r
}

// reply responds to a call that is held open, or sends a message to a
// WebSocket.
func (a *Admin) reply(r *request) (any, error) {
	order, err := readJSON[replyOrder](r)
	if err != nil {
		return nil, err
	}
	return done{}, withStatus(http.StatusNotFound, r.world.Reply(r.param("replyId"), order.reply()))
}

type webhookList struct {
	Applications []applicationSummary `json:"applications"`
	Webhooks     []webhookSummary     `json:"webhooks"`
	Meta         listMeta             `json:"meta"`
}

// webhookSummary is what a caller needs to know of a webhook.
type webhookSummary struct {
	ID                string `json:"id"`
	ApplicationID     string `json:"applicationId"`
	Name              string `json:"name"`
	Token             string `json:"token"`
	Path              string `json:"path"` // of its own URL
	Enabled           bool   `json:"enabled"`
	IsWebsocket       bool   `json:"isWebsocket"`
	WaitForReply      bool   `json:"waitForReply"`
	VerificationType  string `json:"verificationType"`
	VerificationCode  string `json:"verificationCode"`
	BasicAuthUsername string `json:"basicAuthUsername"`
	BasicAuthPassword string `json:"basicAuthPassword"`
	Description       string `json:"description"`
	ResponseCode      int    `json:"responseCode"`
	CastBuffersAs     string `json:"castBuffersAs,omitempty"`
	AnnotateMultipart bool   `json:"annotateMultipart"`
}

type applicationSummary struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// maxSummaries is how many webhooks one response lists.
const maxSummaries = 1000

// listWebhooks lists the webhooks of all applications by name, or only those
// with the name, id or token in the query.
func (a *Admin) listWebhooks(r *request) (any, error) {
	list := webhookList{Applications: []applicationSummary{}, Webhooks: []webhookSummary{}}
	for _, application := range r.world.Applications() {
		list.Applications = append(list.Applications, applicationSummary{application.ID, application.Name})
	}
	store := r.world.Era().State.Store
	hooks := store.AllWebhooks()
	if wanted := r.query["webhook"]; wanted != "" {
		hooks = slices.Values(store.WebhooksCalled(wanted))
	}
	part := strings.ToLower(r.query["q"])
	for hook := range hooks {
		if !strings.Contains(strings.ToLower(hook.Name+"\n"+hook.ID+"\n"+hook.Token), part) {
			continue
		}
		if list.Meta.Total++; list.Meta.Total <= maxSummaries {
			list.Webhooks = append(list.Webhooks, summarize(hook))
		}
	}
	return list, nil
}

func summarize(hook *state.Webhook) webhookSummary {
	return webhookSummary{
		ID: hook.ID, ApplicationID: hook.ApplicationID, Name: hook.Name, Token: hook.Token, Path: "/webhooks/" + hook.Token,
		Enabled: hook.IsEnabled, IsWebsocket: hook.IsWebsocket, WaitForReply: hook.WaitForReply,
		VerificationType: hook.VerificationType, VerificationCode: hook.VerificationCode,
		BasicAuthUsername: hook.BasicAuthUsername, BasicAuthPassword: hook.BasicAuthPassword,
		Description: hook.Description, ResponseCode: hook.ResponseCode, CastBuffersAs: hook.CastBuffersAs, AnnotateMultipart: hook.AnnotateMultipart,
	}
}
