package generic_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"github.com/losantmock/losantmock/mockserver/internal/mocktest"
)

// An upload without its file is refused in the words of the API's framework, however it
// is lacking.
func TestAnUploadWithoutItsFile(t *testing.T) {
	t.Parallel()
	c := start(t)
	path := c.line(`{"name":"South"}`) + "/plan"
	const missing = "planFile is not a valid file"
	for name, c2 := range map[string]struct {
		write   func(form *multipart.Writer)
		status  int
		message string
	}{
		"the file": {func(form *multipart.Writer) {
			part, _ := form.CreateFormFile("planFile", "a.txt")
			_, _ = part.Write([]byte("x"))
		}, 200, ""},
		"no field":             {func(*multipart.Writer) {}, 400, missing},
		"another field":        {func(form *multipart.Writer) { _, _ = form.CreateFormFile("file", "a.txt") }, 400, missing},
		"a text in its place":  {func(form *multipart.Writer) { _ = form.WriteField("planFile", "x") }, 400, missing},
		"a name in other case": {func(form *multipart.Writer) { _, _ = form.CreateFormFile("planfile", "a.txt") }, 400, missing},
	} {
		var body bytes.Buffer
		form := multipart.NewWriter(&body)
		c2.write(form)
		_ = form.Close()
		a := mocktest.Send(t, c.srv.URL, "POST "+path, body.String(), "Content-Type: "+form.FormDataContentType())
		said := mocktest.Decode[struct{ Type, Message string }](t, a)
		if a.Status != c2.status || said.Message != c2.message || c2.message != "" && said.Type != "Validation" {
			t.Errorf("%s: %d %s", name, a.Status, a.Body)
		}
	}
	if got := c.send("POST "+path, `{"planFile":"x"}`, 400).Get("message").String(); got != missing {
		t.Errorf("as JSON: %s", got)
	}
}

// A directory has no ticket to upload a file, and takes none.
func TestADirectoryTakesNoFile(t *testing.T) {
	t.Parallel()
	c := openLosantRest(t)
	files := "/applications/" + mocktest.ApplicationID + "/files"
	for kind, want := range map[string]struct {
		ticket bool
		status int
	}{"file": {true, 200}, "directory": {false, 400}} {
		made := c.send("POST "+files, `{"name":"plans","type":"`+kind+`"}`, http.StatusCreated)
		if got := made.Get("upload").Exists(); got != want.ticket {
			t.Errorf("a %s has a ticket: %t", kind, got)
		}
		var body bytes.Buffer
		form := multipart.NewWriter(&body)
		part, _ := form.CreateFormFile("file", "a.txt")
		_, _ = part.Write([]byte("x"))
		_ = form.Close()
		path := strings.TrimSuffix(files, "s") + "/" + made.Get("id").String() + "/upload"
		if a := mocktest.Send(t, c.srv.URL, "POST "+path, body.String(), "Content-Type: "+form.FormDataContentType()); a.Status != want.status {
			t.Errorf("a %s: %d %s", kind, a.Status, a.Body)
		}
	}
}

// What is no file, such as a directory, has none to come.
func TestADirectoryAwaitsNoFile(t *testing.T) {
	t.Parallel()
	c := openOffice(t)
	for kind, want := range map[string]string{"file": "pending", "directory": "completed"} {
		made := c.send("POST "+roomsPath, `{"name":"Vault","type":"`+kind+`"}`, http.StatusCreated)
		if got := made.Get("status").String(); got != want {
			t.Errorf("a %s is %s, want %s", kind, got, want)
		}
	}
}
