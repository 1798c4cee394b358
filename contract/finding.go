package contract

import (
	"cmp"
	"slices"
)

// Verdict is the result of a check. From the best to the worst: [Conforms],
// [News], [CouldNotCheck], [Breaks].
type Verdict string

// The verdicts.
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

// Compare orders verdicts: it returns a negative number when v is better than
// w, 0 when they are the same, a positive number when v is worse.
func (v Verdict) Compare(w Verdict) int {
	return cmp.Compare(slices.Index(verdicts, v), slices.Index(verdicts, w))
}

// CheckName names a check. Where a check of Schemathesis means the same, it has
// the same name.
type CheckName string

// The names of checks, and what each holds true.
const (
	// CheckServerError: no request makes the server fail.
	CheckServerError CheckName = "not_a_server_error"
	// CheckStatus: statuses are documented for the operation.
	CheckStatus CheckName = "status_code_conformance"
	// CheckContentType: responses are JSON, whatever the request accepts.
	CheckContentType CheckName = "content_type_conformance"
	// CheckSchema: responses match the schema of their status and carry what
	// they always carry.
	CheckSchema CheckName = "response_schema_conformance"
	// CheckError: errors have the documented type and the words of the
	// violation.
	CheckError CheckName = "error_conformance"
	// CheckPositive: valid requests are accepted.
	CheckPositive CheckName = "positive_data_acceptance"
	// CheckNegative: invalid requests are refused.
	CheckNegative CheckName = "negative_data_rejection"
	// CheckIgnoredAuth: a request without a valid token is refused.
	CheckIgnoredAuth CheckName = "ignored_auth"
	// CheckMethod: methods that a path does not support are refused.
	CheckMethod CheckName = "unsupported_method"
	// CheckIdentity: ids agree with each other and with the path, dates are in
	// order.
	CheckIdentity CheckName = "identity_conformance"
	// CheckEcho: what was written comes back, and what was not sent has its
	// default.
	CheckEcho CheckName = "echo_conformance"
	// CheckPagination: pages cover a list exactly, and counts add up.
	CheckPagination CheckName = "pagination_conformance"
	// CheckSorting: lists are in the order that was requested.
	CheckSorting CheckName = "sorting_conformance"
	// CheckFiltering: filters match whole names whatever the case, and nothing
	// else.
	CheckFiltering CheckName = "filtering_conformance"
	// CheckAvailability: what was created can be read and is listed.
	CheckAvailability CheckName = "ensure_resource_availability"
	// CheckUseAfterFree: what was deleted is gone.
	CheckUseAfterFree CheckName = "use_after_free"
	// CheckIdempotence: the same request twice has the effect of one.
	CheckIdempotence CheckName = "idempotence"
	// CheckHAL: _type, _links and _actions lead where they say, and can be
	// switched off.
	CheckHAL CheckName = "hal_conformance"
	// CheckCORS: pages of other origins may send requests.
	CheckCORS CheckName = "cors_conformance"
	// CheckSelfDescribed: the API's description of itself agrees with the
	// contract.
	CheckSelfDescribed CheckName = "definition_conformance"
	// CheckTrigger: calls of webhooks' own URLs get what Losant documents.
	CheckTrigger CheckName = "trigger_conformance"
	// CheckTriggerAssumption: calls of webhooks' own URLs get what is inferred, or
	// decided here. It passes once for each such rule that a server confirms.
	CheckTriggerAssumption CheckName = "trigger_assumptions"
	// CheckOfRequest: the API accepts the requests of a client.
	CheckOfRequest CheckName = "request_conformance"
)

// Checks returns the names of all checks, in the order in which a report shows
// them.
func Checks() []CheckName {
	return []CheckName{
		CheckServerError, CheckStatus, CheckContentType, CheckSchema, CheckError, CheckPositive, CheckNegative,
		CheckIgnoredAuth, CheckMethod, CheckIdentity, CheckEcho, CheckPagination, CheckSorting, CheckFiltering,
		CheckAvailability, CheckUseAfterFree, CheckIdempotence, CheckHAL, CheckCORS, CheckSelfDescribed,
		CheckTrigger, CheckTriggerAssumption, CheckOfRequest,
	}
}

// ExchangeChecks returns the names of the checks that every exchange is held
// against.
func ExchangeChecks() []CheckName {
	return []CheckName{CheckServerError, CheckStatus, CheckContentType, CheckSchema, CheckError, CheckIdentity, CheckEcho}
}

// Source says how a rule of the contract is known.
type Source string

// The sources of rules, from the best.
const (
	Documented Source = "documented" // by Losant, in its documentation or definition
	Observed   Source = "observed"   // by running the framework of Losant's API
	Inferred   Source = "inferred"   // from examples, or from the code of Losant's clients
	Ours       Source = "ours"       // decided here, as nothing public says it
)

// NewFinding returns the finding that a server contradicts a rule. That of a rule
// that is [Ours] is [News].
func NewFinding(check CheckName, source Source, field, message string) Finding {
	f := Finding{Check: check, Verdict: Breaks, Source: source, Field: field, Message: message}
	if source == Ours {
		f.Verdict = News
		f.Message = "the real API decides this otherwise: " + message
	}
	return f
}

// Finding is one deviation from the contract that a check found, or its reason
// for not checking.
type Finding struct {
	// Check is the check that found it, such as [CheckSchema].
	Check   CheckName `json:"check"`
	Verdict Verdict   `json:"verdict"`
	// Source is that of the rule that is contradicted; blank where the finding
	// is about none.
	Source Source `json:"source,omitempty"`
	// Operation is the name of the operation, such as "webhooks.get"; blank
	// where a request led to none.
	Operation string `json:"operation,omitempty"`
	// Case says what the suite was trying; blank outside a suite.
	Case string `json:"case,omitempty"`
	// Field leads to what was wrong: "webhooks.items.3.name", "Content-Type".
	Field string `json:"field,omitempty"`
	// Message says what was expected and what was received.
	Message string `json:"message"`
	// Curl is a command that sends the request again; blank outside a suite.
	Curl string `json:"curl,omitempty"`
}

// Findings are what checks found; none when all conforms.
type Findings []Finding

// Verdict returns the worst verdict of the findings.
func (f Findings) Verdict() Verdict {
	worst := Conforms
	for i := range f {
		if f[i].Verdict.Compare(worst) > 0 {
			worst = f[i].Verdict
		}
	}
	return worst
}
