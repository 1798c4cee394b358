package generic_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/losantmock/losantmock/mockserver/internal/mocktest"
)

// What is called by a name, such as the attribute of a device, owns nothing of that name.
func TestANameIsNoOwner(t *testing.T) {
	t.Parallel()
	c := openOffice(t)
	device := inOffice + "/devices/" + c.send("POST "+inOffice+"/devices", `{"name":"d","attributes":[{"name":"volts","dataType":"number"}]}`, http.StatusCreated).Get("id").String()
	org := "/orgs/" + c.send("POST /orgs", `{"name":"volts"}`, http.StatusCreated).Get("id").String()
	board := "/boards/" + c.send("POST /boards", `{"name":"volts"}`, http.StatusCreated).Get("id").String()
	c.send("DELETE "+device+"/attributes/volts", "", http.StatusOK)
	for _, path := range []string{org, board, device} {
		c.send("GET "+path, "", http.StatusOK)
	}
	if attributes := c.send("GET "+device, "", http.StatusOK).Get("attributes"); attributes.String() != "[]" {
		t.Error(attributes)
	}
}

// What a thing owns goes with it, wherever it is, with everything below and with the
// tokens; what others own stays.
func TestWhatADeletedThingOwnsIsGone(t *testing.T) {
	t.Parallel()
	c := openOffice(t)
	org := c.send("POST /orgs", `{"name":"Works"}`, http.StatusCreated).Get("id").String()
	other := c.send("POST /orgs", `{"name":"Other"}`, http.StatusCreated).Get("id").String()
	makeAll := func(owner string) (paths []string, token string) {
		app := "/applications/" + c.send("POST /applications", `{"name":"a"`+owner+`}`, http.StatusCreated).Get("id").String()
		permit := c.send("POST "+app+"/permits", `{"name":"Door","scope":["all.Application"]}`, http.StatusCreated)
		paths = []string{
			app,
			app + "/webhooks/" + c.send("POST "+app+"/webhooks", `{"name":"w"}`, http.StatusCreated).Get("id").String(),
			app + "/devices/" + c.send("POST "+app+"/devices", `{"name":"d"}`, http.StatusCreated).Get("id").String(),
			app + "/permits/" + permit.Get("id").String(),
			"/boards/" + c.send("POST /boards", `{"name":"b"`+owner+`}`, http.StatusCreated).Get("id").String(),
		}
		return paths, permit.Get("token").String()
	}
	owned, ended := makeAll(`,"orgId":"` + org + `"`)
	kept, valid := makeAll(`,"orgId":"` + other + `"`)
	mine, own := makeAll("")
	// Ids are equal in any case of their letters.
	c.send("DELETE /orgs/"+strings.ToUpper(org), "", http.StatusOK)
	for _, path := range owned {
		c.send("GET "+path, "", http.StatusNotFound)
	}
	c.as(ended, "GET "+inOffice+"/devices", http.StatusUnauthorized)
	for _, path := range append(kept, mine...) {
		c.send("GET "+path, "", http.StatusOK)
	}
	c.as(valid, "GET "+inOffice+"/devices", http.StatusOK)
	c.as(own, "GET "+inOffice+"/devices", http.StatusOK)
	if saved := mocktest.Send(t, c.srv.URL, "GET /__admin/scenario", "").Body; strings.Contains(saved, org) {
		t.Errorf("the organization is saved:\n%s", saved)
	}
}
