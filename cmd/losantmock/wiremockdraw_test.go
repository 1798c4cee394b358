package main

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"strings"
)

// drawer draws requests, and patterns that match them or nearly do.
type drawer struct{ *rand.Rand }

// one returns one of several values.
func one[T any](d drawer, values ...T) T { return values[d.IntN(len(values))] }

func (d drawer) chance(of float64) bool { return d.Float64() < of }

// drawPairs draws so many pairs, five for each request.
func drawPairs(r *rand.Rand, count int) []pair {
	d := drawer{r}
	var pairs []pair
	for i := 0; len(pairs) < count; i++ {
		w := d.request(i)
		for range 5 {
			pairs = append(pairs, pair{w.sent, asJSON(d.pattern(w))})
		}
	}
	return pairs[:count]
}

// drawnRequest is a request with what it was made of.
type drawnRequest struct {
	sent
	path    []string // its segments
	query   url.Values
	form    url.Values
	cookies map[string]string
	json    map[string]any
	parts   []drawnPart
	user    string
}

type drawnPart struct{ name, content string }

var drawnTexts = []string{"a", "door", "Door opened", "x-1", "10", "", "2021-06-24T10:00:00Z", "2021-06-24", "ü€", `{"n":1}`, "1.50", "a.b", "/a/b"}

func (d drawer) request(i int) drawnRequest {
	w := drawnRequest{path: []string{fmt.Sprintf("r%d", i), one(d, "a", "b-c", "12"), one(d, "x", "y.z")}, query: url.Values{}, form: url.Values{}, cookies: map[string]string{}}
	w.Method = one(d, "GET", "POST", "PUT", "PATCH", "DELETE")
	w.Header = http.Header{}
	for _, name := range []string{"q", "page"} {
		for range d.IntN(3) {
			w.query.Add(name, cmp.Or(one(d, drawnTexts...), "blank"))
		}
	}
	w.Target = "/" + strings.Join(w.path, "/")
	if len(w.query) > 0 {
		w.Target += "?" + w.query.Encode()
	}
	for _, name := range []string{"X-One", "X-Two"} {
		for range d.IntN(3) {
			w.Header.Add(name, one(d, "a", "door", "Door opened", "10", "2021-06-24T10:00:00+02:00", "Thu, 24 Jun 2021 10:00:00 GMT", "text/plain"))
		}
	}
	if d.chance(0.3) {
		w.user = one(d, "ann", "bob:c")
		w.Header.Set("Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(w.user)))
	}
	if d.chance(0.3) {
		w.cookies["flavour"] = one(d, "plain", "nut")
		w.Header.Set("Cookie", "flavour="+w.cookies["flavour"]+"; size=1")
	}
	if w.Method != "GET" && w.Method != "DELETE" {
		d.body(&w)
	}
	return w
}

func (d drawer) body(w *drawnRequest) {
	switch d.IntN(10) {
	case 0:
		w.Body = one(d, "", "plain text", "2021-06-24", "{nope", "a\nb", "12", "true")
	case 1, 2:
		for _, name := range []string{"f", "g"} {
			for range d.IntN(3) {
				w.form.Add(name, cmp.Or(one(d, drawnTexts...), "blank"))
			}
		}
		w.Body = w.form.Encode()
		w.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	case 3, 4:
		var b strings.Builder
		m := multipart.NewWriter(&b)
		_ = m.SetBoundary("drawn") // by default it is random
		for range 1 + d.IntN(2) {
			p := drawnPart{one(d, "info", "file"), one(d, "door", `{"n":1}`, "some text")}
			part, err := m.CreateFormFile(p.name, p.name+".txt")
			if err == nil {
				_, err = part.Write([]byte(p.content))
			}
			if err != nil {
				panic(err) // it is written into memory
			}
			w.parts = append(w.parts, p)
		}
		_ = m.Close()
		w.Body = b.String()
		w.Header.Set("Content-Type", m.FormDataContentType())
	default:
		w.json = d.document()
		w.Body = asJSON(w.json)
		w.Header.Set("Content-Type", "application/json")
	}
}

// document draws an object with members of each kind, of which some are missing.
func (d drawer) document() map[string]any {
	number := func() any {
		return json.Number(one(d, "1", "2", "1.0", "1e0", "-3", "1.5", "9007199254740993", "9007199254740992", "200", "2e2"))
	}
	list := func() any {
		values := []any{}
		for range d.IntN(4) {
			values = append(values, one[any](d, "x", "yy", number(), true))
		}
		return values
	}
	items := []any{}
	for range d.IntN(4) {
		item := map[string]any{"q": number()}
		if d.chance(0.5) {
			item["r"] = one(d, "u", "v")
		}
		items = append(items, item)
	}
	doc := map[string]any{}
	for _, m := range []struct {
		name  string
		value any
	}{
		{"n", number()}, {"s", one(d, drawnTexts...)}, {"b", d.chance(0.5)}, {"z", nil}, {"a", list()},
		{"o", map[string]any{"p": items, "s": one(d, "door", "hall")}}, {"x y", 1}, {"e", map[string]any{}},
	} {
		if d.chance(0.75) {
			doc[m.name] = m.value
		}
	}
	return doc
}

// pattern draws a pattern that always has the place of the request.
func (d drawer) pattern(w drawnRequest) map[string]any {
	p := map[string]any{}
	d.place(w, p)
	if d.chance(0.03) {
		p[one(d, "urlPaht", "header", "bodyPatterns")] = one[any](d, []any{map[string]any{}}, map[string]any{"equalTo": "x"}, 5)
	}
	for range one(d, 1, 1, 2) {
		switch d.IntN(14) {
		case 0:
			p["method"] = one(d, w.Method, w.Method, w.Method, "ANY", "GET_OR_HEAD", "POST")
		case 1:
			name := one(d, "X-One", "X-Two", "X-Three")
			p["headers"] = map[string]any{name: d.values(w.Header.Values(name))}
		case 2:
			name := one(d, "X-One", "X-Two")
			p["headers"] = map[string]any{strings.ToLower(name): d.values(w.Header.Values(name))}
		case 3:
			name := one(d, "q", "page", "q")
			p["queryParameters"] = map[string]any{name: d.values(w.query[name])}
		case 4:
			name := one(d, "f", "g")
			if len(w.form) > 0 {
				p["formParameters"] = map[string]any{name: d.values(w.form[name])}
			}
		case 5:
			if len(w.cookies) > 0 || d.chance(0.2) {
				p["cookies"] = map[string]any{"flavour": d.text(one(d, w.cookies["flavour"], w.cookies["flavour"], "nut"), true, 1)}
			}
		case 6:
			user, password, _ := strings.Cut(one(d, w.user, w.user, "ann"), ":")
			if w.user != "" {
				p["basicAuthCredentials"] = map[string]any{"username": user, "password": password}
			}
		case 7:
			p["host"] = d.text("127.0.0.1", true, 1)
			p["port"] = "PORT"
			p["scheme"] = one(d, "http", "http", "http", "https")
			p["clientIp"] = map[string]any{one(d, "equalTo", "contains", "matches", "doesNotContain"): one(d, "127.0.0.1", "127.0.0.1", "127.0.0.2")} // another text is a listed difference
		case 8:
			if len(w.parts) > 0 || d.chance(0.2) {
				p["multipartPatterns"] = []any{d.part(w)}
			}
		default:
			if w.Body != "" || d.chance(0.3) {
				p["bodyPatterns"] = []any{d.content(w)}
			}
		}
	}
	return p
}

// place draws the field that matches the URL.
func (d drawer) place(w drawnRequest, p map[string]any) {
	path := "/" + strings.Join(w.path, "/")
	switch d.IntN(8) {
	case 0:
		p["url"] = w.Target
	case 1:
		p["urlPattern"] = one(d, regexp.QuoteMeta(path)+".*", regexp.QuoteMeta(path)+".*", regexp.QuoteMeta(path))
	case 2:
		p["urlPathPattern"] = one(d, regexp.QuoteMeta("/"+w.path[0])+"/.*", regexp.QuoteMeta(path)+"$")
	case 3:
		p["urlPathTemplate"] = "/" + w.path[0] + "/{one}/" + one(d, "{two}", w.path[2], "**")
		p["pathParameters"] = map[string]any{"one": d.text(w.path[1], false, 1)}
	default:
		p["urlPath"] = path
	}
}

// values draws a matcher of a name that may have several values.
func (d drawer) values(values []string) map[string]any {
	value := ""
	if len(values) > 0 {
		value = one(d, values...)
	}
	if d.chance(0.25) {
		list := []any{}
		for _, v := range values {
			list = append(list, map[string]any{"equalTo": one(d, v, v, v, "other")})
		}
		if len(list) == 0 || d.chance(0.1) {
			list = append(list, map[string]any{"contains": "o"})
		}
		if len(values) < 2 || values[0] != values[1] {
			d.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
			return map[string]any{one(d, "hasExactly", "includes"): list}
		}
	}
	return d.text(value, len(values) < 2, 2)
}

// nearly returns a text or one that is nearly the same.
func (d drawer) nearly(text string) string {
	switch {
	case d.chance(0.94):
		return text
	case d.chance(0.5):
		return text + "x"
	default:
		return strings.ToUpper(text)
	}
}

// text draws a matcher of a text. For one of several values it draws none that
// differs on purpose: no negative one, no date, and none in any case.
func (d drawer) text(text string, alone bool, depth int) map[string]any {
	value := d.nearly(text)
	begin, end := 0, len(value)
	if runes := []rune(value); len(runes) > 1 {
		begin, end = len(string(runes[:d.IntN(len(runes))])), len(value)
	}
	kind := d.IntN(12)
	if !alone && kind >= 9 {
		kind -= 9
	}
	if kind == 5 && (!alone || !strings.Contains(text, "20")) || kind == 6 && !strings.HasPrefix(text, "/") {
		kind = 3 // what is no date, and a path template without a text, are listed differences
	}
	switch kind {
	case 0, 1:
		return map[string]any{"equalTo": value}
	case 2:
		return map[string]any{"equalTo": value, "caseInsensitive": alone && d.chance(0.7)}
	case 3:
		return map[string]any{"contains": value[begin:end]}
	case 4:
		return map[string]any{"matches": one(d, ".*"+regexp.QuoteMeta(value[begin:end]), ".*"+regexp.QuoteMeta(value[begin:end]), regexp.QuoteMeta(value), regexp.QuoteMeta(value), "[a-z]+", "[A-Z0-9 ]+", "(?i)door.*", `\d+`)}
	case 5:
		return d.date(text)
	case 6:
		return map[string]any{"matchesPathTemplate": one(d, "/a/{x}", "{x}", "/{x}/{y}", "/**")}
	case 7, 8:
		if depth > 0 {
			return map[string]any{one(d, "and", "or"): []any{d.text(text, alone, depth-1), d.text(text, alone, depth-1)}}
		}
		return map[string]any{"anything": "anything"}
	case 9:
		return map[string]any{one(d, "doesNotContain", "doesNotMatch"): regexp.QuoteMeta(value)}
	case 10:
		return map[string]any{"absent": true}
	default:
		if depth > 0 {
			return map[string]any{"not": d.text(text, alone, depth-1)}
		}
		return map[string]any{"doesNotContain": "other"}
	}
}

// date draws a matcher of a date.
func (d drawer) date(text string) map[string]any {
	m := map[string]any{}
	name := one(d, "before", "after", "equalToDateTime")
	m[name] = one(d, "2021-06-24T10:00:00Z", "2021-06-24T08:00:00Z", "2021-06-24", "2021-06-24T10:00:00", "2030-01-01T00:00:00+01:00", "2021", "2021-06")
	switch d.IntN(6) {
	case 0:
		m[name] = one(d, "now", "now +3 days", "now -1 months", "-20 years", "now +5 hours")
	case 1:
		m[name] = "now"
		m["expectedOffset"], m["expectedOffsetUnit"] = one(d, -3, 40), one(d, "years", "days")
	case 2:
		m[name] = "now"
		m["truncateExpected"], m["applyTruncationLast"] = one(d, "first day of month", "last day of year"), d.chance(0.5)
	case 3:
		if strings.Contains(text, "T") {
			m["truncateActual"] = one(d, "first hour of day", "first minute of hour", "first day of next month")
		}
	case 4:
		m["actualFormat"] = one(d, "yyyy-MM-dd", "unix", "dd/MM/yyyy", "yyyy-MM-dd'T'HH:mm:ssXXX")
		if f := m["actualFormat"]; f == "unix" {
			delete(m, "actualFormat") // a text that is no number is an error 500 of WireMock
		}
	}
	return m
}
