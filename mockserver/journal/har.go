package journal

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/losantmock/losantmock/contract/decode"
	"github.com/losantmock/losantmock/mockserver/internal/build"
)

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

// writeHAR writes the part of HAR 1.2 that is used, entry by entry.
func writeHAR(w io.Writer, requests iter.Seq[Request]) error {
	creator, err := json.Marshal(harCreator{"losantmock", build.Version()})
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintf(w, "{\n  \"log\": {\n    \"version\": \"1.2\",\n    \"creator\": %s,\n    \"entries\": [", creator); err != nil {
		return err
	}
	separator := ""
	for r := range requests {
		var entry bytes.Buffer
		e := json.NewEncoder(&entry)
		e.SetEscapeHTML(false)
		e.SetIndent("      ", "  ")
		if err := e.Encode(newHAREntry(r)); err != nil {
			return err
		}
		if _, err := fmt.Fprintf(w, "%s\n      %s", separator, bytes.TrimSpace(entry.Bytes())); err != nil {
			return err
		}
		separator = ","
	}
	_, err = io.WriteString(w, "\n    ]\n  }\n}\n")
	return err
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
