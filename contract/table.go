package contract

import "slices"

// table is the API: every operation, and everything about it that is not in a
// schema. Whatever is added here appears in the router, the checks, GET / and
// the journal by itself.
//
// Source: Losant's documentation of its API, and the clients made from it.
func table() []*Resource {
	return []*Resource{
		{
			Name:     "applications",
			Path:     "/applications",
			families: []string{familyOrganization, familyUser, familyOnlyOrganization},
			Actions: []*Operation{
				{
					Action:  "get",
					Method:  "GET",
					Summary: "Returns the applications that the token may see",
					Params: slices.Concat(
						listParams("my * app", "name", "id", "creationDate", "ownerId", "lastUpdated"),
						[]Param{ownedBy()}, summaryParams("1.14.0")),
					cli: true,
					Responses: []Response{
						{Status: 200, Description: "Collection of applications", Schema: "applications"},
						badRequest,
					},
				},
				{
					Action:  "post",
					Method:  "POST",
					Summary: "Creates an application",
					Params: slices.Concat([]Param{{
						Name: "application", In: "body", Required: true, Schema: "applicationPost",
						Description: "What the application is to be",
					}}, summaryParams("1.14.1")),
					Responses: []Response{
						{Status: 201, Description: "The created application", Schema: "application"},
						badRequest,
					},
				},
			},
		},
		{
			Name:     "application",
			Path:     "/applications/{applicationId}",
			Params:   []Param{applicationID()},
			families: inApplications,
			Links: []Link{
				{"applicationKeys", "/applications/{applicationId}/keys"},
				{"applications", "/applications"},
				{"data", "/applications/{applicationId}/data"},
				{"deviceRecipes", "/applications/{applicationId}/device-recipes"},
				{"devices", "/applications/{applicationId}/devices"},
				{"events", "/applications/{applicationId}/events"},
				{"flows", "/applications/{applicationId}/flows"},
				{"webhooks", "/applications/{applicationId}/webhooks"},
			},
			Actions: []*Operation{
				{
					Action:  "delete",
					Method:  "DELETE",
					Summary: "Deletes an application with its webhooks",
					Responses: []Response{
						{Status: 200, Description: "The application was deleted", Schema: "success"},
						badRequest,
						notFound("application"),
					},
				},
				{
					Action:  "get",
					Method:  "GET",
					Summary: "Returns an application",
					Params:  summaryParams("1.14.0"),
					cli:     true,
					Responses: []Response{
						{Status: 200, Description: "Application information", Schema: "application"},
						badRequest,
						notFound("application"),
					},
				},
				{
					Action:  "patch",
					Method:  "PATCH",
					Summary: "Changes an application",
					Params: slices.Concat([]Param{{
						Name: "application", In: "body", Required: true, Schema: "applicationPatch",
						Description: "The properties to change",
					}}, summaryParams("1.14.1")),
					cli: true,
					Responses: []Response{
						{Status: 200, Description: "The changed application", Schema: "application"},
						badRequest,
						notFound("application"),
					},
				},
			},
		},
		{
			Name: "auth",
			Path: "/auth",
			Actions: []*Operation{
				{
					Action:  "authenticateUser",
					Method:  "POST",
					path:    "/user",
					Public:  true,
					Summary: "Authenticates a user by email and password",
					Params: []Param{{
						Name: "credentials", In: "body", Required: true, Schema: "userCredentials",
						Description: "Email and password of the user, and what the token is to be",
					}},
					Responses: []Response{
						{Status: 200, Description: "The user's id and a token", Schema: "authedUser"},
						badRequest,
						{Status: 401, Description: "Error if authentication fails", Schema: "error"},
					},
				},
			},
		},
		{
			Name:     "webhook",
			Path:     "/applications/{applicationId}/webhooks/{webhookId}",
			Params:   []Param{applicationID(), webhookID()},
			families: inApplications,
			Links: []Link{
				{"application", "/applications/{applicationId}"},
				{"webhooks", "/applications/{applicationId}/webhooks"},
			},
			Actions: []*Operation{
				{
					Action:  "delete",
					Method:  "DELETE",
					Summary: "Deletes a webhook",
					Params: []Param{{
						Name: "includeWorkflows", In: "query", Example: true,
						Description: "Whether to delete the workflows that use the webhook too",
						since:       "1.18.1", typedSince: "1.19.0", saysOptional: true,
					}},
					Responses: []Response{
						{Status: 200, Description: "The webhook was deleted", Schema: "success"},
						badRequest,
						notFound("webhook"),
					},
				},
				{
					Action:  "get",
					Method:  "GET",
					Summary: "Returns a webhook",
					Responses: []Response{
						{Status: 200, Description: "Webhook information", Schema: "webhook"},
						badRequest,
						notFound("webhook"),
					},
				},
				{
					Action:  "patch",
					Method:  "PATCH",
					Summary: "Changes a webhook",
					Params: []Param{{
						Name: "webhook", In: "body", Required: true, Schema: "webhookPatch",
						Description: "The properties to change",
					}},
					Responses: []Response{
						{Status: 200, Description: "The changed webhook", Schema: "webhook"},
						badRequest,
						notFound("webhook"),
					},
				},
			},
		},
		{
			Name:     "webhooks",
			Path:     "/applications/{applicationId}/webhooks",
			Params:   []Param{applicationID()},
			families: inApplications,
			Links:    []Link{{"application", "/applications/{applicationId}"}},
			Actions: []*Operation{
				{
					Action:  "get",
					Method:  "GET",
					Summary: "Returns the webhooks for an application",
					Params:  listParams("my*webhook", "name", "id", "creationDate", "lastUpdated"),
					Responses: []Response{
						{Status: 200, Description: "Collection of webhooks", Schema: "webhooks"},
						badRequest,
						notFound("application"),
					},
				},
				{
					Action:  "post",
					Method:  "POST",
					Summary: "Creates a webhook in an application",
					Params: []Param{{
						Name: "webhook", In: "body", Required: true, Schema: "webhookPost",
						Description: "What the webhook is to be",
					}},
					Responses: []Response{
						{Status: 201, Description: "The created webhook", Schema: "webhook"},
						badRequest,
						notFound("application"),
					},
				},
			},
		},
	}
}

var badRequest = Response{Status: 400, Description: "Error if malformed request", Schema: "error"}

func notFound(what string) Response {
	return Response{Status: 404, Description: "Error if " + what + " was not found", Schema: "error", Missing: what}
}
