package generic_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/mockserver/internal/mocktest"
	"github.com/losantmock/losantmock/scenarios"
	"github.com/tidwall/gjson"
)

// office is another definition that was made up for these tests: with access tokens,
// notes that have any members, devices that list their attributes, and users.
const office = "testdata/office.json"

const (
	inOffice    = "/applications/" + mocktest.ApplicationID
	notesPath   = inOffice + "/notes"
	devicesPath = inOffice + "/devices"
)

func openOffice(t *testing.T, options ...mockserver.Option) client {
	t.Helper()
	return client{t, mockserver.Start(t, append(options, mockserver.WithDefinition(office))...)}
}

// as sends a request with a token, and checks the status of its response.
func (c client) as(token, request string, want int) {
	c.Helper()
	if a := mocktest.Send(c, c.srv.URL, request, "", "Authorization: Bearer "+token); a.Status != want {
		c.Errorf("%s: %d, want %d: %s", request, a.Status, want, a.Body)
	}
}

func TestATokenThatIsAnItemIsValid(t *testing.T) {
	t.Parallel()
	for name, options := range map[string][]mockserver.Option{
		"any token": nil,
		"strict":    {mockserver.WithWorld(&scenarios.Scenario{Auth: scenarios.Auth{Mode: scenarios.AuthStrict, Tokens: []scenarios.Token{{Token: "any", Scopes: []string{"all.User"}}}}, Applications: []scenarios.Application{{ID: mocktest.ApplicationID, Name: "a"}}})},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := openOffice(t, options...)
			for _, permits := range []string{inOffice + "/permits", "/me/permits"} {
				made := c.send("POST "+permits, `{"name":"Door","scope":["devices.get"]}`, http.StatusCreated)
				permit, token := permits+"/"+made.Get("id").String(), made.Get("token").String()
				c.as(token, "GET "+devicesPath, http.StatusOK)
				c.as(token, "GET "+notesPath, http.StatusForbidden)
				c.send("PATCH "+permit, `{"status":"inactive"}`, http.StatusOK)
				c.as(token, "GET "+devicesPath, http.StatusUnauthorized)
				c.send("PATCH "+permit, `{"status":"active"}`, http.StatusOK)
				c.as(token, "GET "+devicesPath, http.StatusOK)
				c.send("DELETE "+permit, "", http.StatusOK)
				c.as(token, "GET "+devicesPath, http.StatusUnauthorized)
			}
			old := c.send("POST /me/permits", `{"name":"Door","expirationDate":"2017-06-13T04:00:00.000Z"}`, http.StatusCreated)
			c.as(old.Get("token").String(), "GET "+devicesPath, http.StatusUnauthorized)
			// One that says nothing may do all that its owner may.
			plain := c.send("POST "+inOffice+"/permits", `{"name":"Door"}`, http.StatusCreated)
			if got := plain.Get("scope").Raw; got != `["all.Application"]` {
				t.Errorf("scope is %s", got)
			}
			c.as(plain.Get("token").String(), "GET "+notesPath, http.StatusOK)
		})
	}
}

func TestATokenIsOwnedByWhatItsPathLeadsTo(t *testing.T) {
	t.Parallel()
	c := openOffice(t)
	user := c.send("POST /applications", `{"name":"a"}`, http.StatusCreated).Get("ownerId").String()
	for permits, want := range map[string]string{
		inOffice + "/permits": "application " + mocktest.ApplicationID,
		"/me/permits":         "user " + user,
	} {
		made := c.send("POST "+permits, `{"name":"Door"}`, http.StatusCreated)
		if got := made.Get("ownerType").String() + " " + made.Get("ownerId").String(); got != want {
			t.Errorf("%s: owned by %s, want %s", permits, got, want)
		}
	}
}

// Tokens of a scenario are items too, and one that is saved is valid in another world.
func TestTokensAreSavedAsItems(t *testing.T) {
	t.Parallel()
	c := openOffice(t, mockserver.WithWorld(&scenarios.Scenario{
		IDs:          scenarios.IDs{Seed: new(uint64(7))},
		Resources:    scenarios.Resources{"userPermits": {{Value: map[string]any{"name": "Gate", "token": "the-gate", "scope": []string{"devices.get"}}}, {Value: map[string]any{"name": "Other"}}}},
		Applications: []scenarios.Application{{ID: mocktest.ApplicationID, Name: "a"}},
	}))
	tokens := func() string {
		saved := mocktest.Send(t, c.srv.URL, "GET /__admin/scenario", "").Body
		return strings.Join(regexp.MustCompile(`"token": "[^"]*"`).FindAllString(saved, -1), ",")
	}
	first := tokens()
	if strings.Count(first, `"token"`) != 2 || !strings.Contains(first, "the-gate") {
		t.Fatal(first)
	}
	c.as("the-gate", "GET "+notesPath, http.StatusForbidden)
	c.srv.Reset()
	if again := tokens(); again != first {
		t.Errorf("after a reset: %s, want %s", again, first)
	}
	made := c.send("POST /me/permits", `{"name":"Door","scope":["devices.get"]}`, http.StatusCreated).Get("token").String()
	saved := mocktest.Send(t, c.srv.URL, "GET /__admin/scenario", "")
	if strings.Count(saved.Body, made) != 1 {
		t.Errorf("the token stands %d times in\n%s", strings.Count(saved.Body, made), saved.Body)
	}
	mocktest.Send(t, c.srv.URL, "PUT /__sandbox/other/__admin/scenario", saved.Body, "Content-Type: application/yaml")
	c.as(made, "GET /__sandbox/other"+devicesPath, http.StatusOK)
	c.as(made, "GET /__sandbox/other"+notesPath, http.StatusForbidden)
}

func TestWhatTheServerOwnsIsRefused(t *testing.T) {
	t.Parallel()
	c := openOffice(t)
	note := c.send("POST "+notesPath, `{"text":"a"}`, http.StatusCreated)
	path := notesPath + "/" + note.Get("id").String()
	for _, member := range []string{`"id":"68100000000000000000000a"`, `"createdAt":"2016-06-13T04:00:00.000Z"`, `"updatedAt":null`, `"_type":"note"`, `"_links":1`, `"_actions":1`} {
		for _, request := range []string{"POST " + notesPath, "PATCH " + path} {
			if got := c.send(request, "{"+member+"}", http.StatusBadRequest).Get("message").String(); got != "note has additional properties" {
				t.Errorf("%s %s: %s", request, member, got)
			}
		}
		if got := c.send("POST "+notesPath, `[{"text":"b"},{`+member+"}]", http.StatusBadRequest).Get("message").String(); got != "note.1 has additional properties" {
			t.Errorf("%s in a list: %s", member, got)
		}
	}
	limit := c.send("GET /__admin/definition", "", http.StatusOK).Get(`limits.#(operation=="notes.post").reason`).String()
	if limit != "refused, though the schema of the body is open: _type, _actions, _links, id, createdAt, updatedAt" {
		t.Error(limit)
	}
	if list := c.send("GET "+notesPath, "", http.StatusOK); list.Get("count").Int() != 1 {
		t.Errorf("%s", list)
	}
	c.send("PATCH "+path, `{"text":"b","more":7}`, http.StatusOK)
	body := c.send("GET "+path+"?_actions=true&_links=true", "", http.StatusOK).Raw
	for _, name := range []string{"id", "createdAt", "text", "more", "_type", "_actions", "_links"} {
		if n := strings.Count(body, `"`+name+`":`); n != 1 {
			t.Errorf("%s stands %d times in %s", name, n, body)
		}
	}
}

func TestADeviceListsTheAttributesThatItHas(t *testing.T) {
	t.Parallel()
	c := openOffice(t, mockserver.WithWorld(&scenarios.Scenario{Applications: []scenarios.Application{{ID: mocktest.ApplicationID, Name: "a", Resources: scenarios.Resources{"devices": {
		{Value: map[string]any{"name": "Oven", "attributes": []any{map[string]any{"name": "heat", "dataType": "number"}}}, Resources: scenarios.Resources{"deviceAttributes": {{Value: map[string]any{"name": "smoke"}}}}},
		{Value: map[string]any{"name": "Door {{n}}", "attributes": []any{map[string]any{"name": "open"}}}, Count: 2},
	}}}}}))
	alike := func(device, want string) {
		t.Helper()
		got := c.send("GET "+device, "", http.StatusOK)
		var below []string
		for _, one := range c.send("GET "+device+"/attributes", "", http.StatusOK).Get("items").Array() {
			below = append(below, one.Get("name").String()+" "+one.Get("dataType").String())
			if one.Get("deviceId").String() != got.Get("id").String() {
				t.Errorf("%s is not of %s", one, device)
			}
		}
		var listed []string
		for _, one := range got.Get("attributes").Array() {
			listed = append(listed, one.Get("name").String()+" "+one.Get("dataType").String())
			if len(one.Map()) > 2 {
				t.Errorf("%s has more than the device's schema", one)
			}
		}
		if strings.Join(listed, ",") != want {
			t.Errorf("%s lists %q, want %q", device, listed, want)
		}
		for _, one := range listed {
			if !strings.Contains(strings.Join(below, ",")+",", one+",") || len(below) != len(listed) {
				t.Errorf("%s lists %q and has %q", device, listed, below)
			}
		}
	}
	all := c.send("GET "+devicesPath, "", http.StatusOK).Get("items.#.id").Array()
	alike(devicesPath+"/"+all[0].String(), "open number")
	alike(devicesPath+"/"+all[2].String(), "heat number,smoke number")

	device := devicesPath + "/" + c.send("POST "+devicesPath, `{"name":"Lift","attributes":[{"name":"load","dataType":"number"},{"name":"door"}]}`, http.StatusCreated).Get("id").String()
	alike(device, "load number,door number")
	c.send("POST "+device+"/attributes", `{"name":"alarm"}`, http.StatusCreated)
	alike(device, "load number,door number,alarm number")
	c.send("PATCH "+device+"/attributes/load", `{"dataType":"string"}`, http.StatusOK)
	c.send("DELETE "+device+"/attributes/door", "", http.StatusOK)
	alike(device, "load string,alarm number")
	c.send("PATCH "+device, `{"attributes":[{"name":"floor","dataType":"number"}]}`, http.StatusOK)
	alike(device, "floor number")
	c.send("PATCH "+device, `{"name":"Lift 2"}`, http.StatusOK)
	alike(device, "floor number")
	for _, request := range []string{"PATCH " + device, "POST " + devicesPath} {
		if got := c.send(request, `{"attributes":[{"name":"a"},{"name":"a"}]}`, http.StatusBadRequest).Get("message").String(); got != "device.attributes must be unique" {
			t.Errorf("%s: %s", request, got)
		}
	}
	saved := mocktest.Send(t, c.srv.URL, "GET /__admin/scenario", "")
	if w := mocktest.Send(t, c.srv.URL, "PUT /__admin/scenario", saved.Body, "Content-Type: application/yaml"); w.Status != http.StatusOK {
		t.Fatal(w.Body)
	}
	alike(device, "floor number")
}

// An application's summary counts what is in its collections.
func TestASummaryCounts(t *testing.T) {
	t.Parallel()
	c := openOffice(t)
	first := c.send("POST "+devicesPath, `{"name":"Pump"}`, http.StatusCreated).Get("id").String()
	c.send("POST "+devicesPath, `{"name":"Valve"}`, http.StatusCreated)
	count := func() string {
		listed := c.send("GET /applications", "", http.StatusOK).Get("items.0.summary.deviceCount").Raw
		return listed + " " + c.send("GET "+inOffice, "", http.StatusOK).Get("summary.deviceCount").Raw
	}
	if got := count(); got != "2 2" {
		t.Errorf("%s devices", got)
	}
	c.send("DELETE "+devicesPath+"/"+first, "", http.StatusOK)
	if got := count(); got != "1 1" {
		t.Errorf("then %s", got)
	}
}

// The summaries of an organization and of the user count what each of them owns.
func TestASummaryCountsWhatItsThingOwns(t *testing.T) {
	t.Parallel()
	c := openOffice(t)
	org := c.send("POST /orgs", `{"name":"Works","members":[{},{}]}`, http.StatusCreated).Get("id").String()
	owner := `,"orgId":"` + org + `"`
	app := "/applications/" + c.send("POST /applications", `{"name":"a"`+owner+`}`, http.StatusCreated).Get("id").String()
	for _, name := range []string{"Pump", "Valve"} {
		c.send("POST "+app+"/devices", `{"name":"`+name+`"}`, http.StatusCreated)
	}
	c.send("POST "+devicesPath, `{"name":"Lift"}`, http.StatusCreated)
	c.send("POST /boards", `{"name":"b"`+owner+`}`, http.StatusCreated)
	c.send("POST /me/permits", `{"name":"Door"}`, http.StatusCreated)
	for path, want := range map[string]string{
		"/orgs/" + org: `{"appCount":1,"boardCount":1,"deviceCount":2,"memberCount":2,"payloadCount":0,"webhookCount":0}`,
		"/orgs/" + org + "?summaryInclude=deviceCount,appCount": `{"appCount":1,"deviceCount":2}`,
		"/orgs/" + org + "?summaryExclude=payloadCount":         `{"appCount":1,"boardCount":1,"deviceCount":2,"memberCount":2,"webhookCount":0}`,
		"/me": `{"appCount":1,"boardCount":0,"deviceCount":1,"orgCount":1,"permitCount":1,"webhookCount":1}`,
	} {
		if got := c.send("GET "+path, "", http.StatusOK).Get("summary").Raw; got != want {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
	c.send("DELETE "+app, "", http.StatusOK)
	if got := c.send("GET /orgs", "", http.StatusOK).Get("items.0.summary.deviceCount").Raw; got != "0" {
		t.Errorf("then %s", got)
	}
}

// The user is who the scenario says, and owns the same in a world that was saved.
func TestTheUserStaysTheSame(t *testing.T) {
	t.Parallel()
	c := openOffice(t, mockserver.WithWorld(&scenarios.Scenario{}))
	c.send("POST /applications", `{"name":"a"}`, http.StatusCreated)
	saved := mocktest.Send(t, c.srv.URL, "GET /__admin/scenario", "")
	mocktest.Send(t, c.srv.URL, "PUT /__sandbox/copy/__admin/scenario", saved.Body, "Content-Type: application/yaml")
	before, after := c.send("GET /me", "", http.StatusOK), c.send("GET /__sandbox/copy/me", "", http.StatusOK)
	if before.Get("summary.appCount").Int() != 1 || before.Raw != after.Raw {
		t.Errorf("%s, and saved %s", before, after)
	}
	named := openOffice(t, mockserver.WithWorld(&scenarios.Scenario{Auth: scenarios.Auth{Users: []scenarios.User{{ID: "681000000000000000000099", Email: "grace@example.com", Password: "long enough"}}}}))
	if got := named.send("GET /me", "", http.StatusOK); got.Get("_type").String() != "me" || got.Get("_links.self.href").String() != "/me" {
		t.Errorf("the user lacks what each resource has: %s", got)
	}
	if got := named.send("GET /me", "", http.StatusOK); got.Get("id").String() != "681000000000000000000099" || got.Get("email").String() != "grace@example.com" {
		t.Error(got)
	}
}

// What counts is set by nobody, and parameters of it are applied.
func TestASummaryIsSetByNobody(t *testing.T) {
	t.Parallel()
	c := openOffice(t)
	got := c.send("PUT /__admin/scenario", `{"resources":{"orgs":[{"name":"Works","summary":{"deviceCount":9}}]}}`, http.StatusUnprocessableEntity).Raw
	if !strings.Contains(got, "resources.orgs[0].summary") {
		t.Error(got)
	}
	for _, limit := range c.send("GET /__admin/definition", "", http.StatusOK).Get("limits").Array() {
		if strings.Contains(limit.Get("reason").String(), "summaryInclude") {
			t.Error(limit)
		}
	}
}

func TestAnAddressIsTakenOnce(t *testing.T) {
	t.Parallel()
	c := openOffice(t)
	users := inOffice + "/experience/users"
	c.send("POST "+users, `{"email":"ada@example.com"}`, http.StatusCreated)
	other := c.send("POST "+users, `{"email":"bob@example.com"}`, http.StatusCreated).Get("id").String()
	for _, request := range []string{"POST " + users, "PATCH " + users + "/" + other} {
		if got := c.send(request, `{"email":"ada@example.com"}`, http.StatusBadRequest).Get("message").String(); got != "experienceUser.email is already in use" {
			t.Errorf("%s: %s", request, got)
		}
	}
	c.send("POST "+users, `{"name":"a"}`, http.StatusCreated) // two without one share none
	c.send("POST "+users, `{"name":"b"}`, http.StatusCreated)
}

// What breaks the schema of an example deep inside is mended, and all else stays.
func TestAnExampleKeepsWhatIsSound(t *testing.T) {
	t.Parallel()
	c := openOffice(t)
	if got, want := c.send("POST "+inOffice+"/floor-plan", "", http.StatusCreated).Raw, `{"building":{"name":"Tower","floors":[{"number":1,"lift":false},{"number":0}]}}`; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestAQueryHasBounds(t *testing.T) {
	t.Parallel()
	c := openOffice(t)
	nested := func(depth int) string {
		return strings.Repeat(`{"$or":[`, depth-1) + `{"a":1}` + strings.Repeat("]}", depth-1)
	}
	for name, q := range map[string]struct{ query, want string }{
		"deep":        {nested(32), ""},
		"too deep":    {nested(33), "query is more than 32 deep"},
		"deepest":     {nested(2000), "query is more than 32 deep"},
		"wide":        {`{"$or":[` + strings.Repeat(`{"a":1},`, 400) + `{"a":1}]}`, ""},
		"too wide":    {`{"$or":[` + strings.Repeat(`{"a":1},`, 1000) + `{"a":1}]}`, "query has more than 1000 conditions"},
		"long list":   {`{"a":{"$in":[` + strings.Repeat("1,", 1000) + `1]}}`, "query has more than 1000 conditions"},
		"large value": {`{"a":{` + strings.Repeat(`"b":1,`, 10) + `"c":{}}}`, ""},
	} {
		status := http.StatusOK
		if q.want != "" {
			status = http.StatusBadRequest
		}
		if got := c.send("GET "+notesPath+"?query="+url.QueryEscape(q.query), "", status).Get("message").String(); got != q.want {
			t.Errorf("%s: %q, want %q", name, got, q.want)
		}
	}
	limits := c.send("GET /__admin/definition", "", http.StatusOK)
	if got := limits.Get(`limits.#(operation=="notes.get").reason`).String(); got != "query: at most 1000 conditions, 32 deep" {
		t.Error(got)
	}
}

// A query that takes long ends when its client leaves, and keeps nobody from what it
// looks at.
func TestAQueryEndsWithItsClient(t *testing.T) {
	t.Parallel()
	c := openOffice(t, mockserver.WithWorld(&scenarios.Scenario{Applications: []scenarios.Application{{ID: mocktest.ApplicationID, Name: "a", Resources: scenarios.Resources{
		"notes": {{Value: map[string]any{"text": "note {{n}}"}, Count: 200_000}},
	}}}}))
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	slow := `{"$or":[` + strings.Repeat(`{"text":{"$contains":"x"}},`, 330) + `{"a":1}]}`
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, c.srv.URL+notesPath+"?query="+url.QueryEscape(slow), nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer any")
	ended := make(chan error)
	go func() {
		response, err := http.DefaultClient.Do(request)
		if err == nil {
			response.Body.Close()
		}
		ended <- err
	}()
	asked := c.srv.Requests().Operation("notes.get").Within(time.Minute)
	asked.Once(t)
	c.send("POST "+notesPath, `{"text":"beside"}`, http.StatusCreated)
	if r, _ := asked.First(); !r.Pending {
		t.Fatalf("the query has ended before its client leaves: %+v", r)
	}
	cancel()
	if err := <-ended; err == nil {
		t.Error("the client has a response")
	}
	if r := asked.Status(http.StatusGatewayTimeout).Within(30 * time.Second).Once(t); !r.Aborted {
		t.Errorf("the client has not left: %+v", r)
	}
}

// The items of a pattern are as those that are listed one by one.
func TestAPatternMakesWhatItsItemsWouldBe(t *testing.T) {
	t.Parallel()
	pattern := map[string]any{"id": "6810000000000000000000{{n}}", "name": "Door {{n}} {{n}}", "attributes": []any{map[string]any{"name": "open"}}}
	var listed []scenarios.Item
	for n := 10; n <= 12; n++ {
		text := strings.ReplaceAll(mocktest.ToJSON(t, pattern), "{{n}}", fmt.Sprint(n))
		listed = append(listed, scenarios.Item{Value: gjson.Parse(text).Value()})
	}
	world := func(items ...scenarios.Item) *scenarios.Scenario {
		return &scenarios.Scenario{
			Clock:        scenarios.Clock{Mode: scenarios.ClockFixed, At: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)},
			Applications: []scenarios.Application{{ID: mocktest.ApplicationID, Name: "a", Resources: scenarios.Resources{"devices": items}}},
		}
	}
	pattern["id"] = "68100000000000000000001{{n}}"
	made := openOffice(t, mockserver.WithWorld(world(scenarios.Item{Value: pattern, Count: 2})))
	one := openOffice(t, mockserver.WithWorld(world(listed...)))
	got := made.send("GET "+devicesPath+"/681000000000000000000012", "", http.StatusOK).Raw
	want := strings.ReplaceAll(one.send("GET "+devicesPath+"/681000000000000000000012", "", http.StatusOK).Raw, "Door 12 12", "Door 2 2")
	if got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
	if list := made.send("GET "+devicesPath, "", http.StatusOK); list.Get("count").Int() != 2 {
		t.Error(list)
	}
}

// What a client creates can be saved and loaded again, also names that differ in case
// alone, and null where an item may have none.
func TestWhatWasCreatedIsSaved(t *testing.T) {
	t.Parallel()
	c := openOffice(t)
	for _, email := range []string{"ada@example.com", "Ada@example.com"} {
		c.send("POST "+inOffice+"/experience/users", `{"email":"`+email+`"}`, http.StatusCreated)
	}
	if made := c.send("POST "+inOffice+"/experience/users", `{"name":null}`, http.StatusCreated); made.Get("name").Exists() {
		t.Errorf("%s", made)
	}
	saved := mocktest.Send(t, c.srv.URL, "GET /__admin/scenario", "")
	if saved.Status != http.StatusOK {
		t.Fatal(saved.Body)
	}
	if loaded := mocktest.Send(t, c.srv.URL, "PUT /__admin/scenario", saved.Body, "Content-Type: application/yaml"); loaded.Status != http.StatusOK {
		t.Error(loaded.Body)
	}
}
