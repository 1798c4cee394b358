package contract

import (
	"maps"
	"net/http"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/losantmock/losantmock/contract/secret"
)

// resource returns the name of what the response describes: "webhook",
// "webhooks", or blank for a response that describes none.
func (c *checking) resource() string {
	if slices.Contains([]string{"webhook", "webhooks", "application", "applications"}, c.schema.Name) {
		return c.schema.Name
	}
	return ""
}

// things calls visit with the fields of each webhook or application in the
// response, and with their place.
func (c *checking) things(visit func(place string, fields map[string]any)) {
	items, isList := c.fields["items"].([]any)
	if !isList {
		visit(c.schema.Name, c.fields)
		return
	}
	for i, item := range items {
		if fields, ok := item.(map[string]any); ok {
			visit(c.schema.Name+".items."+strconv.Itoa(i), fields)
		}
	}
}

// checkIdentity checks that ids agree, and that dates are in order.
func (c *checking) checkIdentity() bool {
	if c.resource() == "" {
		return true
	}
	c.checkSame(c.schema.Name+".applicationId", c.fields["applicationId"], c.path["applicationId"])
	c.things(func(place string, fields map[string]any) {
		own := "applicationId"
		if strings.HasPrefix(c.schema.Name, "webhook") {
			own = "webhookId"
			c.checkSame(place+".applicationId", fields["applicationId"], c.path["applicationId"])
		}
		if id, _ := fields["id"].(string); id != "" {
			c.checkSame(place+"."+own, fields[own], id)
		}
		if place == c.schema.Name {
			c.checkSame(place+".id", fields["id"], c.path[own])
		}
		c.checkDates(place, fields)
	})
	return true
}

// checkSame holds an id against another, or against that of the path. Ids are the
// same in either case.
func (c *checking) checkSame(place string, got any, want string) {
	if text, ok := got.(string); ok && want != "" && !strings.EqualFold(text, want) {
		c.breaks(Documented, CheckIdentity, place, "want %q, got %q", want, text)
	}
}

var wireDate = regexp.MustCompile(DatePattern)

func (c *checking) checkDates(place string, fields map[string]any) {
	var dates [2]time.Time
	for i, name := range []string{"creationDate", "lastUpdated"} {
		text, _ := fields[name].(string)
		var err error
		if dates[i], err = time.Parse(time.RFC3339, text); err != nil {
			return // the schema reports it
		}
		if !wireDate.MatchString(text) {
			c.breaks(Inferred, CheckSchema, place+"."+name, "want it written as 2016-06-13T04:00:00.000Z, got %q", text)
		}
	}
	if dates[1].Before(dates[0]) {
		c.breaks(Inferred, CheckIdentity, place+".lastUpdated", "is before creationDate")
	}
}

// checkEcho checks that what was written comes back, and that each property of a
// new webhook that was not written has its default.
func (c *checking) checkEcho() bool {
	sent := c.sent()
	if c.resource() == "" || sent == nil {
		return true
	}
	for _, name := range slices.Sorted(maps.Keys(sent)) {
		switch _, returned := c.fields[name]; {
		case !c.comesBack(name):
		case returned:
			c.checkValue(name, sent[name])
		case !isDefault(name, sent[name]) && !slices.Contains(c.schema.always, name): // of which checkSchema reports it
			c.checkAbsent(c.schema, c.schema.Name, name)
		}
	}
	owner, _ := sent["orgId"].(string)
	if got, _ := c.fields["ownerId"].(string); owner != "" && !strings.EqualFold(got, owner) {
		c.breaks(Ours, CheckEcho, "application.ownerId", "want the organization, %q, got %q", owner, got)
	}
	if c.op.Name != OperationWebhooksPost {
		return true
	}
	for _, name := range slices.Sorted(maps.Keys(webhookDefaults)) {
		_, given := sent[name]
		_, returned := c.fields[name]
		if !given && returned {
			c.checkValue(name, webhookDefaults[name])
		}
	}
	return true
}

// isDefault reports whether a property has its default, or nothing in it: a
// response may leave it out.
func isDefault(name string, value any) bool {
	usual, has := webhookDefaults[name]
	return value == "" || has && value == usual
}

// comesBack reports whether a response has a property as it was written. How the
// API completes objects and lists, and writes other instants than its own, is not
// public.
func (c *checking) comesBack(name string) bool {
	if name == "isWebsocket" && c.op.Method == http.MethodPatch {
		return false // it is fixed at creation
	}
	property := c.schema.content().tree.Object("properties").Object(name)
	return slices.Contains([]string{"string", "integer", "number", "boolean"}, property.Text("type")) && property.Text("format") == ""
}

func (c *checking) checkValue(name string, want any) {
	got := c.fields[name]
	_, hidden := secret.KindOf(name)
	switch place := c.schema.Name + "." + name; {
	case reflect.DeepEqual(got, want):
	case hidden:
		c.breaks(Documented, CheckEcho, place, "is not what was written, or not the default")
	default:
		c.breaks(Documented, CheckEcho, place, "want %s, got %s", Brief(want), Brief(got))
	}
}
