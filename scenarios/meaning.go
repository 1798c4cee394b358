package scenarios

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/scenarios/internal/document"
	"github.com/losantmock/losantmock/scenarios/internal/nodes"
)

// checkMeaning checks what no schema can say inside one file: that the version
// is known and has what the file uses, that scopes exist, and that references
// agree with where they stand.
func (top cursor) checkMeaning(l Limits, taken *names, anywhere bool) {
	api, err := top.api(l)
	if err != nil {
		section, _ := top.get("api")
		version, _ := section.get("version")
		version.Wrong(fmt.Sprintf("%s is not a known version of the API: want one from %s to %s", version.Quoted(), contract.Oldest, contract.Newest))
		return
	}
	top.checkClock()
	top.checkTriggers()
	top.checkFaults(api)
	top.checkResponses(api)
	auth, _ := top.get("auth")
	for _, token := range auth.items("tokens") {
		token.checkTimes("expires")
		for _, scope := range token.items("scopes") {
			if !api.KnowsScope(scope.Node.Value) {
				scope.Wrong(scope.Quoted() + " is not a scope of API " + api.Version.String())
			}
		}
	}
	resources := newResourceCheck(l, api, taken.items, anywhere)
	resources.check(top, nil)
	for _, application := range top.items("applications") {
		application.checkTimes("creationDate", "lastUpdated")
		application.checkSame("applicationId", application, "id")
		application.checkVersion(api, "application", "webhooks", "resources")
		resources.check(application, nil, owner{application, "applicationId", "id"})
		for _, hook := range application.items("webhooks") {
			if pattern, ok := hook.get("generate"); ok {
				pattern.checkPattern(api)
				hook = pattern
			}
			hook.checkTimes("creationDate", "lastUpdated")
			hook.checkSame("webhookId", hook, "id")
			hook.checkSame("applicationId", application, "id")
			hook.checkVersion(api, "webhook", "generate", "count", "reply", "replies", "forward")
			hook.checkPlay()
		}
	}
}

// api returns the API of the file's version.
func (c cursor) api(l Limits) (*contract.API, error) {
	section, _ := c.get("api")
	return l.Contract(&Scenario{API: API{Version: section.Text("version")}})
}

func (c cursor) checkClock() {
	clock, ok := c.get("clock")
	clock.checkTimes("at")
	if step, given := clock.get("step"); given {
		if d, err := time.ParseDuration(step.Node.Value); err != nil || d <= 0 {
			step.Wrong(step.Quoted() + " is not a duration above 0 that fits into 292 years")
		}
	}
	if mode := clock.Text("mode"); !ok || mode == ClockFixed || mode == ClockTicking {
		return
	}
	for _, key := range []string{"at", "step"} {
		if _, ok := clock.get(key); ok {
			clock.WrongKey(key, "needs a clock whose mode is fixed or ticking")
		}
	}
}

// checkTimes checks times, which the API's notion of a format does not.
func (c cursor) checkTimes(keys ...string) {
	for _, key := range keys {
		if at, ok := c.get(key); ok && at.Node.Decode(new(time.Time)) != nil {
			at.Wrong(at.Quoted() + " is not a time such as 2016-06-13T04:00:00.000Z")
		}
	}
}

// checkSame checks that the second name of an id agrees with the first, which its owner
// has under a key of its own.
func (c cursor) checkSame(key string, owner cursor, ownKey string) {
	second, ok := c.get(key)
	id, given := owner.get(ownKey)
	switch {
	case !ok || strings.EqualFold(second.Node.Value, owner.Text(ownKey)):
	case !given:
		second.Wrong(fmt.Sprintf("%s repeats the key %s, which is missing at %s: write it there, or leave this out", second.Quoted(), ownKey, owner.Place()))
	default:
		second.Wrong(second.Quoted() + " is not the id, " + id.Quoted())
	}
}

// checkVersion refuses what the API of the scenario did not have yet. A resource
// has keys of its own in a scenario.
func (c cursor) checkVersion(api *contract.API, resource string, own ...string) {
	schema := api.Schema(resource)
	known := append(schema.Properties(), own...)
	for key := range nodes.Pairs(c.Node) {
		if !slices.Contains(known, key.Value) {
			c.WrongKey(key.Value, "is newer than API "+api.Version.String())
		}
	}
	for _, v := range schema.CheckAll("", document.Value(c.Node)) {
		if len(v.Path) == 1 {
			at, _ := c.get(v.Path[0])
			at.Wrong(c.Doc.Describe(at.Node, v.What, v.Detail) + " in API " + api.Version.String())
		}
	}
}

// checkPattern checks the last and longest webhook of a pattern against the
// API's limits, and that tokens differ.
func (c cursor) checkPattern(api *contract.API) {
	var g Generate
	if err := c.Node.Decode(&g); err != nil {
		return // the schema reports it
	}
	if token, ok := c.get("token"); ok && g.Count > 1 && !strings.Contains(g.Webhook.Token, "{{n}}") {
		token.Wrong("would be the same for each: put {{n}} in it")
	}
	last := g.number(g.Count)
	for key, text := range map[string]string{
		"name": last.Name, "description": last.Description, "verificationCode": last.VerificationCode,
		"basicAuthUsername": last.BasicAuthUsername, "basicAuthPassword": last.BasicAuthPassword,
	} {
		at, ok := c.get(key)
		if v := api.Schema("webhook").Check("", map[string]any{key: text}); ok && v != nil {
			at.Wrong(fmt.Sprintf("%s (%s) at n = %d", v.What, v.Detail, g.Count))
		}
	}
}

// names remembers what must be unique in a world, over all files of a
// scenario, each with the place that named it first.
type names struct {
	ids, emails, accessTokens, webhookTokens, faults map[string]string
	items                                            map[string]string // by collection and id
}

func newNames() *names {
	return &names{map[string]string{}, map[string]string{}, map[string]string{}, map[string]string{}, map[string]string{}, map[string]string{}}
}

// checkUnique refuses what an earlier place named too, in this file or in one
// before it. Ids and emails are the same whatever the case of their letters.
func (top cursor) checkUnique(n *names) {
	auth, _ := top.get("auth")
	for _, user := range auth.items("users") {
		user.unique(n.ids, "id", strings.ToLower(user.Text("id")))
		user.unique(n.emails, "email", strings.ToLower(user.Text("email")))
	}
	for _, token := range auth.items("tokens") {
		token.unique(n.accessTokens, "token", token.Text("token"))
	}
	for _, fault := range top.items("faults") {
		fault.unique(n.faults, "name", fault.Text("name"))
	}
	for _, application := range top.items("applications") {
		application.unique(n.ids, "id", strings.ToLower(application.Text("id")))
		for _, hook := range application.items("webhooks") {
			hook.unique(n.ids, "id", strings.ToLower(hook.Text("id")))
			hook.unique(n.webhookTokens, "token", hook.Text("token"))
			if pattern, ok := hook.get("generate"); ok && pattern.Text("token") != "" {
				pattern.uniqueTokens(n)
			}
		}
	}
}

// uniqueTokens adds every token that a pattern generates, up to the first that
// is not unique: the others are likely not to be either.
func (c cursor) uniqueTokens(n *names) {
	var g Generate
	if err := c.Node.Decode(&g); err != nil || !strings.Contains(g.Webhook.Token, "{{n}}") {
		return // the schema or checkPattern reports it
	}
	at, _ := c.get("token")
	place := at.Place() // of all of them
	for i := range g.Count {
		token := strings.ReplaceAll(g.Webhook.Token, number, strconv.Itoa(i+1))
		if !at.uniqueAt(place, n.webhookTokens, token) {
			return
		}
	}
}

// unique adds the name that a key has, and reports one that is not new.
func (c cursor) unique(taken map[string]string, key, name string) {
	if name != "" {
		at, _ := c.get(key)
		at.uniqueAt(at.Place(), taken, name)
	}
}

// uniqueAt adds a name at a place, and reports whether it is new.
func (c cursor) uniqueAt(place string, taken map[string]string, name string) bool {
	if first, ok := taken[name]; ok {
		if c.Doc.HasVariables(c.Node) {
			name = c.Doc.Shown(c.Node)
		}
		c.Wrong(fmt.Sprintf("%q is already at %s", name, first))
		return false
	}
	taken[name] = place
	return true
}
