package generic_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/losantmock/losantmock/mockserver/internal/mocktest"
)

// What is in a directory is listed by the path of it, moves with it and goes with it.
func TestWhatIsInADirectory(t *testing.T) {
	t.Parallel()
	c := openLosantRest(t)
	application := "/applications/" + mocktest.ApplicationID
	create := func(name, kind, directory string) (path string) {
		t.Helper()
		in := ""
		if directory != "" {
			in = `,"parentDirectory":"` + directory + `"`
		}
		made := c.send("POST "+application+"/files", `{"name":"`+name+`","type":"`+kind+`"`+in+`}`, http.StatusCreated)
		return application + "/file/" + made.Get("id").String()
	}
	listed := func(directory, want string) {
		t.Helper()
		var names []string
		for _, item := range c.send("GET "+application+"/files?sortField=name&directory="+directory, "", http.StatusOK).Get("items").Array() {
			names = append(names, item.Get("name").String())
		}
		if got := strings.Join(names, " "); got != want {
			t.Errorf("in %s: %s, want %s", directory, got, want)
		}
	}
	logs := create("logs", "directory", "")
	create("logs.txt", "file", "/")
	create("a.csv", "file", "/logs")
	create("old", "directory", "/logs/")
	deep := create("b.csv", "file", "/logs/old/")
	listed("/", "logs logs.txt")
	listed("/logs", "a.csv old")
	c.send("PATCH "+logs, `{"name":"records"}`, http.StatusCreated)
	listed("/logs", "")
	listed("/records/", "a.csv old")
	listed("/records/old", "b.csv")
	c.send("DELETE "+create("..", "directory", "/records"), "", http.StatusOK) // which is a name, and no way up
	c.send("GET "+deep, "", http.StatusOK)
	c.send("DELETE "+logs, "", http.StatusOK)
	c.send("GET "+deep, "", http.StatusNotFound)
	listed("/", "logs.txt")
}

// A dashboard of an application that is made at the root belongs to the application's owner,
// and goes with the application.
func TestWhatNamesAnApplicationGoesWithIt(t *testing.T) {
	t.Parallel()
	c := openLosantRest(t)
	org := c.send("POST /orgs", `{"name":"Farm"}`, http.StatusCreated).Get("id").String()
	application := c.send("POST /applications", `{"name":"Barn","orgId":"`+org+`"}`, http.StatusCreated).Get("id").String()
	board := c.send("POST /dashboards", `{"name":"Doors","applicationId":"`+application+`"}`, http.StatusCreated)
	if board.Get("ownerId").String() != org || board.Get("ownerType").String() != "organization" {
		t.Errorf("owned by another: %s", board)
	}
	if got := c.send("GET /orgs/"+org, "", http.StatusOK).Get("summary.dashCount").Int(); got != 1 {
		t.Errorf("the organization has %d dashboards", got)
	}
	c.send("DELETE /applications/"+application, "", http.StatusOK)
	c.send("GET /dashboards/"+board.Get("id").String(), "", http.StatusNotFound)
}
