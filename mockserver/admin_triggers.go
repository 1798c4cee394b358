package mockserver

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"

	"github.com/gorilla/mux"
	"github.com/losantmock/losantmock/scenarios"
)

type triggerList struct {
	Triggers []listedTrigger `json:"triggers"`
	Meta     listMeta        `json:"meta"`
	completeness
}

// listedTrigger is a trigger, and whether a reply to it is waited for now.
type listedTrigger struct {
	Trigger
	Waiting bool `json:"waiting,omitempty"`
}

// listTriggers answers with what workflows received, the newest first.
func (a *admin) listTriggers(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	var asked criteria[*firedSubject]
	if name := query.Get("webhook"); name != "" {
		asked = asked.and(firedBy(name))
	}
	if name := query.Get("application"); name != "" {
		asked = asked.and(firedIn(name))
	}
	if kind := query.Get("type"); kind != "" {
		asked = asked.and(eventIs(kind))
	}
	journal := a.world(r).era().journal
	kept := keptTriggers(journal)
	found := kept.matching(asked)
	slices.Reverse(found)
	list := triggerList{Triggers: []listedTrigger{}, Meta: listMeta{Total: len(found)}, completeness: completeAfter(kept.evicted)}
	if text := query.Get("limit"); text != "" {
		limit, err := wholeNumber("limit", text)
		if err != nil {
			writePatternError(w, http.StatusBadRequest, err)
			return
		}
		found = found[:min(len(found), limit)]
	}
	holds := a.world(r).era().triggers.holds
	for _, t := range found {
		waiting := t.replyID != "" && t.event.kind != disconnectEvent && holds.waits(t.replyID)
		list.Triggers = append(list.Triggers, listedTrigger{journal.trigger(t), waiting})
	}
	writeAdmin(w, list)
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
func (a *admin) reply(w http.ResponseWriter, r *http.Request) {
	var order replyOrder
	d := json.NewDecoder(r.Body)
	d.DisallowUnknownFields()
	if err := d.Decode(&order); err != nil {
		writePatternError(w, http.StatusUnprocessableEntity, &patternError{"/", err.Error()})
		return
	}
	err := a.world(r).reply(mux.Vars(r)["replyId"], order.reply())
	switch {
	case err == nil:
		writeAdmin(w, struct{}{})
	case errors.Is(err, errReplyInvalid):
		writeAdminError(w, http.StatusUnprocessableEntity, "", err.Error())
	case errors.Is(err, errManyReplies):
		writeAdminError(w, http.StatusTooManyRequests, "", err.Error())
	default:
		writeAdminError(w, http.StatusNotFound, "", err.Error())
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
func (a *admin) listWebhooks(w http.ResponseWriter, r *http.Request) {
	list := struct {
		Applications []applicationSummary `json:"applications"`
		Webhooks     []webhookSummary     `json:"webhooks"`
		Meta         listMeta             `json:"meta"`
	}{[]applicationSummary{}, []webhookSummary{}, listMeta{}}
	for _, application := range a.world(r).applications() {
		list.Applications = append(list.Applications, applicationSummary{application.ID, application.Name})
	}
	wanted := r.URL.Query().Get("webhook")
	for hook := range a.world(r).era().state.store.allWebhooks() {
		if wanted != "" && hook.Name != wanted && hook.ID != wanted && hook.Token != wanted {
			continue
		}
		if list.Meta.Total++; list.Meta.Total <= maxSummaries {
			list.Webhooks = append(list.Webhooks, summarize(hook))
		}
	}
	writeAdmin(w, list)
}

func summarize(hook *webhook) webhookSummary {
	return webhookSummary{
		ID: hook.ID, ApplicationID: hook.ApplicationID, Name: hook.Name, Token: hook.Token, Path: "/webhooks/" + hook.Token,
		Enabled: hook.enabled, IsWebsocket: hook.IsWebsocket, WaitForReply: hook.WaitForReply,
		VerificationType: hook.VerificationType, VerificationCode: hook.VerificationCode,
		BasicAuthUsername: hook.BasicAuthUsername, BasicAuthPassword: hook.BasicAuthPassword,
	}
}
