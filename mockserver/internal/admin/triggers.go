package admin

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"

	"github.com/gorilla/mux"
	"github.com/losantmock/losantmock/mockserver/internal/match"
	"github.com/losantmock/losantmock/mockserver/internal/recorder"
	"github.com/losantmock/losantmock/mockserver/internal/state"
	"github.com/losantmock/losantmock/mockserver/internal/trigger"
	"github.com/losantmock/losantmock/mockserver/journal"
	"github.com/losantmock/losantmock/scenarios"
)

type triggerList struct {
	Triggers []listedTrigger `json:"triggers"`
	Meta     listMeta        `json:"meta"`
	completeness
}

// listedTrigger is a trigger, and whether a reply to it is waited for now.
type listedTrigger struct {
	journal.Trigger
	Waiting bool `json:"waiting,omitempty"`
}

// listTriggers answers with what workflows received, the newest first.
func (a *Admin) listTriggers(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	var asked match.Criteria[*match.TriggerSubject]
	if name := query.Get("webhook"); name != "" {
		asked = asked.And(match.FiredBy(name))
	}
	if name := query.Get("application"); name != "" {
		asked = asked.And(match.FiredIn(name))
	}
	if kind := query.Get("type"); kind != "" {
		asked = asked.And(match.EventIs(kind))
	}
	journal := a.world(r).Era().Journal
	kept := match.Triggers(journal)
	found := kept.Matching(asked)
	slices.Reverse(found)
	list := triggerList{Triggers: []listedTrigger{}, Meta: listMeta{Total: len(found)}, completeness: completeAfter(kept.Evicted)}
	if text := query.Get("limit"); text != "" {
		limit, err := wholeNumber("limit", text)
		if err != nil {
			writePatternError(w, http.StatusBadRequest, err)
			return
		}
		found = found[:min(len(found), limit)]
	}
	holds := a.world(r).Era().Triggers.Holds
	for _, t := range found {
		waiting := t.ReplyID != "" && t.Event.Kind != recorder.DisconnectEvent && holds.Waits(t.ReplyID)
		list.Triggers = append(list.Triggers, listedTrigger{journal.Trigger(t), waiting})
	}
	write(w, list)
}

// replyOrder is a reply as a call brings it: its body is a text, or any other
// JSON.
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

// reply answers a call that is held open, or sends a message to a WebSocket.
func (a *Admin) reply(w http.ResponseWriter, r *http.Request) {
	var order replyOrder
	d := json.NewDecoder(r.Body)
	d.DisallowUnknownFields()
	if err := d.Decode(&order); err != nil {
		writePatternError(w, http.StatusUnprocessableEntity, &match.PatternError{Pointer: "/", Detail: err.Error()})
		return
	}
	err := a.world(r).Reply(mux.Vars(r)["replyId"], order.reply())
	switch {
	case err == nil:
		write(w, struct{}{})
	case errors.Is(err, trigger.ErrReplyInvalid):
		WriteError(w, http.StatusUnprocessableEntity, "", err.Error())
	case errors.Is(err, trigger.ErrManyReplies):
		WriteError(w, http.StatusTooManyRequests, "", err.Error())
	default:
		WriteError(w, http.StatusNotFound, "", err.Error())
	}
}

// webhookSummary is a webhook for who wants to call it.
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

// maxSummaries is how many webhooks one call lists.
const maxSummaries = 1000

// listWebhooks answers with the webhooks of all applications, by name; with
// those alone that have a name, id or token where the call asks for one.
func (a *Admin) listWebhooks(w http.ResponseWriter, r *http.Request) {
	list := struct {
		Applications []applicationSummary `json:"applications"`
		Webhooks     []webhookSummary     `json:"webhooks"`
		Meta         listMeta             `json:"meta"`
	}{[]applicationSummary{}, []webhookSummary{}, listMeta{}}
	for _, application := range a.world(r).Applications() {
		list.Applications = append(list.Applications, applicationSummary{application.ID, application.Name})
	}
	wanted := r.URL.Query().Get("webhook")
	for hook := range a.world(r).Era().State.Store.AllWebhooks() {
		if wanted != "" && hook.Name != wanted && hook.ID != wanted && hook.Token != wanted {
			continue
		}
		if list.Meta.Total++; list.Meta.Total <= maxSummaries {
			list.Webhooks = append(list.Webhooks, summarize(hook))
		}
	}
	write(w, list)
}

func summarize(hook *state.Webhook) webhookSummary {
	return webhookSummary{
		ID: hook.ID, ApplicationID: hook.ApplicationID, Name: hook.Name, Token: hook.Token, Path: "/webhooks/" + hook.Token,
		Enabled: hook.IsEnabled, IsWebsocket: hook.IsWebsocket, WaitForReply: hook.WaitForReply,
		VerificationType: hook.VerificationType, VerificationCode: hook.VerificationCode,
		BasicAuthUsername: hook.BasicAuthUsername, BasicAuthPassword: hook.BasicAuthPassword,
	}
}
