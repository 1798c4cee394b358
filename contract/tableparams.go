package contract

// IDPattern is what every id of the API looks like.
const IDPattern = `^[A-Fa-f\d]{24}$`

// DatePattern is how the API writes an instant.
const DatePattern = `^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$`

// MaxPerPage is the largest perPage. The real limit is not public; this one
// is ours.
const MaxPerPage = 1000

// documentedPerPage is a perPage that the real API is known to accept.
const documentedPerPage = 100

// maxPage keeps page and perPage multipliable. The limit is ours.
const maxPage = 1<<31 - 1

// globalParams returns the parameters that every operation has.
func globalParams() []Param {
	return []Param{{
		Name: "losantdomain", In: "header", Example: "example.com",
		Description: "Domain scope of request (rarely needed)",
		since:       "1.13.0",
	}}
}

// listParams returns the parameters of a list, with an example of its filter.
func listParams(filter string, sortFields ...string) []Param {
	return []Param{
		{
			Name: "sortField", In: "query", Enum: sortFields, Default: "name", Example: "name",
			Description: "Field to sort by",
			enumSince:   map[string]string{"lastUpdated": "1.11.0"},
		},
		{
			Name: "sortDirection", In: "query", Enum: []string{"asc", "desc"}, Default: "asc", Example: "asc",
			Description: "Direction to sort in",
		},
		{
			Name: "page", In: "query", Whole: &Bounds{0, maxPage}, Default: 0, Example: 0,
			Description: "Which page to return, counted from 0",
		},
		{
			Name: "perPage", In: "query", Whole: &Bounds{1, MaxPerPage}, Default: 100, Example: 10,
			Description:   "How many items a page holds",
			defaultBefore: earlier{version: "1.18.0", value: 1000},
		},
		{
			Name: "filterField", In: "query", Enum: []string{"name"}, Example: "name", BlankIsNone: true,
			Description: "Field to filter by; none when blank",
		},
		{
			Name: "filter", In: "query", Example: filter,
			Description: "Glob that the filtered field must match; no filter when blank",
		},
	}
}

// ownedBy returns the parameter that selects applications by their owner.
func ownedBy() Param {
	return Param{
		Name: "orgId", In: "query", Pattern: `^([A-Fa-f\d]{24}|)$`, Example: "575ecdf07ae143cd83dc4a9a",
		Description: "ID of the organization whose applications to return; those of the user alone when blank",
	}
}

// summaryParams returns the parameters that select the fields of an application's
// summary.
func summaryParams(since string) []Param {
	return []Param{
		{
			Name: "summaryExclude", In: "query", Example: "payloadCount", since: since,
			Description: "Fields to leave out of the summary, separated by commas",
		},
		{
			Name: "summaryInclude", In: "query", Example: "payloadCount", since: since,
			Description: "Fields that the summary has alone, separated by commas",
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
