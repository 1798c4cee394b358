package suite

import (
	"fmt"
	"maps"
	"net/http"
	"time"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/internal/reply"
	"github.com/losantmock/losantmock/contract/internal/sample"
	"github.com/losantmock/losantmock/contract/internal/trigger"
	"github.com/losantmock/losantmock/contract/live"
)

// lasting is how long a run waits, in paces of its client, before it calls a webhook
// again to see whether what it found lasts: what was written may arrive late at the
// host of the triggers.
const lasting = 4

// triggerCases call the URLs of webhooks that are made for it.
func (r *run) triggerCases() []testCase {
	if r.Triggers == "" {
		return nil
	}
	check := contract.CheckTrigger
	if !r.wants(check) {
		check = contract.CheckTriggerAssumption // which has the same cases
	}
	var cases []testCase
	for _, c := range trigger.Cases() {
		if (r.Slow || !c.Slow) && r.API.Operation(contract.OperationWebhooksPost).CheckBody(sample.Normal(r.called(c))) == nil {
			cases = append(cases, testCase{check, c.Title, true, func(r *run) { r.callWebhook(c) }})
		}
	}
	return cases
}

// called returns the body of the webhook that a case calls.
func (r *run) called(c trigger.Case) map[string]any {
	body := map[string]any{"name": "called"}
	maps.Copy(body, c.Webhook)
	return r.named(body)
}

// named returns properties whose name, where they have one, is that of a webhook of the
// run.
func (r *run) named(properties map[string]any) map[string]any {
	properties = maps.Clone(properties)
	if name, ok := properties["name"].(string); ok {
		properties["name"] = r.prefix + name
	}
	return properties
}

// callWebhook tries a case. Where no webhook can be called, the other cases follow
// from the first one.
func (r *run) callWebhook(c trigger.Case) {
	if r.uncallable != nil {
		r.last = nil
		r.addFound(found{Finding: contract.Finding{Check: r.current.check, Verdict: contract.CouldNotCheck, Message: "was not tried"}, cause: r.uncallable})
		return
	}
	if r.triggers == nil {
		defer r.explain()
		client, err := r.Client.ForTriggers(r.Triggers)
		if err != nil {
			r.couldNot("the base URL of triggers: " + err.Error())
		}
		r.triggers = client
	}
	made := r.send(http.MethodPost, r.hooks(), r.called(c))
	if made.Text("token") == "" {
		r.couldNot("no webhook could be made to call")
	}
	path, hook := r.hook(made.Fields), trigger.NewWebhook(made.Fields, made.Header)
	deleted := false
	for i := range c.Calls {
		call := &c.Calls[i]
		if call.Change != nil && r.API.Operation(contract.OperationWebhookPatch).CheckBody(sample.Normal(r.named(call.Change))) != nil {
			continue // an older API did not know such a change
		}
		if call.Change != nil {
			r.mustSucceed(r.send(http.MethodPatch, path, r.named(call.Change)), "changed")
		}
		if call.Deleted {
			r.mustSucceed(r.call(live.Call{Method: http.MethodDelete, Target: path}), "deleted")
			deleted = true
		}
		r.callTrigger(call, hook)
	}
	if !deleted {
		r.call(live.Call{Method: http.MethodDelete, Target: path})
	}
}

// mustSucceed ends a case whose other calls depend on a write.
func (r *run) mustSucceed(a reply.Reply, done string) {
	if a.Lost() || a.Status >= http.StatusMultipleChoices {
		r.couldNot("the webhook could not be " + done + " for further calls")
	}
}

// explain keeps why no webhook can be called, at the end of the first case.
func (r *run) explain() {
	if !r.callable && len(r.all) > 0 {
		r.uncallable = &r.all[len(r.all)-1].Finding
	}
}

// callTrigger calls a webhook, and again where something is found, since only what lasts
// counts.
func (r *run) callTrigger(call *trigger.Call, hook trigger.Webhook) {
	outcome := r.sendTrigger(call, hook)
	if outcome == nil {
		return
	}
	findings, confirmed := call.Judge(outcome)
	if len(findings) > 0 && call.IsRepeatable() {
		r.pause(lasting * r.triggers.Pace())
		if outcome = r.sendTrigger(call, hook); outcome == nil {
			return
		}
		findings, confirmed = call.Judge(outcome)
	}
	if len(findings) > 0 && !r.callable && !call.IsKnown(r.ctx, r.triggers, outcome) {
		r.lose(true, call.Title+": the host responds to a webhook that was just made as to one that is not there, with "+
			contract.StatusText(outcome.Exchange.Status)+": is "+r.Triggers+" the host of the application's webhooks?")
		return
	}
	r.callable = r.callable || len(findings) == 0
	for _, f := range findings {
		f.Curl = r.curl(r.triggers, outcome.Exchange)
		r.add(f)
	}
	for _, check := range confirmed {
		r.pass(check)
	}
}

// sendTrigger sends a call, and returns nil where there is no response.
func (r *run) sendTrigger(call *trigger.Call, hook trigger.Webhook) *trigger.Outcome {
	r.last = nil
	r.stopWhenEnded()
	outcome, err := call.Send(r.ctx, r.triggers, hook)
	if err != nil {
		r.lose(outcome != nil, fmt.Sprintf("%s: %s", call.Title, err))
		return nil
	}
	r.failures, r.lastResponse = 0, time.Now()
	r.report.Requests++
	if r.Observe != nil {
		r.Observe(r.current.title, outcome.Exchange)
	}
	return outcome
}
