package generic_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/mockserver/internal/mocktest"
	"github.com/losantmock/losantmock/scenarios"
	"github.com/tidwall/gjson"
)

// railway is a definition that was made up for these tests.
const railway = "testdata/railway.json"

const (
	linesPath = "/applications/" + mocktest.ApplicationID + "/lines"
	coast     = "/networks/681000000000000000000009" // which no operation makes
)

// client sends requests to a server with the made-up definition.
type client struct {
	*testing.T
	srv *mockserver.TestServer
}

func start(t *testing.T, options ...mockserver.Option) client {
	t.Helper()
	return client{t, mockserver.Start(t, append(options, mockserver.WithDefinition(railway))...)}
}

// send sends a request, checks the status of its response, and returns the body.
func (c client) send(request, body string, want int) gjson.Result {
	c.Helper()
	var lines []string
	if body != "" {
		lines = []string{mocktest.SendsJSON}
	}
	a := mocktest.Send(c, c.srv.URL, request, body, lines...)
	if a.Status != want {
		c.Fatalf("%s %s: %d, want %d: %s", request, body, a.Status, want, a.Body)
	}
	return gjson.Parse(a.Body)
}

// bringBack adds the application again.
func (c client) bringBack() {
	c.Helper()
	c.srv.AddApplication(scenarios.Application{ID: mocktest.ApplicationID, Name: "again"})
}

// line makes a line, and returns its path.
func (c client) line(body string) string {
	c.Helper()
	return linesPath + "/" + c.send("POST "+linesPath, body, http.StatusCreated).Get("id").String()
}

// listed returns the names of the lines that a query wants, and how many match in all.
func (c client) listed(query string) string {
	c.Helper()
	list := c.send("GET "+linesPath+"?"+query, "", http.StatusOK)
	var names []string
	for _, name := range list.Get("items.#.name").Array() {
		names = append(names, name.String())
	}
	if list.Get("count").Int() != int64(len(names)) {
		c.Errorf("%s: %s", query, list)
	}
	return fmt.Sprint(strings.Join(names, " "), " of ", list.Get("totalCount"))
}

func TestAnItemHasWhatItsSchemaSays(t *testing.T) {
	t.Parallel()
	c := start(t)
	made := c.send("POST "+linesPath, `{"name":"South","colour":"red"}`, http.StatusCreated)
	id := made.Get("id").String()
	for path, want := range map[string]string{
		"lineId":        id,
		"applicationId": mocktest.ApplicationID,
		"name":          "South",
		"colour":        "red",
		"kind":          "", // what a client may send and did not
		"driver":        "", // the server's own, which the example of another line has
		"_type":         "line",
		"lastUpdated":   made.Get("creationDate").String(),
	} {
		if got := made.Get(path).String(); got != want {
			t.Errorf("%s is %q, want %q: %s", path, got, want, made)
		}
	}
	if other := c.send("POST "+linesPath, `{"name":"South"}`, http.StatusCreated); other.Get("token").String() == made.Get("token").String() {
		t.Errorf("two lines have one token: %s", other)
	}
	other := c.srv.AddApplication(scenarios.Application{Name: "other"})
	if below := c.send("POST /applications/"+other.ID+"/lines", `{"name":"South"}`, http.StatusCreated); below.Get("applicationId").String() != other.ID {
		t.Errorf("%s is not of application %s", below, other.ID)
	}
	got := c.send("GET "+linesPath+"/"+strings.ToUpper(id)+"?_actions=true&_links=true", "", http.StatusOK)
	if want := linesPath + "/" + id; got.Get("_links.self.href").String() != want || got.Get("_actions.patch.href").String() != want {
		t.Errorf("%s, want links to %s", got, want)
	}
}

func TestAPatchMerges(t *testing.T) {
	t.Parallel()
	c := start(t, mockserver.WithWorld(&scenarios.Scenario{
		Clock:        scenarios.Clock{Mode: scenarios.ClockTicking, At: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)},
		Applications: []scenarios.Application{{ID: mocktest.ApplicationID, Name: "a"}},
	}))
	path := c.line(`{"name":"South","colour":"red","distance":{"total":3}}`)
	changed := c.send("PATCH "+path, `{"colour":"blue","distance":{}}`, http.StatusOK)
	if changed.Get("name").String() != "South" || changed.Get("colour").String() != "blue" || changed.Get("distance").Raw != `{"total":3}` {
		t.Errorf("%s", changed)
	}
	if changed.Get("lastUpdated").String() <= changed.Get("creationDate").String() {
		t.Errorf("lastUpdated has not moved: %s", changed)
	}
	if got := c.send("GET "+path, "", http.StatusOK); got.Raw != changed.Raw {
		t.Errorf("%s\nwant %s", got, changed)
	}
	c.send("PATCH "+path, `{"colour":7}`, http.StatusBadRequest)
}

func TestWhatIsMissingIsNamed(t *testing.T) {
	t.Parallel()
	c := start(t)
	line := c.line(`{"name":"South"}`)
	c.send("POST "+line+"/stops", `{"name":"quay"}`, http.StatusCreated)
	missing := "/" + mocktest.MissingID
	for request, want := range map[string]string{
		"GET /applications" + missing + "/lines":           "Application",
		"GET /applications" + missing + "/lines" + missing: "Application",
		"GET " + linesPath + missing:                       "Railway line",
		"PATCH " + linesPath + missing:                     "Railway line",
		"DELETE " + linesPath + missing:                    "Railway line",
		"GET " + linesPath + missing + "/stops":            "Railway line",
		"GET " + linesPath + missing + "/stops/quay":       "Railway line",
		"GET " + linesPath + missing + "/timetable":        "Railway line",
		"GET " + linesPath + missing + "/arrivals":         "Railway line",
		"GET " + line + "/stops/pier":                      "Stop",
		"GET /networks" + missing:                          "Network",
	} {
		body := ""
		if strings.HasPrefix(request, "PATCH") {
			body = "{}"
		}
		if got := c.send(request, body, http.StatusNotFound).Get("message").String(); got != want+" was not found" {
			t.Errorf("%s: %q, want %s", request, got, want)
		}
	}
}

func TestWhatIsBelowADeletedItemIsGone(t *testing.T) {
	t.Parallel()
	c := start(t)
	line := c.line(`{"name":"South"}`)
	c.send("POST "+line+"/stops", `{"name":"quay"}`, http.StatusCreated)
	c.send("DELETE "+line, "", http.StatusOK)
	c.send("GET "+line+"/stops/quay", "", http.StatusNotFound)

	// An application is kept elsewhere. One that comes back has nothing of before.
	c.line(`{"name":"East"}`)
	c.send("DELETE /applications/"+mocktest.ApplicationID, "", http.StatusOK)
	if got := c.send("GET "+linesPath, "", http.StatusNotFound).Get("message").String(); got != "Application was not found" {
		t.Error(got)
	}
	c.bringBack()
	if got := c.listed(""); got != " of 0" {
		t.Error(got)
	}
	c.line(`{"name":"East"}`)
	c.srv.Reset()
	if got := c.listed(""); got != " of 0" {
		t.Error(got)
	}
}

func TestAnIDThatIsANameCanBeTaken(t *testing.T) {
	t.Parallel()
	c := start(t)
	line := c.line(`{"name":"South"}`)
	stops := line + "/stops"
	made := c.send("POST "+stops, `{"name":"quay","benches":1}`, http.StatusCreated)
	if id := made.Get("lineId").String(); id == "" || !strings.HasSuffix(line, id) {
		t.Errorf("%s does not name its line", made)
	}
	refused := c.send("POST "+stops, `{"name":"quay"}`, http.StatusBadRequest)
	if got := refused.Get("message").String(); got != "stop.name is already in use" {
		t.Error(got)
	}
	c.send("PATCH "+stops+"/quay", `{"benches":4}`, http.StatusOK)
	if got := c.send("GET "+stops+"/quay", "", http.StatusOK); got.Get("benches").Int() != 4 {
		t.Error(got)
	}
	c.send("POST "+c.line(`{"name":"East"}`)+"/stops", `{"name":"quay"}`, http.StatusCreated) // another line has its own
}

func TestListsAreSortedPagedAndFiltered(t *testing.T) {
	t.Parallel()
	c := start(t)
	for _, body := range []string{
		`{"name":"North","kind":"tram","colour":"green","distance":{"total":9}}`,
		`{"name":"South","kind":"bus","colour":"red","distance":{"total":10},"tags":[{"key":"zone","value":"a"}]}`,
		`{"name":"north-east","kind":"tram","colour":"dark green"}`,
		`{"name":"East","kind":"bus","colour":"blue","distance":{"total":2}}`,
	} {
		c.line(body)
	}
	all := "East North South north-east of 4"
	for query, want := range map[string]string{
		"":                       all,
		"sortDirection=desc":     "north-east South North East of 4",
		"sortField=creationDate": "North South north-east East of 4",
		"sortField=distance.total&sortDirection=desc":     "South North East north-east of 4",
		"perPage=2&page=1":                                "South north-east of 4",
		"perPage=2&page=2":                                " of 4",
		"filterField=name&filter=north*":                  "North north-east of 2",
		"filter=north*":                                   all, // no field, no filter
		"kind=tram&sortField=id":                          "North north-east of 2",
		`query={"kind":"bus"}`:                            "East South of 2",
		`query={"name":{"$startsWith":"N"}}`:              "North of 1",
		`query={"name":{"$startsWith":"N","$ci":true}}`:   "North north-east of 2",
		`query={"name":{"$in":["NORTH","x"],"$ci":true}}`: "North of 1",
		`query={"name":{"$ne":"NORTH","$ci":true}}`:       "East South north-east of 3",
		`query={"name":"zz","name":"East"}`:               "East of 1",
		`query={"colour":{"$in":["red","blue"]}}`:         "East South of 2",
		`query={"$or":[{"name":"East"},{"$and":[{"kind":"tram"},{"colour":{"$ne":"green"}}]}]}`: "East north-east of 2",
		`query={"$or":[{"tags":{"zone":"a"}}]}`:                                                 "South of 1",
		`query={"$and":[{"tags":{"$tagKey":"zone"}}]}`:                                          "South of 1",
		`query={"$and":[{"name":{"$gte":"South"}}]}`:                                            "South north-east of 2",
	} {
		if got := c.listed(strings.NewReplacer(`"`, "%22", "{", "%7B", "}", "%7D").Replace(query)); got != want {
			t.Errorf("%s: %s, want %s", query, got, want)
		}
	}
	for query, want := range map[string]string{
		"sortField=driver":       "sortField must be an enum value",
		"query=%7B%22zz%22:1%7D": "query has additional properties",
		"query=%7B%22$and%22:[%7B%22name%22:%7B%22$near%22:1%7D%7D]%7D": "query has $near, which is not understood",
	} {
		if got := c.send("GET "+linesPath+"?"+query, "", http.StatusBadRequest).Get("message").String(); got != want {
			t.Errorf("%s: %s, want %s", query, got, want)
		}
	}
	echo := c.send("GET "+linesPath+"?kind=bus&perPage=1", "", http.StatusOK)
	for path, want := range map[string]string{"kind": "bus", "perPage": "1", "page": "0", "sortField": "name", "applicationId": mocktest.ApplicationID, "filter": "", "_type": "lines"} {
		if got := echo.Get(path).String(); got != want {
			t.Errorf("%s is %q, want %q: %s", path, got, want, echo)
		}
	}
}

func TestWhatNoOperationMakesIsThereOnce(t *testing.T) {
	t.Parallel()
	c := start(t)
	network := c.send("GET "+coast, "", http.StatusOK)
	if network.Get("name").String() != "Coast" || network.Get("networkId").String() != "681000000000000000000009" {
		t.Error(network)
	}
	if list := c.send("GET /networks", "", http.StatusOK); list.Get("totalCount").Int() != 1 {
		t.Error(list)
	}
	c.send("PATCH "+coast, `{"name":"Hills"}`, http.StatusOK)
	if got := c.send("GET "+coast, "", http.StatusOK).Get("name").String(); got != "Hills" {
		t.Error(got)
	}
	c.send("DELETE "+coast, "", http.StatusOK)
	c.send("GET "+coast, "", http.StatusNotFound)
}

func TestOtherOperationsRespondAsDocumented(t *testing.T) {
	t.Parallel()
	c := start(t)
	path := c.line(`{"name":"South"}`)
	id := path[strings.LastIndexByte(path, '/')+1:]
	if got := c.send("POST "+path+"/renumber", "", http.StatusOK); got.Get("name").String() != "South" {
		t.Errorf("no item: %s", got)
	}
	if got := c.send("POST "+path+"/close", "", http.StatusCreated); got.Raw != `{"success":true}` {
		t.Error(got)
	}
	first := c.send("POST "+path+"/survey", "", http.StatusAccepted).Get("jobId").String()
	if second := c.send("POST "+path+"/survey", "", http.StatusAccepted).Get("jobId").String(); len(first) != 21 || first == second {
		t.Errorf("jobs %s and %s", first, second)
	}
	// What has the parameter of an item elsewhere, without its parents, is no such item.
	c.send("GET /greetings/ben", "", http.StatusOK)
	// The published example is made true, and what breaks its schema is left out.
	if got := c.send("GET "+path+"/timetable", "", http.StatusOK); got.Get("lineId").String() != id || got.Get("rounds.0.lineId").String() != id || got.Get("departures.0").String() != "08:00" || got.Get("broken").Type == gjson.String {
		t.Error(got)
	}
}

func TestWhatIsNotDoneInFullIsSaid(t *testing.T) {
	t.Parallel()
	c := start(t)
	definition := c.send("GET /__admin/definition", "", http.StatusOK)
	if definition.Get("version").String() != "1.30.0" || definition.Get("operations").Int() != definition.Get("names.#").Int() || definition.Get("names.0").String() != "application.delete" {
		t.Error(definition)
	}
	for operation, want := range map[string]string{
		"line.survey":    "no job runs",
		"line.close":     "responds with success, and changes nothing",
		"line.renumber":  "responds with the item, and does not change it",
		"line.timetable": "responds with the published example",
		"stops.get":      "checked and not applied: withBenches",
		"lines.get":      "query: at most 1000 conditions, 32 deep",
		"line.plan":      "",
		"network.get":    "",
		"webhooks.get":   "",
	} {
		if got := definition.Get(`limits.#(operation=="` + operation + `").reason`).String(); got != want {
			t.Errorf("%s: %q, want %q", operation, got, want)
		}
	}
}

func TestScopesOfADefinitionAreChecked(t *testing.T) {
	t.Parallel()
	c := start(t)
	for scope, want := range map[string]int{"lines.get": 200, "lines.*": 200, "all.Application.read": 200, "line.get": 403, "lines.post": 403} {
		a := mocktest.Send(t, c.srv.URL, "GET "+linesPath, "", "Authorization: Bearer "+c.srv.Token(scope))
		if a.Status != want {
			t.Errorf("%s: %d, want %d", scope, a.Status, want)
		}
	}
}

func TestRoomIsCountedAndGivenBack(t *testing.T) {
	t.Parallel()
	c := start(t, mockserver.WithMemory(256<<10), mockserver.WithJournalLimits(1, 1))
	big := `{"name":"South","colour":"` + strings.Repeat("r", 30<<10) + `"}`
	var made []string
	for range 10 {
		a := mocktest.Send(t, c.srv.URL, "POST "+linesPath, big, mocktest.SendsJSON)
		if a.Status == http.StatusTooManyRequests {
			break
		}
		made = append(made, gjson.Get(a.Body, "id").String())
	}
	if len(made) == 0 || len(made) == 10 {
		t.Fatalf("%d lines were made", len(made))
	}
	c.send("DELETE "+linesPath+"/"+made[0], "", http.StatusOK)
	c.line(big)
	c.send("DELETE /applications/"+mocktest.ApplicationID, "", http.StatusOK)
	c.bringBack()
	for range made {
		c.line(big)
	}
}

func TestOwnOperationsAreServedBesideADefinition(t *testing.T) {
	t.Parallel()
	c := start(t)
	if got := c.send("GET "+mocktest.WebhooksPath, "", http.StatusOK); got.Get("count").Int() != 1 {
		t.Error(got)
	}
	if names := c.send("GET /", "", http.StatusOK).Get("resources").Map(); !slices.ContainsFunc([]string{"lines", "webhooks"}, func(name string) bool { return names[name].Exists() }) {
		t.Error(names)
	}
}
