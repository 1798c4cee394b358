package api_test

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/losantmock/losantmock/cmd/lab/size"
	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/mockserver/internal/mocktest"
)

// oddNumbers are ways to write a number, or something like one.
var oddNumbers = []string{
	"0", "1", "2", "9", "10", "100", "999", "1000", "1001", "00", "007", "-0", "-1", "+1", " 1", "1 ", "1.0", "1.5", "1e2", "0x10", "1_000", "1,000", "", "x", "NaN", "Infinity", "-Infinity", "null", "true",
	"2147483647", "2147483648", "4294967296", "4611686018427387904", "9223372036854775807", "9223372036854775808", "18446744073709551616", "99999999999999999999999999", "-9223372036854775808", "٣", "1\x00",
}

// takenAs says what a text is as a page number: a number, or what is wrong.
func takenAs(text string, least, most int64) (number int64, what string) {
	digits, negative := strings.CutPrefix(text, "-")
	if digits == "" || strings.Trim(digits, "0123456789") != "" {
		return 0, "is the wrong type"
	}
	n, err := strconv.ParseInt(text, 10, 64)
	switch {
	case err != nil && negative, err == nil && n < least:
		return 0, "is less than minimum"
	case err != nil, n > most:
		return 0, "is more than maximum"
	}
	return n, ""
}

// Every pair of odd numbers for page and perPage gives the page that it names,
// or the violation of the first that names none.
func TestOddPages(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t, mockserver.WithScenario("paging"))
	asked := 0
	for i, page := range oddNumbers {
		for j, perPage := range oddNumbers {
			if (i+j)%size.Of(7, 1, 1) != 0 {
				continue
			}
			asked++
			a := mocktest.Send(t, srv.URL, "GET "+mocktest.WebhooksPath+"?_links=false&_actions=false&perPage="+url.QueryEscape(perPage)+"&page="+url.QueryEscape(page), "")
			most, sizeWrong := takenAs(perPage, 1, 1000)
			number, pageWrong := takenAs(page, 0, 2147483647)
			want := ""
			switch {
			case pageWrong != "": // the order of the definition
				want = mocktest.Validation("page " + pageWrong)
			case sizeWrong != "":
				want = mocktest.Validation("perPage " + sizeWrong)
			default:
				items := min(max(250-number*most, 0), most)
				l := mocktest.Decode[mocktest.List](t, a)
				if a.Status != 200 || int64(l.Count) != items || int64(len(l.Items)) != items || l.TotalCount != 250 {
					t.Errorf("page=%q perPage=%q: %d, %d items, want %d", page, perPage, a.Status, len(l.Items), items)
				}
				continue
			}
			if a.Status != 400 || a.Body != want {
				t.Errorf("page=%q perPage=%q: %d %s, want %s", page, perPage, a.Status, a.Body, want)
			}
		}
	}
	t.Attr("B5", fmt.Sprintf("%d pairs of page and perPage", asked))
}

// JSON that is deep, wide, doubled, of another encoding or none gets one clear
// response, and soon.
func TestOddJSON(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t, mockserver.WithMaxBodySize(32<<20))
	wide := func(n int) string {
		var b strings.Builder
		b.WriteString(`{"name":"x"`)
		for i := range n {
			fmt.Fprintf(&b, `,"k%d":0`, i)
		}
		return b.String() + "}"
	}
	additional := mocktest.Validation("webhook has additional properties")
	cases := map[string]struct {
		body   string
		status int
		want   string
	}{
		"keys twice":                      {`{"name":"a","name":"b"}`, 201, ""},
		"a key twice, at last wrong":      {`{"name":"a","name":5}`, 400, mocktest.Validation("webhook.name is the wrong type")},
		"keys that differ in case":        {`{"name":"a","NAME":"b","naMe":"c"}`, 400, additional},
		"a key in another case":           {`{"NAME":"a"}`, 400, mocktest.Validation("webhook.name is required")},
		"an escaped key":                  {`{"n\u0061me":"a"}`, 201, ""},
		"10,000 levels":                   {`{"name":` + strings.Repeat("[", 9_999) + strings.Repeat("]", 9_999) + "}", 400, mocktest.Validation("webhook.name is the wrong type")},
		"10,001 levels":                   {`{"name":` + strings.Repeat("[", 10_001) + strings.Repeat("]", 10_001) + "}", 400, ""},
		"very many keys":                  {wide(size.Of(10_000, 1_000_000, 1_000_000)), 400, additional},
		"very many equal keys":            {`{"name":"x"` + strings.Repeat(`,"name":"y"`, size.Of(10_000, 1_000_000, 1_000_000)) + "}", 201, ""},
		"NaN":                             {`{"name":"x","responseCode":NaN}`, 400, ""},
		"1e400":                           {`{"name":"x","responseCode":1e400}`, 400, mocktest.Validation("webhook.responseCode is more than maximum")},
		"-1e400":                          {`{"name":"x","responseCode":-1e400}`, 400, mocktest.Validation("webhook.responseCode is less than minimum")},
		"1e-400":                          {`{"name":"x","responseCode":1e-400}`, 400, mocktest.Validation("webhook.responseCode is less than minimum")},
		"a number of a million digits":    {`{"name":"x","responseCode":` + strings.Repeat("9", 1_000_000) + "}", 400, mocktest.Validation("webhook.responseCode is more than maximum")},
		"a lone surrogate":                {`{"name":"\ud800"}`, 201, ""},
		"surrogates the wrong way around": {`{"name":"\udc00\ud800"}`, 201, ""},
		"a byte-order mark":               {"\ufeff" + `{"name":"x"}`, 400, ""},
		"UTF-16":                          {"\xff\xfe{\x00}\x00", 400, ""},
		"a NUL in a text":                 {"{\"name\":\"\x00\"}", 400, ""},
		"an escaped NUL":                  {`{"name":"\u0000"}`, 201, ""},
		"a NUL behind it":                 {"{\"name\":\"x\"}\x00", 400, ""},
		"blanks around it":                {" \t\r\n{\"name\":\"x\"}\r\n\t ", 201, ""},
		"other blanks around it":          {"\u00a0{\"name\":\"x\"}", 400, ""},
		"no UTF-8":                        {"{\"name\":\"\xff\xc0\xaf\"}", 201, ""},
		"__proto__":                       {`{"name":"x","__proto__":{}}`, 400, additional},
		"a key without letters":           {`{"name":"x","":1}`, 400, additional},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := mocktest.Send(t, srv.URL, "POST "+mocktest.WebhooksPath, c.body, mocktest.SendsJSON)
			if a.Status != c.status || c.want != "" && a.Body != c.want {
				t.Errorf("%d %.200s, want %d %s", a.Status, a.Body, c.status, c.want)
			}
		})
	}
	t.Attr("B5", fmt.Sprintf("%d kinds of JSON", len(cases)))
}

// Multipart bodies of every bad kind, to the API and to a webhook's own URL.
func TestOddMultipart(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t, mockserver.WithMaxBodySize(8<<20))
	field := func(header, content string) string { return "--b\r\n" + header + "\r\n\r\n" + content + "\r\n" }
	const name = `Content-Disposition: form-data; name="name"`
	cases := map[string]struct {
		contentType, body string
		status            int
	}{
		"10,001 parts":                   {"boundary=b", strings.Repeat(field(name, "x"), 10_001) + "--b--", 400},
		"1,000 parts":                    {"boundary=b", strings.Repeat(field(name, "x"), 999) + "--b--", 201},
		"no boundary":                    {"", field(name, "x") + "--b--", 400},
		"a blank boundary":               {`boundary=""`, field(name, "x") + "--b--", 400},
		"another boundary":               {"boundary=c", field(name, "x") + "--b--", 400},
		"a boundary of 10,000 letters":   {"boundary=" + strings.Repeat("b", 10_000), "x", 400},
		"no end":                         {"boundary=b", field(name, "x"), 400},
		"an end in a header":             {"boundary=b", "--b\r\nContent-Disp", 400},
		"a header of 1 MiB":              {"boundary=b", field(name+"\r\nX: "+strings.Repeat("y", 1<<20), "x") + "--b--", 201},
		"a header of 5 MiB":              {"boundary=b", field(name+"\r\nX: "+strings.Repeat("y", 5<<20), "x") + "--b--", 201},
		"20,000 header fields":           {"boundary=b", field(name+strings.Repeat("\r\nX: y", 20_000), "x") + "--b--", 400},
		"a part without a name":          {"boundary=b", field("X: y", "x") + "--b--", 400},
		"a part that is multipart":       {"boundary=b", field(name+"\r\nContent-Type: multipart/mixed; boundary=c", "--c\r\n\r\nx\r\n--c--") + "--b--", 201},
		"a file":                         {"boundary=b", field(name+`; filename="../../etc/passwd"`, "x") + "--b--", 400},
		"a transfer encoding":            {"boundary=b", field(name+"\r\nContent-Transfer-Encoding: quoted-printable", "=78") + "--b--", 201},
		"a name with a NUL":              {"boundary=b", field("Content-Disposition: form-data; name=\"na\x00me\"", "x") + "--b--", 400},
		"nothing":                        {"boundary=b", "--b--", 400},
		"only the beginning of the end":  {"boundary=b", "--b-", 400},
		"a preamble and an epilogue":     {"boundary=b", "before\r\n" + field(name, "x") + "--b--\r\nafter", 201},
		"line ends without a return":     {"boundary=b", "--b\n" + name + "\n\nx\n--b--\n", 201},
		"a name that is no quoted text":  {"boundary=b", field(`Content-Disposition: form-data; name="na`, "x") + "--b--", 400},
		"another disposition":            {"boundary=b", field(`Content-Disposition: attachment; name="name"`, "x") + "--b--", 400},
		"a disposition of many letters":  {"boundary=b", field("Content-Disposition: form-data; "+strings.Repeat("a=b; ", 10_000)+`name="name"`, "x") + "--b--", 201},
		"a field twice, the last counts": {"boundary=b", field(name, "") + field(name, "x") + "--b--", 201},
	}
	for title, c := range cases {
		t.Run(title, func(t *testing.T) {
			t.Parallel()
			kind := "Content-Type: multipart/form-data; " + c.contentType
			if a := mocktest.Send(t, srv.URL, "POST "+mocktest.WebhooksPath, c.body, kind); a.Status != c.status {
				t.Errorf("%d %.200s, want %d", a.Status, a.Body, c.status)
			}
			// A webhook takes whatever comes.
			if a := mocktest.Send(t, srv.URL, "POST /webhooks/the_webhook_token", c.body, kind); a.Status != 200 && a.Status != 413 {
				t.Errorf("called: %d %.200s", a.Status, a.Body)
			}
		})
	}
	t.Attr("B6", fmt.Sprintf("%d kinds of multipart bodies, to the API and to a webhook", len(cases)))
}

// A multipart body of many nested parts costs no more than a flat one.
func TestNestedMultipart(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	content := []byte("x")
	kind := "text/plain"
	for range 100 {
		var b bytes.Buffer
		w := multipart.NewWriter(&b)
		part, err := w.CreatePart(map[string][]string{"Content-Disposition": {`form-data; name="name"`}, "Content-Type": {kind}})
		if err == nil {
			_, err = part.Write(content)
		}
		if err == nil {
			err = w.Close()
		}
		if err != nil {
			t.Fatal(err)
		}
		content, kind = b.Bytes(), w.FormDataContentType()
	}
	if a := mocktest.Send(t, srv.URL, "POST /webhooks/the_webhook_token", string(content), "Content-Type: "+kind); a.Status != 200 {
		t.Errorf("%d %.200s", a.Status, a.Body)
	}
	t.Attr("B6", "100 levels deep")
}
