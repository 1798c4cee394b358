package generic_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/losantmock/losantmock/mockserver/internal/mocktest"
	"github.com/tidwall/gjson"
)

const roomsPath = inOffice + "/rooms"

// What a response says of an item is what the item has, also in another schema than the
// item's own.
func TestAResponseSaysOfAnItemWhatItHas(t *testing.T) {
	t.Parallel()
	for name, r := range map[string]struct {
		path, body string
		beside     map[string]string // what the response has and the item lacks; * for any text of its own
		without    []string
	}{
		"all of an item and a ticket":    {roomsPath, `{"name":"Hall"}`, map[string]string{"upload.url": "https://example.com/upload"}, []string{"description"}},
		"an item and its secret":         {inOffice + "/keys", `{}`, map[string]string{"secret": "*"}, []string{"name", "description"}},
		"what a thing elsewhere is like": {inOffice + "/branches", `{"name":"West"}`, map[string]string{"companyId": "its id"}, []string{"description", "founder"}},
		"a schema of nothing but POST":   {inOffice + "/lamps", `{"name":"Desk"}`, nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := openOffice(t)
			made := c.send("POST "+r.path, r.body, http.StatusCreated)
			got := c.send("GET "+r.path+"/"+made.Get("id").String(), "", http.StatusOK)
			made.ForEach(func(member, value gjson.Result) bool {
				_, beside := r.beside[member.Str]
				for path := range r.beside {
					beside = beside || strings.HasPrefix(path, member.Str+".")
				}
				if !beside && !strings.HasSuffix(member.Str, "Id") && got.Get(member.Str).Raw != value.Raw {
					t.Errorf("%s is %s, and %s of the item", member.Str, value.Raw, got.Get(member.Str).Raw)
				}
				if strings.HasSuffix(member.Str, "Id") && member.Str != "applicationId" && member.Str != "ownerId" && value.Str != got.Get("id").Str {
					t.Errorf("%s is %s, want the id %s", member.Str, value.Str, got.Get("id").Str)
				}
				return true
			})
			for path, want := range r.beside {
				if want == "its id" {
					want = got.Get("id").String()
				}
				if value := made.Get(path).String(); value != want && (want != "*" || value == "" || value == "the_secret") {
					t.Errorf("%s is %q, want %q", path, value, want)
				}
			}
			for _, member := range r.without {
				if made.Get(member).Exists() {
					t.Errorf("%s is that of an example: %s", member, made)
				}
			}
		})
	}
}

func TestADeletedItemIsShownAsItWas(t *testing.T) {
	t.Parallel()
	c := openOffice(t)
	lamps := inOffice + "/lamps/"
	id := c.send("POST "+inOffice+"/lamps", `{"name":"Floor"}`, http.StatusCreated).Get("id").String()
	if got := c.send("DELETE "+lamps+id, "", http.StatusOK); got.Get("name").String() != "Floor" {
		t.Error(got)
	}
	c.send("GET "+lamps+id, "", http.StatusNotFound)
	if got := c.send("GET "+inOffice+"/lamps", "", http.StatusOK); got.Get("count").Int() != 0 {
		t.Error(got)
	}
}

// What the schema of an item does not name is never in a response.
func TestASecretInsideOfAnItemStaysHidden(t *testing.T) {
	t.Parallel()
	c := openOffice(t)
	lock := `"lock":{"maker":"Ada","code":"1234","keypads":[{"place":"left","code":"1234"},{"place":"right"}]}`
	const want = `{"maker":"Ada","keypads":[{"place":"left"},{"place":"right"}]}`
	made := c.send("POST "+roomsPath, `{"name":"Vault","password":"1234",`+lock+"}", http.StatusCreated)
	room := roomsPath + "/" + made.Get("id").String()
	changed := c.send("PATCH "+room, `{"password":"1234",`+lock+"}", http.StatusOK)
	for _, got := range []gjson.Result{made, changed, c.send("GET "+room, "", http.StatusOK)} {
		if got.Get("lock").Raw != want || strings.Contains(got.Raw, "1234") {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

func TestWhatABodyAloneHasIsShownWhereItCanBe(t *testing.T) {
	t.Parallel()
	c := openOffice(t)
	const org = "681000000000000000000099"
	group := c.send("POST "+inOffice+"/groups", `{"name":"Guests"}`, http.StatusCreated).Get("id").String()
	made := c.send("POST "+roomsPath, `{"name":"Hall","orgId":"`+org+`","password":"x","groupIds":["`+group+`"],"seatIds":["`+org+`"]}`, http.StatusCreated)
	c.send("POST "+roomsPath, `{"name":"Attic"}`, http.StatusCreated)
	room := roomsPath + "/" + made.Get("id").String()
	for path, want := range map[string]string{"ownerId": org, "ownerType": "organization", "isPasswordProtected": "true", "groups": `[{"id":"` + group + `","name":"Guests"}]`} {
		if got := c.send("GET "+room, "", http.StatusOK).Get(path).String(); got != want {
			t.Errorf("%s is %s, want %s", path, got, want)
		}
	}
	if got := c.send("GET "+roomsPath+"?orgId="+org, "", http.StatusOK).Get("items.#.name").Raw; got != `["Hall"]` {
		t.Errorf("the organization owns %s", got)
	}
	for id, want := range map[string]string{group: `["Hall"]`, org: `[]`} {
		if got := c.send("GET "+roomsPath+"?groupId="+id, "", http.StatusOK).Get("items.#.name").Raw; got != want {
			t.Errorf("the group %s is that of %s, want %s", id, got, want)
		}
	}
	changed := c.send("PATCH "+room, `{"password":"","groupIds":[]}`, http.StatusOK)
	if changed.Get("isPasswordProtected").String() != "false" || changed.Get("groups").Raw != "[]" {
		t.Error(changed)
	}
	limits := c.send("GET /__admin/definition", "", http.StatusOK)
	if got := limits.Get(`limits.#(operation=="rooms.post").reason`).String(); got != "checked and not kept: seatIds" {
		t.Error(got)
	}
}

// What an item lists of others is shown as they are: with a new name, or no longer.
func TestListedItemsAreShownAsTheyAre(t *testing.T) {
	t.Parallel()
	c := openOffice(t)
	const unknown = "681000000000000000000099"
	group := c.send("POST "+inOffice+"/groups", `{"name":"Guests"}`, http.StatusCreated).Get("id").String()
	room := roomsPath + "/" + c.send("POST "+roomsPath, `{"name":"Hall","groupIds":["`+group+`","`+unknown+`"]}`, http.StatusCreated).Get("id").String()
	for _, step := range []struct{ call, body, want string }{
		{"GET", "", `[{"id":"` + group + `","name":"Guests"},{"id":"` + unknown + `"}]`},
		{"PATCH", `{"name":"Staff"}`, `[{"id":"` + group + `","name":"Staff"},{"id":"` + unknown + `"}]`},
		{"DELETE", "", `[{"id":"` + unknown + `"}]`},
	} {
		c.send(step.call+" "+inOffice+"/groups/"+group, step.body, http.StatusOK)
		for _, got := range []gjson.Result{c.send("GET "+room, "", http.StatusOK).Get("groups"), c.send("GET "+roomsPath, "", http.StatusOK).Get("items.0.groups")} {
			if got.Raw != step.want {
				t.Errorf("after %s: %s, want %s", step.call, got, step.want)
			}
		}
	}
}

// A part of a list begins behind an item, or ends in front of one, in the order of the list.
func TestPartsOfAListByTheItemBesideThem(t *testing.T) {
	t.Parallel()
	c := openOffice(t)
	ids := map[string]string{"": "681000000000000000000099"}
	for _, name := range []string{"A", "B", "C", "D", "E"} {
		ids[name] = c.send("POST "+roomsPath, `{"name":"`+name+`"}`, http.StatusCreated).Get("id").String()
	}
	for _, part := range []struct{ param, item, rest, want string }{
		{"startingAfterId", "B", "", `["C","D","E"]`},
		{"startingAfterId", "B", "&limit=2", `["C","D"]`},
		{"startingAfterId", "B", "&limit=1&offset=1", `["D"]`},
		{"startingAfterId", "E", "", `[]`},
		{"startingAfterId", "", "", `[]`},
		{"endingBeforeId", "D", "", `["A","B","C"]`},
		{"endingBeforeId", "D", "&limit=2", `["B","C"]`},
		{"endingBeforeId", "A", "", `[]`},
	} {
		target := roomsPath + "?" + part.param + "=" + strings.ToUpper(ids[part.item]) + part.rest
		if got := c.send("GET "+target, "", http.StatusOK).Get("items.#.name").Raw; got != part.want {
			t.Errorf("%s %s%s: %s, want %s", part.param, part.item, part.rest, got, part.want)
		}
	}
}

func TestAListIsFilteredByAnyOfSeveralValues(t *testing.T) {
	t.Parallel()
	c := openOffice(t)
	for _, body := range []string{`{"name":"Hall","floor":"ground"}`, `{"name":"Attic","floor":"roof","tags":[{"key":"seats","value":"50"}]}`, `{"name":"Den","floor":"first"}`} {
		c.send("POST "+roomsPath, body, http.StatusCreated)
	}
	for query, want := range map[string]string{
		"floor=roof":                       `["Attic"] "roof" `,
		"floor[]=roof&floor[]=ground":      `["Hall","Attic"]  `,
		"floor=roof&floor=ground":          `["Hall","Attic"]  `,
		"tagFilter[0][value]=50":           `["Attic"]  [{"value":"50"}]`,
		"tagFilter[0][value]=7":            `[]  [{"value":"7"}]`,
		"limit=2":                          `["Hall","Attic"]  `,
		"floor[]=cellar&floor[]=elsewhere": `[]  `,
	} {
		got := c.send("GET "+roomsPath+"?"+strings.NewReplacer("[", "%5B", "]", "%5D").Replace(query), "", http.StatusOK)
		if is := got.Get("items.#.name").Raw + " " + got.Get("floor").Raw + " " + got.Get("tagFilter").Raw; is != want {
			t.Errorf("%s: %s, want %s", query, is, want)
		}
		if more := got.Get("hasMore"); more.Bool() != (query == "limit=2") || !more.Exists() {
			t.Errorf("%s: %s", query, got)
		}
	}
}

func TestWholeNumbersOfAQueryAreChecked(t *testing.T) {
	t.Parallel()
	c := openOffice(t)
	room := roomsPath + "/" + c.send("POST "+roomsPath, `{"name":"Hall"}`, http.StatusCreated).Get("id").String()
	for request, want := range map[string]string{
		roomsPath + "?limit=-1":                   "limit is less than minimum",
		roomsPath + "?limit=x":                    "limit is the wrong type",
		roomsPath + "?limit=99999999999":          "limit is more than maximum",
		roomsPath + "?offset=-1":                  "offset is less than minimum",
		roomsPath + "?offset=1.5":                 "offset is the wrong type",
		room + "/watch?keepAliveInterval=x":       "keepAliveInterval is the wrong type",
		room + "/watch?keepAliveInterval=0":       "keepAliveInterval is less than minimum",
		room + "/watch?keepAliveInterval=1000000": "keepAliveInterval is more than maximum",
	} {
		if got := c.send("GET "+request, "", http.StatusBadRequest).Get("message").String(); got != want {
			t.Errorf("%s: %s, want %s", request, got, want)
		}
	}
	c.send("GET "+roomsPath+"?limit=1&offset=0", "", http.StatusOK)
}

func TestAStreamEndsWithWhatItIsOf(t *testing.T) {
	t.Parallel()
	for name, remove := range map[string]func(c client, room string){
		"the item":        func(c client, room string) { c.send("DELETE "+room, "", http.StatusOK) },
		"the application": func(c client, _ string) { c.send("DELETE "+inOffice, "", http.StatusOK) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := openOffice(t)
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			rooms := make([]string, 2)
			for i := range rooms {
				rooms[i] = roomsPath + "/" + c.send("POST "+roomsPath, `{"name":"Hall"}`, http.StatusCreated).Get("id").String()
			}
			stream := c.open(ctx, rooms[0]+"/watch?keepAliveInterval=3600")
			c.open(ctx, rooms[1]+"/watch")
			remove(c, rooms[0])
			if _, err := io.ReadAll(stream.Body); err != nil {
				t.Errorf("the stream does not end: %v", err)
			}
			if name == "the item" {
				if got := c.send("POST /__admin/streams/room.watch", `{"data":{}}`, http.StatusOK).Get("reached").Int(); got != 1 {
					t.Errorf("reached %d streams, want that of the other room", got)
				}
			}
		})
	}
}

// An access token is shown once.
func TestATokenIsShownOnce(t *testing.T) {
	t.Parallel()
	c := openOffice(t)
	for _, permits := range []string{inOffice + "/permits", "/me/permits"} {
		made := c.send("POST "+permits, `{"name":"Door"}`, http.StatusCreated)
		permit, token := permits+"/"+made.Get("id").String(), made.Get("token").String()
		if token == "" {
			t.Fatal(made)
		}
		for _, got := range []gjson.Result{c.send("GET "+permit, "", http.StatusOK), c.send("PATCH "+permit, `{"name":"Gate"}`, http.StatusOK), c.send("GET "+permits, "", http.StatusOK)} {
			if strings.Contains(got.Raw, token) || strings.Contains(got.Raw, `"token"`) {
				t.Errorf("%s shows the token", got)
			}
		}
		c.as(token, "GET "+devicesPath, http.StatusOK)
	}
}

// What is in use is called by the name of the parameter of the body.
func TestABodyIsCalledByItsParameter(t *testing.T) {
	t.Parallel()
	c := openOffice(t)
	seat := inOffice + "/seats"
	c.send("POST "+seat, `{"userId":"`+mocktest.MissingID+`"}`, http.StatusCreated)
	for body, want := range map[string]string{
		`{"userId":"` + mocktest.MissingID + `"}`: "chair.userId is already in use",
	} {
		if got := c.send("POST "+seat, body, http.StatusBadRequest).Get("message").String(); got != want {
			t.Errorf("%s: %s, want %s", body, got, want)
		}
	}
}
