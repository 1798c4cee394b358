package suite

import (
	"net/http"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/live"
)

// likeClients sends what Losant's own clients send with every request: the switches of
// extras, and a body with each DELETE.
func (r *run) likeClients() {
	const switches = "?_actions=false&_links=true&_embedded=true"
	r.wantStatusBy(contract.Inferred, r.get(r.hooks()+switches+"&perPage=1&"+r.mine()), http.StatusOK, "reading as Losant's clients do")
	r.writeBy(writing{contract.Observed, "what Losant's clients send", withQuery(switches), nil})
	for i := range r.API.Params {
		p := &r.API.Params[i]
		header := http.Header{}
		header.Set(p.Name, p.ExampleText())
		a := r.call(live.Call{Method: http.MethodGet, Target: r.hooks() + "?perPage=1&" + r.mine(), Header: header})
		r.wantStatusBy(contract.Inferred, a, http.StatusOK, "with the header "+p.Name)
	}
}
