package admin

import (
	"mime"
	"net/http"
	"path"
	"strings"

	"github.com/losantmock/losantmock/mockserver/internal/admin/page"
	"github.com/losantmock/losantmock/mockserver/internal/wire"
)

// pagePolicy lets the page load what stands beside it and call this server,
// and nothing else. No text becomes script: the only policy of trusted types is that
// with which the page names its shared worker.
const pagePolicy = "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types losantmock"

// isPage reports whether a call is for the page itself, which holds no data of
// a world. A browser can't send the admin token for it.
func isPage(r *http.Request) bool {
	under, name := path.Split(r.URL.Path)
	return r.Method == http.MethodGet && (r.URL.Path == root || r.URL.Path == root+"/" || under == root+"/page/" && name != "")
}

// OfServer reports whether a call of the admin API is about no world: it is for the page
// itself, or about which sandboxes there are. It makes no sandbox.
func OfServer(r *http.Request) bool {
	return isPage(r) || r.URL.Path == root+"/sandboxes" || strings.HasPrefix(r.URL.Path, root+"/sandboxes/")
}

// showPage returns the page. Without a slash behind its path it redirects,
// because what the page loads stands beside it.
func (a *Admin) showPage(r *request) (any, error) {
	if r.URL.Path == root {
		return http.HandlerFunc(redirectToPage), nil
	}
	sandbox, _ := a.worlds.NameByHost(r.Host)
	return partOf("index.html", page.Index(a.file, sandbox)), nil
}

func redirectToPage(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Location", path.Base(root)+"/")
	w.WriteHeader(http.StatusFound)
}

func (a *Admin) showPagePart(r *request) (any, error) {
	name := r.param("part")
	text, ok := page.Part(name)
	if !ok {
		return nil, failure(http.StatusNotFound, "", "the page has no part "+wire.Quoted(name))
	}
	return partOf(name, text), nil
}

func partOf(name string, text []byte) document {
	return document{map[string]string{
		"Content-Type":            mime.TypeByExtension(path.Ext(name)),
		"Content-Security-Policy": pagePolicy,
		"Referrer-Policy":         "same-origin", // see fromPage
		"Cache-Control":           "no-cache",
	}, text}
}
