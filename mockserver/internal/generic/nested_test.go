package generic_test

import (
	"net/http"
	"strings"
	"testing"
)

// A PATCH has what is to be changed alone, inside of objects too, and no response shows
// what items can't have, at any depth.
func TestAPatchMergesInsideOfObjects(t *testing.T) {
	t.Parallel()
	c := openOffice(t)
	made := c.send("POST "+roomsPath, `{"name":"Vault","safe":{"label":"A","serial":"7","pin":"secret"},"plan":{"width":3,"depth":4}}`, http.StatusCreated)
	room := roomsPath + "/" + made.Get("id").String()
	for _, step := range []struct{ name, sent, safe, plan string }{
		{"as it was made", `{}`, `{"label":"A","serial":"7"}`, `{"width":3,"depth":4}`},
		{"a secret alone", `{"safe":{"pin":"secret"}}`, `{"label":"A","serial":"7"}`, `{"width":3,"depth":4}`},
		{"one member", `{"safe":{"label":"B","pin":"secret"}}`, `{"label":"B","serial":"7"}`, `{"width":3,"depth":4}`},
		{"an object that is sent as a whole", `{"plan":{"width":5}}`, `{"label":"B","serial":"7"}`, `{"width":5}`},
	} {
		c.send("PATCH "+room, step.sent, http.StatusOK)
		got := c.send("GET "+room, "", http.StatusOK)
		if got.Get("safe").Raw != step.safe || got.Get("plan").Raw != step.plan || strings.Contains(got.Raw, "secret") {
			t.Errorf("%s: %s %s", step.name, got.Get("safe"), got.Get("plan"))
		}
	}
	// What is required and was not sent has a small value.
	made = c.send("POST "+roomsPath, `{"name":"Vault","safe":{"pin":"secret"}}`, http.StatusCreated)
	if got := c.send("GET "+roomsPath+"/"+made.Get("id").String(), "", http.StatusOK).Get("safe").Raw; got != `{"label":"","serial":"x"}` {
		t.Error(got)
	}
}

// A date that a client may send in several forms is shown in that of the API.
func TestDatesHaveOneForm(t *testing.T) {
	t.Parallel()
	c := openOffice(t)
	for name, sent := range map[string]string{
		"a text": `"2016-06-13T04:00:00.000Z"`, "another zone": `"2016-06-13T06:00:00+02:00"`, "a number": `1465790400000`, "an object": `{"$date":"2016-06-13T04:00:00Z"}`,
	} {
		made := c.send("POST "+roomsPath, `{"name":"Vault","openedAt":`+sent+`}`, http.StatusCreated)
		if got := c.send("GET "+roomsPath+"/"+made.Get("id").String(), "", http.StatusOK).Get("openedAt").Raw; got != `"2016-06-13T04:00:00.000Z"` {
			t.Errorf("%s: %s", name, got)
		}
	}
	for _, sent := range []string{`"soon"`, `1e300`, `{"$date":"soon"}`} {
		if got := c.send("POST "+roomsPath, `{"name":"Vault","openedAt":`+sent+`}`, http.StatusBadRequest).Get("message").String(); got != "space.openedAt must be date-time format" {
			t.Errorf("%s: %s", sent, got)
		}
	}
}

// A date that the schema of a body wants is one by the rules of the API's framework, which
// look at its form alone.
func TestDatesOfTheFrameworkAreTaken(t *testing.T) {
	t.Parallel()
	c := openOffice(t)
	for _, sent := range []string{"2036-06-13t04:00:00z", "2036-06-13 04:00:00z", "2036-02-30T00:00:00Z", "2036-06-13T25:00:00Z", "2036-00-13T04:00:00Z"} {
		c.send("POST "+inOffice+"/permits", `{"name":"Door","expirationDate":"`+sent+`"}`, http.StatusCreated)
	}
	c.send("POST "+inOffice+"/permits", `{"name":"Door","expirationDate":"soon"}`, http.StatusBadRequest)
}

// What only a PATCH has, and the entries of a list of an item, is an entry of the list.
func TestACommentIsAnEntryOfTheList(t *testing.T) {
	t.Parallel()
	c := openOffice(t)
	room := roomsPath + "/" + c.send("POST "+roomsPath, `{"name":"Vault"}`, http.StatusCreated).Get("id").String()
	for _, comment := range []string{"opened", "closed"} {
		if got := c.send("PATCH "+room, `{"comment":"`+comment+`"}`, http.StatusOK); got.Get("comment").Exists() {
			t.Error(got)
		}
	}
	got := c.send("GET "+room, "", http.StatusOK)
	if got.Get("history.#.comment").Raw != `["opened","closed"]` || got.Get("history.#").Int() != 2 || got.Get("history.1.creationDate").String() != got.Get("lastUpdated").String() {
		t.Error(got)
	}
}

// A change of what a list of changes is about is an entry too, with what it was and is.
func TestAChangeIsAnEntryOfTheList(t *testing.T) {
	t.Parallel()
	c := openOffice(t)
	room := roomsPath + "/" + c.send("POST "+roomsPath, `{"name":"Vault","floor":"ground"}`, http.StatusCreated).Get("id").String()
	for _, sent := range []string{`{"floor":"first"}`, `{"floor":"first","name":"Hall"}`, `{"floor":"roof","comment":"up"}`} {
		c.send("PATCH "+room, sent, http.StatusOK)
	}
	other := roomsPath + "/" + c.send("POST "+roomsPath, `{"name":"Attic"}`, http.StatusCreated).Get("id").String()
	if got := c.send("PATCH "+other, `{"floor":"roof"}`, http.StatusOK).Get("history.0.floorChange").Raw; got != `{"new":"roof"}` {
		t.Errorf("without a floor before: %s", got)
	}
	history := c.send("GET "+room, "", http.StatusOK).Get("history")
	if history.Get("#").Int() != 2 || history.Get("0.floorChange").Raw != `{"old":"ground","new":"first"}` || history.Get("1.floorChange.new").String() != "roof" || history.Get("1.comment").String() != "up" {
		t.Error(history)
	}
}
