package suite_test

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/losantmock/losantmock/contract"
)

// lie is one way in which a server is not what the contract has.
type lie struct {
	name  string
	check contract.CheckName // the check that has to notice it
	tell  wrapper
}

// wrapper puts a lie in front of a server.
type wrapper func(next http.Handler) http.Handler

// condition chooses the requests that are lied to.
type condition func(*http.Request) bool

// changed lets change alter each response to a request that matches.
func changed(when condition, change func(r *http.Request, a *altered)) wrapper {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if !when(r) {
				next.ServeHTTP(w, r)
				return
			}
			body, _ := io.ReadAll(r.Body)
			r.Body = io.NopCloser(bytes.NewReader(body))
			r.Header.Del("Accept-Encoding")
			a := &altered{sent: body, next: next}
			a.take(r)
			change(r, a)
			maps.Copy(w.Header(), a.header)
			w.Header().Del("Content-Length")
			out := a.raw
			if out == nil && a.fields != nil {
				out, _ = json.Marshal(a.fields)
			}
			w.WriteHeader(a.status)
			_, _ = w.Write(out)
		})
	}
}

// altered is a response that a lie may change.
type altered struct {
	status int
	header http.Header
	fields object
	raw    []byte // in place of the fields
	sent   []byte
	next   http.Handler
}

// take takes the response of the server beneath.
func (a *altered) take(r *http.Request) {
	recorded := httptest.NewRecorder()
	a.next.ServeHTTP(recorded, r)
	a.status, a.header, a.fields, a.raw = recorded.Code, recorded.Header(), nil, nil
	if json.Unmarshal(recorded.Body.Bytes(), &a.fields) != nil {
		a.raw = recorded.Body.Bytes()
	}
}

// replay takes the response to another request, of the same token.
func (a *altered) replay(method, target, body string) {
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer "+allUser)
	r.Header.Set("Content-Type", "application/json")
	a.take(r)
}

// beside sends another request, and leaves the response as it is.
func (a *altered) beside(method, target, body string) {
	was := *a
	a.replay(method, target, body)
	*a = was
}

func (a *altered) items() []any { list, _ := a.fields["items"].([]any); return list }

// setItems replaces the items of a list, and its count.
func (a *altered) setItems(items []any) { a.fields["items"], a.fields["count"] = items, len(items) }

// fail makes the response an error.
func (a *altered) fail(status int, kind, message string) {
	a.status, a.raw, a.fields = status, nil, object{"type": kind, "message": message}
}

// before lets a server see another request than the one that was sent.
func before(when condition, change func(r *http.Request)) wrapper {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			seen := r
			if when(r) {
				body, _ := io.ReadAll(r.Body)
				seen = r.Clone(r.Context())
				seen.Body = io.NopCloser(bytes.NewReader(body))
				change(seen)
			}
			next.ServeHTTP(w, seen)
		})
	}
}

func all(*http.Request) bool { return true }

func method(name string) condition { return func(r *http.Request) bool { return r.Method == name } }
func both(a, b condition) condition {
	return func(r *http.Request) bool { return a(r) && b(r) }
}

func onList(r *http.Request) bool  { return r.URL.Path == hooks }
func listing(r *http.Request) bool { return r.Method == "GET" && onList(r) }
func ofOne(r *http.Request) bool {
	return strings.HasPrefix(r.URL.Path, hooks+"/") && len(path.Base(r.URL.Path)) == 24
}
func readsOne(r *http.Request) bool { return r.Method == "GET" && ofOne(r) }
func creates(r *http.Request) bool  { return r.Method == "POST" && onList(r) }
func changes(r *http.Request) bool  { return r.Method == "PATCH" && ofOne(r) }
func deletes(r *http.Request) bool  { return r.Method == "DELETE" && ofOne(r) }
func writes(r *http.Request) bool   { return creates(r) || changes(r) }
func nowhere(r *http.Request) bool  { return strings.HasSuffix(r.URL.Path, "/000000000000000000000000") }
func atRoot(r *http.Request) bool   { return r.URL.Path == "/" }
func preflights(r *http.Request) bool {
	return r.Method == "OPTIONS"
}
func showsApplication(r *http.Request) bool {
	return r.Method == "GET" && r.URL.Path == "/applications/"+app
}
func listsApplications(r *http.Request) bool {
	return r.Method == "GET" && r.URL.Path == "/applications"
}

func has(name, value string) condition {
	return func(r *http.Request) bool { return r.Header.Get(name) == value }
}

// asks matches a query that has a parameter with a value; blank is any.
func asks(name, value string) condition {
	return func(r *http.Request) bool {
		q := r.URL.Query()
		return q.Has(name) && (value == "" || q.Get(name) == value)
	}
}

// good alters responses that succeeded.
func good(change func(r *http.Request, a *altered)) func(*http.Request, *altered) {
	return func(r *http.Request, a *altered) {
		if a.status < 300 && a.fields != nil {
			change(r, a)
		}
	}
}

// becomes lies about a status.
func becomes(when condition, from, to int) wrapper {
	return changed(when, func(_ *http.Request, a *altered) {
		if a.status == from {
			a.status = to
		}
	})
}

// says lies in a word of an error.
func says(when condition, status int, field, text string) wrapper {
	return changed(when, func(_ *http.Request, a *altered) {
		if a.status == status && a.fields[field] != nil {
			a.fields[field] = text
		}
	})
}

// head lies in a header; a blank text removes it.
func head(when condition, name, text string) wrapper {
	return changed(when, func(_ *http.Request, a *altered) {
		if a.header.Del(name); text != "" {
			a.header.Set(name, text)
		}
	})
}

// shows lies in a property of what succeeds.
func shows(when condition, name string, value any) wrapper {
	return changed(when, good(func(_ *http.Request, a *altered) { a.fields[name] = value }))
}

// hides leaves out a property of what succeeds.
func hides(when condition, name string) wrapper {
	return changed(when, good(func(_ *http.Request, a *altered) { delete(a.fields, name) }))
}

// items lies in each item of a list.
func items(when condition, change func(item object)) wrapper {
	return changed(when, good(func(_ *http.Request, a *altered) {
		for _, item := range a.items() {
			change(item.(object))
		}
	}))
}

// within lies in an object inside of what succeeds, such as _links.
func within(when condition, name string, change func(object)) wrapper {
	return changed(when, good(func(_ *http.Request, a *altered) {
		if inner, ok := a.fields[name].(object); ok {
			change(inner)
		}
	}))
}

// unseen lets a server see another query, and the response repeat the one that was
// sent.
func unseen(when condition, change func(url.Values)) wrapper {
	return changed(when, func(r *http.Request, a *altered) {
		if a.status != http.StatusOK {
			return
		}
		q := r.URL.Query()
		was := a.fields
		change(q)
		a.replay(r.Method, r.URL.Path+"?"+q.Encode(), "")
		for _, name := range []string{"sortField", "sortDirection", "page", "perPage", "filterField", "filter"} {
			if a.fields[name] = was[name]; was[name] == nil {
				delete(a.fields, name)
			}
		}
	})
}

// replaced lets a server see another value of a query's parameter, where it has the
// first.
func replaced(name, from, to string) wrapper {
	return before(asks(name, from), func(r *http.Request) { rewriteQuery(r, func(q url.Values) { q.Set(name, to) }) })
}

func rewriteQuery(r *http.Request, change func(url.Values)) {
	q := r.URL.Query()
	change(q)
	r.URL.RawQuery = q.Encode()
}

// rewriteBody changes a body that is a JSON object.
func rewriteBody(r *http.Request, change func(object)) {
	body, _ := io.ReadAll(r.Body)
	var fields object
	if json.Unmarshal(body, &fields) == nil && fields != nil {
		change(fields)
		body, _ = json.Marshal(fields)
	}
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
}

// takes lets a server see another value of a property, where that was sent.
func takes(when condition, name string, change func(value any) any) wrapper {
	return before(when, func(r *http.Request) {
		rewriteBody(r, func(fields object) {
			if value, ok := fields[name]; ok {
				fields[name] = change(value)
			}
		})
	})
}

// texts is takes for a property that is a text.
func texts(when condition, name string, change func(string) string) wrapper {
	return takes(when, name, func(value any) any {
		if text, ok := value.(string); ok {
			return change(text)
		}
		return value
	})
}

// accepts lets a server see a good value of a property in place of a bad one.
func accepts(when condition, name string, bad, good any) wrapper {
	return takes(when, name, func(value any) any {
		if value == bad {
			return good
		}
		return value
	})
}

// shortens lets a server accept a text that has one unit too many.
func shortens(when condition, name string, limit int) wrapper {
	return texts(when, name, func(text string) string {
		if len(text) == limit+1 {
			return text[:limit]
		}
		return text
	})
}

// refuses lets a server refuse what it should accept.
func refuses(when condition, wrong func(sent object) bool, message string) wrapper {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			body, _ := io.ReadAll(r.Body)
			r.Body = io.NopCloser(bytes.NewReader(body))
			var sent object
			if _ = json.Unmarshal(body, &sent); when(r) && sent != nil && wrong(sent) {
				w.Header().Set("Content-Type", "application/json")
				w.Header().Set("Access-Control-Allow-Origin", "*")
				w.Header().Set("Vary", "origin")
				w.WriteHeader(http.StatusBadRequest)
				_ = json.NewEncoder(w).Encode(object{"type": "Validation", "message": message})
				return
			}
			next.ServeHTTP(w, r)
		})
	}
}

func is(name string, value any) func(object) bool {
	return func(sent object) bool { return sent[name] == value }
}

func long(name string, n int) func(object) bool {
	return func(sent object) bool { text, ok := sent[name].(string); return ok && len(text) == n }
}

// forgets lets a server ignore a property that is written.
func forgets(when condition, name string) wrapper {
	return before(when, func(r *http.Request) { rewriteBody(r, func(fields object) { delete(fields, name) }) })
}

// resets lets each change set a property that it does not mention.
func resets(name string, value any) wrapper { return adds(changes, name, value) }

// adds lets a server see a property that was not sent.
func adds(when condition, name string, value any) wrapper {
	return before(when, func(r *http.Request) {
		rewriteBody(r, func(fields object) {
			if _, ok := fields[name]; !ok {
				fields[name] = value
			}
		})
	})
}

// trusts lets a server see a good token.
func trusts(when condition) wrapper {
	return before(when, func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+allUser) })
}

// loses lets a list lack one of its items, and count as if that was all.
func loses(when condition, at func(items []any) int) wrapper {
	return changed(both(listing, when), good(func(_ *http.Request, a *altered) {
		if i := at(a.items()); i >= 0 && i < len(a.items()) {
			a.setItems(slices.Delete(a.items(), i, i+1))
			total, _ := a.fields["totalCount"].(float64)
			a.fields["totalCount"] = total - 1
		}
	}))
}

// filtered lets a list keep other items than those that match.
func filtered(keep func(glob, name string) bool) wrapper {
	return changed(both(listing, asks("filterField", "name")), func(r *http.Request, a *altered) {
		glob := r.URL.Query().Get("filter")
		if a.status != http.StatusOK || glob == "" {
			return
		}
		was, q := a.fields, r.URL.Query()
		per, page := was["perPage"].(float64), was["page"].(float64)
		q.Set("perPage", "1000")
		q.Set("page", "0")
		q.Del("filter")
		a.replay("GET", hooks+"?"+q.Encode(), "")
		kept := slices.DeleteFunc(a.items(), func(item any) bool {
			name, _ := item.(object)["name"].(string)
			return !keep(glob, name)
		})
		a.fields["totalCount"], a.fields["perPage"], a.fields["page"], a.fields["filter"] = len(kept), per, page, glob
		from := min(int(per*page), len(kept))
		a.setItems(kept[from:min(from+int(per), len(kept))])
	})
}

// defines lies in the API's description of itself.
func defines(from, to string) wrapper {
	return changed(atRoot, func(_ *http.Request, a *altered) {
		text, _ := json.Marshal(a.fields)
		a.raw = bytes.ReplaceAll(text, []byte(from), []byte(to))
	})
}

// redefines lies in one place of the API's description of itself.
func redefines(change func(o object), steps ...string) wrapper {
	return changed(atRoot, good(func(_ *http.Request, a *altered) {
		o := a.fields
		for _, step := range steps {
			o = o[step].(object)
		}
		change(o)
	}))
}

// matches reports whether a name matches a glob in the same case.
func matches(glob, name string) bool {
	ok, err := path.Match(glob, name)
	return ok && err == nil
}
