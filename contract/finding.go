package contract

import (
	"cmp"
	"slices"
)

// Verdict is what a check came to. From the best to the worst: Conforms, News,
// CouldNotCheck, Breaks.
type Verdict string

const (
	// Conforms: all is as the contract has it.
	Conforms Verdict = "conforms"
	// News: there is more than the contract knows, as a property that it does
	// not name. The real API grows; a client that is well written goes on.
	News Verdict = "news"
	// CouldNotCheck: the network, a limit of the service or a world without
	// what the check needs stood in the way.
	CouldNotCheck Verdict = "could not check"
	// Breaks: the contract is broken.
	Breaks Verdict = "breaks"
)

var verdicts = []Verdict{Conforms, News, CouldNotCheck, Breaks}

// Compare orders verdicts: negative when v is better than w.
func (v Verdict) Compare(w Verdict) int {
	return cmp.Compare(slices.Index(verdicts, v), slices.Index(verdicts, w))
}

// The names of checks. Where a check of Schemathesis means the same, it has
// the same name.
const (
	CheckServerError   = "not_a_server_error"
	CheckStatus        = "status_code_conformance"
	CheckContentType   = "content_type_conformance"
	CheckSchema        = "response_schema_conformance"
	CheckNegative      = "negative_data_rejection"
	CheckPositive      = "positive_data_acceptance"
	CheckUseAfterFree  = "use_after_free"
	CheckAvailability  = "ensure_resource_availability"
	CheckIgnoredAuth   = "ignored_auth"
	CheckMethod        = "unsupported_method"
	CheckError         = "error_conformance"
	CheckIdentity      = "identity_conformance"
	CheckEcho          = "echo_conformance"
	CheckPagination    = "pagination_conformance"
	CheckSorting       = "sorting_conformance"
	CheckFiltering     = "filtering_conformance"
	CheckIdempotence   = "idempotence"
	CheckHAL           = "hal_conformance"
	CheckCORS          = "cors_conformance"
	CheckSelfDescribed = "definition_conformance"
	CheckOfRequest     = "request_conformance"
)

// Checks explains each check, in the order in which a report shows them.
var Checks = []struct{ Name, Meaning string }{
	{CheckServerError, "no request makes the server fail"},
	{CheckStatus, "statuses are documented for the operation"},
	{CheckContentType, "answers are JSON, whatever is asked for"},
	{CheckSchema, "answers meet the schema of their status and carry what they always carry"},
	{CheckError, "errors have the documented type and the words of the violation"},
	{CheckPositive, "valid requests are accepted"},
	{CheckNegative, "invalid requests are refused"},
	{CheckIgnoredAuth, "nobody gets in without a token, or with one that nobody issued"},
	{CheckMethod, "methods that an operation has not are refused"},
	{CheckIdentity, "ids agree with each other and with the path, dates are in order"},
	{CheckEcho, "what was written comes back, and what was left out has its default"},
	{CheckPagination, "pages cover a list exactly, and counts add up"},
	{CheckSorting, "lists are in the order that was asked for"},
	{CheckFiltering, "filters match whole names whatever the case, and nothing else"},
	{CheckAvailability, "what was created can be read and is listed"},
	{CheckUseAfterFree, "what was deleted is gone"},
	{CheckIdempotence, "the same request twice has the effect of one"},
	{CheckHAL, "_type, _links and _actions lead where they say, and can be switched off"},
	{CheckCORS, "pages of other origins may ask"},
	{CheckSelfDescribed, "the API's description of itself agrees with the contract"},
	{CheckOfRequest, "a client's requests are such that the API takes them"},
}

// Finding is one thing that a check found.
type Finding struct {
	// Check is the name of the check, such as [CheckSchema].
	Check   string  `json:"check"`
	Verdict Verdict `json:"verdict"`
	// Operation is such as "webhooks.get"; blank where a request led to none.
	Operation string `json:"operation,omitempty"`
	// Case says what the suite was trying; blank outside a suite.
	Case string `json:"case,omitempty"`
	// Field leads to what was wrong: "webhooks.items.3.name", "Content-Type".
	Field string `json:"field,omitempty"`
	// Message says what was expected and what came.
	Message string `json:"message"`
	// Curl is a command that asks the same again, in a suite.
	Curl string `json:"curl,omitempty"`
}

// Findings are what checks found; none is all well.
type Findings []Finding

// Verdict is the worst of the findings.
func (f Findings) Verdict() Verdict {
	worst := Conforms
	for i := range f {
		if f[i].Verdict.Compare(worst) > 0 {
			worst = f[i].Verdict
		}
	}
	return worst
}
