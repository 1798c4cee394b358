package page

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"regexp"
	"slices"
	"strings"

	"github.com/losantmock/losantmock/mockserver/journal"
)

// reportPolicy lets a report open no connection at all. What runs are its own scripts,
// by a nonce that the modules of the page inherit from the first of them.
const reportPolicy = "default-src 'none'; script-src 'nonce-%[1]s'; style-src 'nonce-%[1]s'; img-src data:; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types losantmock"

// WriteReport writes the page as one file that needs no server, with the newest of the
// requests, which come oldest first. Their secrets are replaced as in an export. The
// requests take at most so many bytes, of JSON; the older ones are left out, which the
// page says, and their number is returned. The page says first which failures there were.
func WriteReport(w io.Writer, file string, requests []journal.Request, maxBytes int64, failures ...string) (left int, err error) {
	fitting := newestWithin(requests, maxBytes)
	newest := &newestLines{most: maxBytes, lines: []json.RawMessage{}, left: len(requests) - len(fitting)}
	if err := journal.Export(newest, journal.JSONL, fitting, false); err != nil {
		return 0, err
	}
	records, err := json.Marshal(struct {
		Left     int               `json:"left"`
		Requests []json.RawMessage `json:"requests"`
		Failures []string          `json:"failures"`
	}{newest.left, newest.lines, failures}) // with escapes in place of <, > and &: no text ends the script
	if err != nil {
		return 0, err
	}
	frame, err := newFrame(file)
	if err != nil {
		return 0, err
	}
	for _, part := range [][]byte{frame.head, records, frame.foot} {
		if _, err := w.Write(part); err != nil {
			return 0, err
		}
	}
	return newest.left, nil
}

// newestWithin returns the newest requests whose bodies take so many bytes: more would be
// written to be left out.
func newestWithin(requests []journal.Request, most int64) []journal.Request {
	for i := range slices.Backward(requests) {
		r := &requests[i]
		if most -= int64(len(r.Target) + len(r.Body) + len(r.ResponseBody)); most < 0 {
			return requests[i+1:]
		}
	}
	return requests
}

// newestLines keeps the newest lines that are written to it, one at a time.
type newestLines struct {
	most, bytes int64
	lines       []json.RawMessage
	left        int
}

// Write keeps a line in the form in which it stands in HTML.
func (n *newestLines) Write(line []byte) (int, error) {
	var escaped bytes.Buffer
	json.HTMLEscape(&escaped, bytes.TrimSuffix(line, []byte("\n")))
	n.lines = append(n.lines, escaped.Bytes())
	n.bytes += int64(escaped.Len()) + 1 // with the comma
	for n.bytes > n.most && len(n.lines) > 0 {
		n.bytes -= int64(len(n.lines[0])) + 1
		n.lines = n.lines[1:]
		n.left++
	}
	return len(line), nil
}

// frame is a report without its records.
type frame struct{ head, foot []byte }

var errIndex = errors.New("index.html has no links to the style and the script")

// newFrame returns the page with its style and its modules in place of the links to
// them. A module can't name another by a path there: a map leads from its name to the
// module, as a URL that has the whole text.
func newFrame(file string) (frame, error) {
	const style, script, charset = `<link rel="stylesheet" href="page/style.css">`, `<script type="module" src="page/app.js"></script>`, `<meta charset="utf-8">`
	index, _ := Part("index.html")
	text := about(string(index), map[string]string{"file": file})
	if !strings.Contains(text, style) || !strings.Contains(text, script) || !strings.Contains(text, charset) {
		return frame{}, errIndex
	}
	css, _ := Part("style.css")
	modules, err := importMap()
	if err != nil {
		return frame{}, err
	}
	nonce := rand.Text()
	element := func(tag, attributes, content string) string {
		return fmt.Sprintf("<%s nonce=%q%s>%s</%[1]s>", tag, nonce, attributes, content)
	}
	text = strings.Replace(text, charset, charset+fmt.Sprintf("\n  <meta http-equiv=\"Content-Security-Policy\" content=%q>", fmt.Sprintf(reportPolicy, nonce)), 1)
	text = strings.Replace(text, style, element("style", "", string(css)), 1)
	before, after, _ := strings.Cut(text, script)
	head := before + element("script", ` type="importmap"`, string(modules)) + "\n  <script id=\"records\" type=\"application/json\">"
	after = strings.Replace(after, "<body>", "<body>\n  <noscript>This report needs JavaScript.</noscript>", 1)
	foot := "</script>\n  " + element("script", ` type="module"`, `import "app.js";`) + after
	return frame{[]byte(head), []byte(foot)}, nil
}

// imported is the name of another module behind from.
var imported = regexp.MustCompile(`from '\./([a-z]+\.js)'`)

// importMap returns the import map of the page's modules.
func importMap() ([]byte, error) {
	names, err := fs.Glob(parts, "*.js")
	if err != nil {
		return nil, err
	}
	modules := map[string]string{}
	for _, name := range names {
		text, _ := Part(name)
		text = imported.ReplaceAll(text, []byte("from '$1'"))
		modules[name] = "data:text/javascript;base64," + base64.StdEncoding.EncodeToString(text)
	}
	return json.Marshal(map[string]any{"imports": modules})
}
