package suite

import (
	"net/http"
	"slices"
	"strings"

	"github.com/losantmock/losantmock/contract/internal/reply"
)

// refresh reads one of the run's own webhooks before requests that must have no effect.
// An earlier request may have changed it, and been refused.
func (r *run) refresh(place int) {
	if read := r.get(r.hook(r.own[place])); read.Status == http.StatusOK {
		r.own[place] = read.Fields
	}
}

// wantNoEffect checks that requests which were to be refused had no effect: one of the
// run's own webhooks is as it was, and none is new that was not created with success.
// New ones are deleted.
func (r *run) wantNoEffect(place int, though string) {
	was := r.own[place]
	read := r.get(r.hook(was))
	switch read.Status {
	case http.StatusNotFound:
		r.want(false, "", "the webhook is gone, "+though)
		r.own = slices.Delete(r.own, place, place+1)
	case http.StatusOK:
		for _, name := range r.API.Schema("webhook").Properties() {
			value, received := read.Fields[name]
			r.want(!received || was[name] == nil || same(name, value, was[name]), "webhook."+name, "is not as before, "+though)
		}
		r.own[place] = read.Fields
	}
	if r.unconfirmed {
		return // a new one may be of a POST whose response was lost
	}
	list := r.whole(r.mine())
	for _, item := range list.Items() {
		if !r.made[strings.ToLower(r.hooks()+"/"+reply.IDOf(item))] {
			r.last = list.Exchange // which shows it
			r.want(false, "webhooks.items", "a webhook was created, "+though)
			r.delete(r.hook(item))
		}
	}
}
