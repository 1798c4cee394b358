package report_test

import (
	"encoding/json"
	"encoding/xml"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/report"
	"github.com/losantmock/losantmock/contract/secret"
)

// sample returns a small report with each verdict.
func sample() *report.Report {
	r := &report.Report{Target: "http://localhost:8080", APIVersion: "1.30.0", RunID: "run", Started: time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC), Took: 1.25, Verdict: contract.Conforms, Requests: 12, LeftBehind: []string{"/w/1"}}
	for range 3 {
		r.Pass(contract.CheckMethod)
	}
	r.Add(contract.Finding{Check: contract.CheckSchema, Verdict: contract.Breaks, Operation: "webhooks.get", Field: "webhooks.items.0.name", Message: "is missing", Case: "pages", Curl: "curl http://h"})
	r.Add(contract.Finding{Check: contract.CheckSchema, Verdict: contract.News, Operation: "webhook.get", Field: "webhook.x", Message: "is not in the contract", Curl: "curl http://h/news"})
	r.Add(contract.Finding{Check: contract.CheckSchema, Verdict: contract.Breaks, Operation: "webhooks.get", Field: "webhooks.items.7.name", Message: "is missing", Case: "sorting"})
	r.Add(contract.Finding{Check: contract.CheckEcho, Verdict: contract.CouldNotCheck, Message: "the network is down"})
	r.Checks = append(r.Checks, report.CheckResult{Name: contract.CheckHAL, Verdict: contract.Conforms})
	return r
}

func written(t *testing.T, r *report.Report, format report.Format) string {
	t.Helper()
	var text strings.Builder
	if err := r.Write(&text, format); err != nil {
		t.Fatal(err)
	}
	return text.String()
}

const textWant = `http://localhost:8080 against the contract of Losant's API 1.30.0

conforms         unsupported_method               3 passed
breaks           response_schema_conformance      0 passed
    breaks: webhooks.get: webhooks.items.0.name: is missing (pages) [2 times]
        curl http://h
    news: webhook.get: webhook.x: is not in the contract
could not check  echo_conformance                 0 passed
    could not check: the network is down
not run          hal_conformance                  0 passed

left behind: /w/1 could not be deleted

breaks: 12 requests in 1.2 s
`

const githubWant = `::error title=response_schema_conformance::webhooks.get: webhooks.items.0.name: is missing (pages) [2 times]
::notice title=response_schema_conformance::webhook.get: webhook.x: is not in the contract
::warning title=echo_conformance::the network is down
::notice::left behind: /w/1 could not be deleted
http://localhost:8080 breaks: 12 requests
`

const markdownWant = "### http://localhost:8080: breaks\n\nAgainst the contract of Losant's API 1.30.0, with 12 requests.\n\n| Check | Verdict | Passed | Found |\n|---|---|---|---|\n" +
	"| `unsupported_method` | conforms | 3 |  |\n" +
	"| `response_schema_conformance` | breaks | 0 | webhooks.get: webhooks.items.0.name: is missing (pages) \\[2 times\\]<br>webhook.get: webhook.x: is not in the contract |\n" +
	"| `echo_conformance` | could not check | 0 | the network is down |\n" +
	"| `hal_conformance` | not run | 0 |  |\n\nleft behind: /w/1 could not be deleted\n"

const jsonWant = `{"v":1,"target":"http://localhost:8080","apiVersion":"1.30.0","runId":"run","started":"2030-01-02T03:04:05Z","tookSeconds":1.25,"verdict":"breaks","requests":12,"checks":[
{"name":"unsupported_method","verdict":"conforms","passed":3},
{"name":"response_schema_conformance","verdict":"breaks","passed":0,"findings":[
{"check":"response_schema_conformance","verdict":"breaks","operation":"webhooks.get","case":"pages","field":"webhooks.items.0.name","message":"is missing","curl":"curl http://h","times":2},
{"check":"response_schema_conformance","verdict":"news","operation":"webhook.get","field":"webhook.x","message":"is not in the contract","curl":"curl http://h/news","times":1}]},
{"name":"echo_conformance","verdict":"could not check","passed":0,"findings":[{"check":"echo_conformance","verdict":"could not check","message":"the network is down","times":1}]},
{"name":"hal_conformance","verdict":"conforms","passed":0}],"leftBehind":["/w/1"]}`

const junitWant = `<testsuites><testsuite name="losantmock check http://localhost:8080" tests="4" failures="1" errors="1" skipped="1" time="1.250" timestamp="2030-01-02T03:04:05">
<testcase name="unsupported_method" classname="losantmock.contract"></testcase>
<testcase name="response_schema_conformance" classname="losantmock.contract"><failure message="2 finding(s)">breaks: webhooks.get: webhooks.items.0.name: is missing (pages) [2 times]
curl http://h
news: webhook.get: webhook.x: is not in the contract
curl http://h/news</failure></testcase>
<testcase name="echo_conformance" classname="losantmock.contract"><error message="1 finding(s)">could not check: the network is down</error></testcase>
<testcase name="hal_conformance" classname="losantmock.contract"><skipped></skipped></testcase>
<system-out>left behind: /w/1 could not be deleted</system-out></testsuite></testsuites>`

// Each format shows every verdict and every finding.
func TestFormats(t *testing.T) {
	t.Parallel()
	same := func(t *testing.T, text string) any { t.Helper(); return text }
	for format, test := range map[report.Format]struct {
		want string
		read func(t *testing.T, text string) any
	}{
		report.Text: {textWant, same}, report.GitHub: {githubWant, same}, report.Markdown: {markdownWant, same},
		report.JSON: {jsonWant, decodeJSON}, report.JUnit: {junitWant, decodeXML},
	} {
		if diff := cmp.Diff(test.read(t, test.want), test.read(t, written(t, sample(), format))); diff != "" {
			t.Errorf("%s: %s", format, diff)
		}
	}
	if err := sample().Write(new(strings.Builder), "yaml"); err == nil || !strings.Contains(err.Error(), `"yaml" is no format of a report`) || !strings.Contains(err.Error(), "junit") {
		t.Errorf("%v", err)
	}
}

func decodeJSON(t *testing.T, text string) any {
	t.Helper()
	var value any
	if err := json.Unmarshal([]byte(text), &value); err != nil {
		t.Fatal(err)
	}
	return value
}

// element is any element of XML.
type element struct {
	XMLName  xml.Name
	Attrs    []xml.Attr `xml:",any,attr"`
	Text     string     `xml:",chardata"`
	Children []element  `xml:",any"`
}

func decodeXML(t *testing.T, text string) any {
	t.Helper()
	var root element
	if err := xml.Unmarshal([]byte(text), &root); err != nil {
		t.Fatal(err)
	}
	trimSpace(&root)
	return root
}

func trimSpace(e *element) {
	e.Text = strings.TrimSpace(e.Text)
	for i := range e.Children {
		trimSpace(&e.Children[i])
	}
}

// Colours are those of the verdicts, and the text is the same.
func TestColours(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	if err := sample().WriteColored(&text); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"\x1b[32mconforms       \x1b[0m", "\x1b[31mbreaks\x1b[0m: webhooks", "\x1b[36mnews\x1b[0m", "\x1b[33mcould not check\x1b[0m: the"} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("no %q", want)
		}
	}
	plain := strings.NewReplacer("\x1b[31m", "", "\x1b[32m", "", "\x1b[33m", "", "\x1b[36m", "", "\x1b[0m", "").Replace(text.String())
	if diff := cmp.Diff(textWant, plain); diff != "" {
		t.Error(diff)
	}
}

// hostile is a text that a server may send to be taken for markup.
const hostile = "50% a\r\n::error::b <i>&amp; \"q\" \x1b[31m\u202e `c` \\|d| *e* [f](g) _h_ ~i~ ]]>"

// What a server has sent is text in every format, and never markup.
func TestHostileTexts(t *testing.T) {
	t.Parallel()
	r := &report.Report{Verdict: contract.Conforms}
	r.Add(contract.Finding{Check: "a:b,c%", Verdict: contract.Breaks, Message: hostile})
	const line = "50% a ::error::b <i>&amp; \"q\" \ufffd[31m\ufffd `c` \\|d| *e* [f](g) _h_ ~i~ ]]>"
	for format, want := range map[report.Format]string{
		report.Text:     "    breaks: " + line + "\n",
		report.GitHub:   "::error title=a%3Ab%2Cc%25::" + strings.ReplaceAll(line, "%", "%25") + "\n",
		report.Markdown: "| 50% a ::error::b &lt;i&gt;&amp;amp; \"q\" \ufffd\\[31m\ufffd \\`c\\` \\\\\\|d\\| \\*e\\* \\[f\\](g) \\_h\\_ \\~i\\~ \\]\\]&gt; |\n",
	} {
		if got := written(t, r, format); !strings.Contains(got, want) {
			t.Errorf("%s:\n got %s\nwant %s", format, got, want)
		}
	}
	failure := decodeXML(t, written(t, r, report.JUnit)).(element).Children[0].Children[0].Children[0]
	if failure.XMLName.Local != "failure" || failure.Text != "breaks: "+line || len(failure.Children) > 0 {
		t.Errorf("%+v", failure)
	}
	text := strings.ReplaceAll(written(t, r, report.JSON), "a:b,c%", string(contract.CheckSchema))
	read, err := report.Read(strings.NewReader(text))
	if err != nil || read.Findings()[0].Message != hostile || !strings.Contains(text, "<i>&amp;") {
		t.Errorf("%v, %v", read, err)
	}
}

// A token is replaced in every text that a server may have chosen.
func TestScrub(t *testing.T) {
	t.Parallel()
	const token = "a-token-of-the-real-service"
	r := &report.Report{LeftBehind: []string{"/" + token}}
	r.Add(contract.Finding{Check: contract.CheckSchema, Field: token, Message: "got " + token, Curl: "curl " + token})
	r.Scrub(secret.NewScrubber(secret.New(token)))
	for _, format := range report.Formats() {
		if text := written(t, r, format); strings.Contains(text, token) {
			t.Errorf("%s: %s", format, text)
		}
	}
}
