package journal

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/losantmock/losantmock/contract/curl"
	"github.com/losantmock/losantmock/mockserver/internal/build"
)

// Formats returns the formats that [Export] writes; the first is the usual one.
func Formats() []string { return []string{"har", "jsonl", "curl"} }

// Export writes requests for other tools: "har" is HAR 1.2, which opens in a
// browser's developer tools, "jsonl" a line of JSON for each request, "curl" a
// command for each. Unless secrets are to be shown, tokens, passwords, codes
// and cookies are replaced by placeholders, the same for the same secret.
func Export(w io.Writer, format string, requests []Request, showSecrets bool) error {
	if !showSecrets {
		requests = redacted(requests)
	}
	switch format {
	case "har":
		return writeHAR(w, requests)
	case "jsonl":
		return writeLines(w, requests)
	case "curl":
		return writeCurl(w, requests)
	default:
		return fmt.Errorf("%q is no format to export, they are %s", format, strings.Join(Formats(), ", "))
	}
}

func writeLines(w io.Writer, requests []Request) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	for _, r := range requests {
		if err := e.Encode(r); err != nil {
			return err
		}
	}
	return nil
}

// The parts of HAR 1.2 that are not blank here.

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

const notKnown = -1 // how HAR says that a size was not measured

func newHAREntry(r Request) harEntry {
	took := float64(r.Duration) / float64(time.Millisecond)
	entry := harEntry{
		StartedDateTime: r.Time.Format("2006-01-02T15:04:05.000Z07:00"),
		Time:            took,
		Request: harRequest{
			Method:      r.Method,
			URL:         r.url(),
			HTTPVersion: r.Proto,
			Cookies:     harCookies((&http.Request{Header: r.Header}).Cookies()),
			Headers:     harPairs(r.Header),
			QueryString: harPairs(r.Query),
			HeadersSize: notKnown,
			BodySize:    len(r.Body),
		},
		Response: harResponse{
			Status:      r.Status,
			StatusText:  http.StatusText(r.Status),
			HTTPVersion: r.Proto,
			Cookies:     harCookies((&http.Response{Header: r.ResponseHeader}).Cookies()),
			Headers:     harPairs(r.ResponseHeader),
			Content:     harContent{Size: len(r.ResponseBody), MimeType: r.ResponseHeader.Get("Content-Type")},
			HeadersSize: notKnown,
			BodySize:    notKnown, // it may have been compressed
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

func (r *Request) url() string { return "http://" + r.Host + r.Target }

func harPairs(values map[string][]string) []harPair {
	pairs := []harPair{}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		for _, value := range values[name] {
			pairs = append(pairs, harPair{name, value})
		}
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

// writeCurl writes a command for each request that sends it again, on a line
// of its own.
func writeCurl(w io.Writer, requests []Request) error {
	for _, r := range requests {
		again := curl.Request{Method: r.Method, Scheme: "http", Host: r.Host, Target: r.Target, Header: r.Header}
		if len(r.Body) > 0 {
			again.Body = r.Body
		}
		command, err := again.Command()
		if err != nil {
			return fmt.Errorf("request %s: %w", r.ID, err)
		}
		if _, err := fmt.Fprintln(w, command); err != nil {
			return err
		}
	}
	return nil
}
