package journal

import (
	"encoding/base64"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/losantmock/losantmock/contract/decode"
	"github.com/losantmock/losantmock/mockserver/internal/build"
)

// har is the part of HAR 1.2 that is written.
type har struct {
	Log harLog `json:"log"`
}

type harLog struct {
	Version string     `json:"version"`
	Creator harCreator `json:"creator"`
	Entries []harEntry `json:"entries"`
}

type harCreator struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

type harEntry struct {
	StartedDateTime string      `json:"startedDateTime"`
	Time            float64     `json:"time"` // milliseconds, as all times here
	Request         harRequest  `json:"request"`
	Response        harResponse `json:"response"`
	Cache           struct{}    `json:"cache"`
	Timings         harTimings  `json:"timings"`
	Comment         string      `json:"comment,omitempty"`
}

type harTimings struct {
	Send    float64 `json:"send"`
	Wait    float64 `json:"wait"`
	Receive float64 `json:"receive"`
}

type harRequest struct {
	Method      string       `json:"method"`
	URL         string       `json:"url"`
	HTTPVersion string       `json:"httpVersion"`
	Cookies     []harPair    `json:"cookies"`
	Headers     []harPair    `json:"headers"`
	QueryString []harPair    `json:"queryString"`
	PostData    *harPostData `json:"postData,omitempty"`
	HeadersSize int          `json:"headersSize"`
	BodySize    int          `json:"bodySize"`
}

type harPostData struct {
	MimeType string `json:"mimeType"`
	Text     string `json:"text"`
	Comment  string `json:"comment,omitempty"`
}

type harResponse struct {
	Status      int        `json:"status"`
	StatusText  string     `json:"statusText"`
	HTTPVersion string     `json:"httpVersion"`
	Cookies     []harPair  `json:"cookies"`
	Headers     []harPair  `json:"headers"`
	Content     harContent `json:"content"`
	RedirectURL string     `json:"redirectURL"`
	HeadersSize int        `json:"headersSize"`
	BodySize    int        `json:"bodySize"`
}

type harContent struct {
	Size     int    `json:"size"`
	MimeType string `json:"mimeType"`
	Text     string `json:"text,omitempty"`
	Encoding string `json:"encoding,omitempty"`
}

type harPair struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

func writeHAR(w io.Writer, requests []Request) error {
	log := harLog{Version: "1.2", Creator: harCreator{"losantmock", build.Version()}, Entries: []harEntry{}}
	for _, r := range requests {
		log.Entries = append(log.Entries, newHAREntry(r))
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(har{log})
}

const unknownSize = -1 // in HAR, a size that was not measured

func newHAREntry(r Request) harEntry {
	took := float64(r.Duration) / float64(time.Millisecond)
	entry := harEntry{
		StartedDateTime: r.Time.Format("2006-01-02T15:04:05.000Z07:00"),
		Time:            took,
		Request: harRequest{
			Method:      r.Method,
			URL:         r.url(),
			HTTPVersion: r.Proto,
			Cookies:     harParameters(decode.Cookies(r.Header["Cookie"])),
			Headers:     harPairs(r.Header),
			QueryString: harQuery(r.Target),
			HeadersSize: unknownSize,
			BodySize:    len(r.SentBody()),
		},
		Response: harResponse{
			Status:      r.Status,
			StatusText:  http.StatusText(r.Status),
			HTTPVersion: r.Proto,
			Cookies:     harCookies((&http.Response{Header: r.ResponseHeader}).Cookies()),
			Headers:     harPairs(r.ResponseHeader),
			Content:     harContent{Size: len(r.ResponseBody), MimeType: r.ResponseHeader.Get("Content-Type")},
			HeadersSize: unknownSize,
			BodySize:    unknownSize, // it may have been compressed
		},
		Timings: harTimings{Wait: took},
		Comment: r.Operation,
	}
	if len(r.Body) > 0 {
		data := &harPostData{MimeType: r.Header.Get("Content-Type"), Text: string(r.Body)}
		if !utf8.Valid(r.Body) {
			data.Text, data.Comment = base64.StdEncoding.EncodeToString(r.Body), "base64"
		}
		entry.Request.PostData = data
	}
	if utf8.Valid(r.ResponseBody) {
		entry.Response.Content.Text = string(r.ResponseBody)
	} else {
		entry.Response.Content.Text, entry.Response.Content.Encoding = base64.StdEncoding.EncodeToString(r.ResponseBody), "base64"
	}
	return entry
}

func harPairs(values map[string][]string) []harPair {
	pairs := []harPair{}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		for _, value := range values[name] {
			pairs = append(pairs, harPair{name, value})
		}
	}
	return pairs
}

// harQuery returns the pairs of a target's query, in their order.
func harQuery(target string) []harPair {
	_, query, _ := strings.Cut(target, "?")
	return harParameters(decode.Pairs(query))
}

func harParameters(parameters []decode.Pair) []harPair {
	pairs := []harPair{}
	for _, p := range parameters {
		pairs = append(pairs, harPair{p.Name, p.Text})
	}
	return pairs
}

func harCookies(cookies []*http.Cookie) []harPair {
	pairs := []harPair{}
	for _, cookie := range cookies {
		pairs = append(pairs, harPair{cookie.Name, cookie.Value})
	}
	return pairs
}
