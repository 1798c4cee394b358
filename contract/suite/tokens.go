package suite

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/internal/protocol"
	"github.com/losantmock/losantmock/contract/internal/reply"
	"github.com/losantmock/losantmock/contract/live"
)

// writeByTokenPlaces writes with the token in places other than the usual one.
func (r *run) writeByTokenPlaces() {
	token := r.Client.Token().Reveal()
	r.writeBy(writing{contract.Observed, "a token in access_token", withQuery("?access_token=" + url.QueryEscape(token)), new("")})
	r.writeBy(writing{contract.Observed, "a token behind JWT", withQuery(""), new("JWT " + token)})
}

// writeWith tries to write with another token, which must be refused, and checks
// that nothing was written.
func (r *run) writeWith(authorization string, status int) {
	r.exposed = false // by what was read before: from here on it is the run's own webhook
	r.mineToChange()
	mine := len(r.own) - 1
	r.refresh(mine)
	r.sendEach(protocol.Writes(r.hooks(), r.hook(r.own[mine]), r.prefix+"stolen", authorization, status))
	r.wantNoEffect(mine, "though no request with a token that allows it was sent")
}

func (r *run) writeWithoutToken() { r.writeWith("", http.StatusForbidden) }

func (r *run) writeWithOtherScheme() {
	r.writeWith("Basic "+base64.StdEncoding.EncodeToString([]byte("user:password")), http.StatusForbidden)
}

func (r *run) writeWithWrongToken() {
	if r.AnyToken {
		return
	}
	r.writeWith(unknownToken, http.StatusUnauthorized)
	a := r.call(live.Call{
		Method: http.MethodPost, Target: "/auth/user", Auth: new(unknownToken),
		Body: encoded(r.credentials()),
	})
	r.wantError(a, http.StatusUnauthorized, "message", "Invalid access token", "logging in with a token that nobody issued")
}

// readOnly uses a token that may read and not write, where the suite has one.
func (r *run) readOnly() {
	if r.ReadOnlyToken.IsZero() || r.AnyToken {
		return
	}
	authorization := "Bearer " + r.ReadOnlyToken.Reveal()
	list := r.hooks() + "?perPage=1&" + r.mine()
	all := r.get(list).Total()
	for _, path := range []string{list, r.hook(r.mineToChange()), "/applications/" + r.ApplicationID} {
		a := r.call(live.Call{Method: http.MethodGet, Target: path, Auth: &authorization})
		r.wantStatus(a, http.StatusOK, "reading with a token that may only read")
		r.want(a.Status != http.StatusOK || path != list || a.Total() == all, "webhooks.totalCount", fmt.Sprintf("a token that may only read: want %d, got %d", all, a.Total()))
		for _, thing := range append(a.Items(), a.Fields) {
			if mine := r.mineToChange(); reply.IDOf(thing) == reply.IDOf(mine) {
				r.wantSame(mine, thing, "with a token that may only read")
			}
			actions, _ := thing["_actions"].(map[string]any)
			for _, action := range []string{"post", "patch", "delete"} {
				r.wantOf(contract.CheckHAL, contract.Observed, actions[action] == nil, "_actions."+action, "is there, though the token may only read")
			}
		}
	}
	r.writeWith(authorization, http.StatusForbidden)
}

// borders reaches for a webhook by the path of another application.
func (r *run) borders() {
	other := r.OtherApplicationID
	if other == "" {
		other = nowhereID
	} else if shown := r.ask(live.Call{Method: http.MethodGet, Target: "/applications/" + other + "/webhooks?perPage=1"}); !shown.Lost() && shown.Status != http.StatusOK {
		r.couldNot("the other application, " + other + ", is not shown to the holder of this token: " + contract.StatusText(shown.Status))
	}
	r.exposed = false // by what was read before: from here on it is the run's own webhook
	r.mineToChange()
	mine := len(r.own) - 1
	r.refresh(mine)
	list := "/applications/" + other + "/webhooks"
	path := list + "/" + reply.IDOf(r.own[mine])
	r.made[strings.ToLower(path)] = true // by another path
	for _, call := range []live.Call{
		{Method: http.MethodGet, Target: list + "?perPage=100&" + r.mine()},
		{Method: http.MethodGet, Target: path},
		{Method: http.MethodPatch, Target: path, Body: encoded(map[string]any{"name": r.prefix + "across the border"})},
		{Method: http.MethodDelete, Target: path},
	} {
		a := r.call(call)
		if a.Status == http.StatusOK && call.Target != path {
			r.want(len(a.Items()) == 0, "webhooks.items", "the list of another application has webhooks of this one")
			continue
		}
		refused := a.Status == http.StatusNotFound || a.Status == http.StatusForbidden
		r.want(a.Lost() || refused, "", fmt.Sprintf("%s through another application: want 404 or 403, got %s", call.Method, contract.StatusText(a.Status)))
	}
	r.wantNoEffect(mine, "though only another application's path was used")
}
