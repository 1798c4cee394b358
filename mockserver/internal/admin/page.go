package admin

import (
	"embed"
	"mime"
	"net/http"
	"path"

	"github.com/gorilla/mux"
	"github.com/losantmock/losantmock/mockserver/internal/wire"
)

// page is the admin API for people: plain HTML, CSS and JavaScript modules
// that ask the admin API and the API itself.
//
//go:embed page
var page embed.FS

// pagePolicy lets the page load what is beside it, ask this server, and do
// nothing else.
const pagePolicy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// isPage tells whether a call asks for the page itself, which has nothing of
// the world in it. A browser can't send the admin token for it.
func isPage(r *http.Request) bool {
	under, name := path.Split(r.URL.Path)
	return r.Method == http.MethodGet && (r.URL.Path == root || r.URL.Path == root+"/" || under == root+"/page/" && name != "")
}

func (a *Admin) showPage(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == root {
		// What the page loads stands beside it.
		w.Header().Set("Location", path.Base(root)+"/")
		w.WriteHeader(http.StatusFound)
		return
	}
	servePage(w, "index.html")
}

func (a *Admin) showPagePart(w http.ResponseWriter, r *http.Request) {
	servePage(w, mux.Vars(r)["part"])
}

func servePage(w http.ResponseWriter, name string) {
	text, err := page.ReadFile(path.Join("page", name))
	if err != nil {
		WriteError(w, http.StatusNotFound, "", "the page has no part "+wire.Quoted(name))
		return
	}
	h := w.Header()
	h.Set("Content-Type", mime.TypeByExtension(path.Ext(name)))
	h.Set("Content-Security-Policy", pagePolicy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cache-Control", "no-cache")
	_, _ = w.Write(text) // a client that has gone away is no error of ours
}
