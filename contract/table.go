package contract

// IDPattern is what every id of the API looks like.
const IDPattern = `^[A-Fa-f\d]{24}$`

// DatePattern is how the API writes an instant.
const DatePattern = `^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$`

// MaxPerPage is the largest perPage. The real limit is not public; this one
// is ours.
const MaxPerPage = 1000

// maxPage keeps page and perPage multipliable. The limit is ours.
const maxPage = 1<<31 - 1

// table is the API: every operation, and everything about it that is not in a
// schema. Whatever is added here appears in the router, the checks, GET / and
// the journal by itself.
//
// Source: Losant's documentation of its API, and the clients made from it.
func table() []*Resource {
	return []*Resource{
		{
			Name: "applications",
			Path: "/applications",
			Actions: []*Operation{
				{
					Action:  "get",
					Method:  "GET",
					Summary: "Returns the applications that the token may see",
					Params:  listParams("name", "id", "creationDate", "ownerId", "lastUpdated"),
					Responses: []Response{
						{Status: 200, Description: "Collection of applications", Schema: "applications"},
						badRequest,
					},
				},
				{
					Action:  "post",
					Method:  "POST",
					Summary: "Creates an application",
					Params: []Param{{
						Name: "application", In: "body", Required: true, Schema: "applicationPost",
						Description: "What the application is to be",
					}},
					Responses: []Response{
						{Status: 201, Description: "The created application", Schema: "application"},
						badRequest,
					},
				},
			},
		},
		{
			Name:   "application",
			Path:   "/applications/{applicationId}",
			Params: []Param{applicationID()},
			Links:  []Link{{"applications", "/applications"}},
			Actions: []*Operation{
				{
					Action:  "get",
					Method:  "GET",
					Summary: "Returns an application",
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
					Params: []Param{{
						Name: "application", In: "body", Required: true, Schema: "applicationPatch",
						Description: "The properties to change",
					}},
					Responses: []Response{
						{Status: 200, Description: "The changed application", Schema: "application"},
						badRequest,
						notFound("application"),
					},
				},
			},
		},
		{
			Name:   "auth",
			Path:   "/auth",
			Public: true,
			Actions: []*Operation{
				{
					Action:  "authenticateUser",
					Method:  "POST",
					path:    "/user",
					Summary: "Authenticates a user by email and password",
					Params: []Param{{
						Name: "credentials", In: "body", Required: true, Schema: "userCredentials",
						Description: "Email and password of the user",
					}},
					Responses: []Response{
						{Status: 200, Description: "The user's id and a token with the scope all.User", Schema: "authedUser"},
						badRequest,
						{Status: 401, Description: "Error if authentication fails", Schema: "error"},
					},
				},
			},
		},
		{
			Name:   "webhook",
			Path:   "/applications/{applicationId}/webhooks/{webhookId}",
			Params: []Param{applicationID(), webhookID()},
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
						Name: "includeWorkflows", In: "query", Example: "true",
						Description: "Whether to delete the workflows that use the webhook too",
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
			Name:   "webhooks",
			Path:   "/applications/{applicationId}/webhooks",
			Params: []Param{applicationID()},
			Links:  []Link{{"application", "/applications/{applicationId}"}},
			Actions: []*Operation{
				{
					Action:  "get",
					Method:  "GET",
					Summary: "Returns the webhooks for an application",
					Params:  listParams("name", "id", "creationDate", "lastUpdated"),
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

func globalParams() []Param {
	return []Param{{
		Name: "losantdomain", In: "header", Example: "example.com",
		Description: "Domain scope of request (rarely needed)",
	}}
}

func listParams(sortFields ...string) []Param {
	return []Param{
		{
			Name: "sortField", In: "query", Enum: sortFields, Default: "name", Example: "name",
			Description: "Field to sort by",
		},
		{
			Name: "sortDirection", In: "query", Enum: []string{"asc", "desc"}, Default: "asc", Example: "asc",
			Description: "Direction to sort in",
		},
		{
			Name: "page", In: "query", Whole: &Bounds{0, maxPage}, Default: "0", Example: "0",
			Description: "Which page to return, counted from 0",
		},
		{
			Name: "perPage", In: "query", Whole: &Bounds{1, MaxPerPage}, Default: "100", Example: "10",
			Description:   "How many items a page holds",
			defaultBefore: earlier{version: "1.18.0", value: "1000"},
		},
		{
			Name: "filterField", In: "query", Enum: []string{"name"}, Example: "name", BlankIsNone: true,
			Description: "Field to filter by; none when blank",
		},
		{
			Name: "filter", In: "query", Example: "my*webhook",
			Description: "Glob that the filtered field must match; no filter when blank",
		},
	}
}

func applicationID() Param {
	return Param{
		Name: "applicationId", In: "path", Required: true, Pattern: IDPattern,
		Description: "ID associated with the application", Example: "575ec8687ae143cd83dc4a97",
	}
}

func webhookID() Param {
	return Param{
		Name: "webhookId", In: "path", Required: true, Pattern: IDPattern,
		Description: "ID associated with the webhook", Example: "575ed78e7ae143cd83dc4aab",
	}
}

var badRequest = Response{Status: 400, Description: "Error if malformed request", Schema: "error"}

func notFound(what string) Response {
	return Response{Status: 404, Description: "Error if " + what + " was not found", Schema: "error", Missing: what}
}
