package admin

import (
	"encoding/json"
	"math"
	"net/http"
	"slices"

	"github.com/losantmock/losantmock/mockserver/internal/match"
	"github.com/losantmock/losantmock/mockserver/internal/recorder"
	"github.com/losantmock/losantmock/mockserver/internal/state"
	"github.com/losantmock/losantmock/mockserver/journal"
	"github.com/losantmock/losantmock/scenarios"
)

// triggerMembers are the members behind the list of triggers.
type triggerMembers struct {
	Meta listMeta `json:"meta"`
	completeness
}

// listedTrigger is a trigger, with whether its call waits for a reply now.
type listedTrigger struct {
	journal.Trigger
	Waiting bool `json:"waiting,omitempty"`
}

// listTriggers lists what workflows received, the newest first.
func (a *Admin) listTriggers(r *request) (any, error) {
	limit, err := r.wholeNumber("limit", math.MaxInt)
	if err != nil {
		return nil, err
	}
	var criteria match.Criteria[*match.TriggerSubject]
	if name := r.query["webhook"]; name != "" {
		criteria = criteria.And(match.FiredBy(name))
	}
	if name := r.query["application"]; name != "" {
		criteria = criteria.And(match.FiredIn(name))
	}
	if kind := r.query["type"]; kind != "" {
		criteria = criteria.And(match.EventIs(kind))
	}
	ctx, cancel := r.question()
	defer cancel()
	era := r.world.Era()
	found := match.Triggers(era.Journal, era).Find(ctx, criteria)
	if found.Err != nil {
		return nil, inQuery(found.Err)
	}
	triggers := found.Records
	slices.Reverse(triggers)
	listed := func(t *recorder.Trigger) any {
		waiting := t.ReplyID != "" && t.Event.Kind != recorder.DisconnectEvent && era.Triggers.Holds.Waits(t.ReplyID)
		return listedTrigger{era.Journal.Trigger(t), waiting}
	}
	return listing{
		name:  "triggers",
		list:  forms(r, triggers[:min(len(triggers), limit)], listed),
		after: triggerMembers{listMeta{Total: len(triggers)}, completenessOf(found)},
	}.streamed(), nil
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
	for hook := range hooks {
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
	}
}
