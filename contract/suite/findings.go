package suite

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"slices"

	"github.com/losantmock/losantmock/contract"
)

// caseState is what a run knows of the case that it tries.
type caseState struct {
	current testCase
	found   map[contract.CheckName]bool // the checks that found something
	all     []found
	last    *contract.Exchange // nil where there was no response

	cause   *contract.Finding  // explains what comparisons find from here on
	refused *contract.Exchange // the last one that was refused, though the case expects no refusal
	missing bool               // whether a response is missing that comparisons need
	skipped bool               // whether the last call was not sent

	exposed  bool // whether others may change what the case reads
	repeated bool // whether the case was tried before
}

// found is a finding of the current case.
type found struct {
	contract.Finding
	cause *contract.Finding // nil where it has none but itself
	// compared says that it comes of more than one exchange, and exposed that others
	// may have changed what these were about. The response to a write does not depend
	// on them: a run writes its own webhooks alone.
	compared, exposed bool
}

// abandoned is what a case panics with that can't go on. It never leaves try.
type abandoned struct{}

// do tries a case. One that finds nothing has passed.
func (r *run) do(c testCase) {
	all := r.try(c, false)
	if slices.ContainsFunc(all, found.isDoubtful) {
		all = r.tryAgain(c, all)
	}
	failed := false
	for i := range all {
		f := &all[i]
		failed = failed || f.Check == c.check
		switch {
		case !r.isReported(f):
		case f.cause != nil:
			r.report.AddConsequence(*f.cause, f.Finding)
		default:
			r.report.Add(f.Finding)
		}
	}
	if !failed {
		r.pass(c.check)
	}
}

// try tries a case once and returns what it finds.
func (r *run) try(c testCase, repeated bool) (all []found) {
	r.caseState = caseState{current: c, found: map[contract.CheckName]bool{}, repeated: repeated}
	defer func() {
		if reason := recover(); reason != nil && reason != (abandoned{}) {
			panic(reason)
		}
		all = r.all
	}()
	r.stopWhenEnded()
	c.try(r)
	return nil
}

// add adds a finding of the current case.
func (r *run) add(f contract.Finding) { r.addFound(found{Finding: f}) }

func (r *run) addFound(f found) {
	f.Case, f.exposed = r.current.title, r.exposed && (r.last == nil || r.last.Method == http.MethodGet)
	if r.last != nil && f.Curl == "" && f.Verdict != contract.Conforms {
		f.Curl = r.curl(r.Client, r.last)
	}
	r.found[f.Check] = true
	if f.cause == nil {
		r.findCause(&f)
	}
	r.all = append(r.all, f)
}

// findCause sets the cause of a finding, which may be itself. All that is found about
// a response which repeats a wrong refusal follows from that.
func (r *run) findCause(f *found) {
	if known, ok := r.causes[r.refusal(r.last)]; ok {
		f.cause, r.cause = &known, cmp.Or(r.cause, &known)
		return
	}
	if !f.compared && !f.isRefusal() {
		return
	}
	if r.cause == nil && r.refused != nil && f.differs() && f.Field != "" {
		// Nothing was found about the refusal itself so far.
		cause := found{Finding: contract.NewFinding(r.current.check, contract.Documented, "", "was refused with "+contract.StatusText(r.refused.Status)), compared: true}
		cause.Operation, cause.Case, cause.Curl = operationOf(r.API, r.refused), r.current.title, r.curl(r.Client, r.refused)
		r.isCause(&cause, r.refused)
		r.all = append(r.all, cause)
	}
	if f.cause = r.cause; f.cause == nil {
		r.isCause(f, r.last)
	}
}

// couldNot ends a case that can't be tried.
func (r *run) couldNot(reason string) {
	if r.cause == nil && r.Write && len(r.own) == 0 {
		r.cause = r.causeOf(contract.OperationWebhooksPost)
	}
	r.addFound(found{
		Finding: contract.Finding{Check: r.current.check, Verdict: contract.CouldNotCheck, Message: reason}, compared: true,
	})
	panic(abandoned{})
}

// want adds a finding that the current case's check breaks, unless a condition
// holds that is documented.
func (r *run) want(holds bool, field, message string) {
	r.wantBy(contract.Documented, holds, field, message)
}

// wantBy adds a finding that the current case's check breaks, unless a condition
// holds that is known from a source. Where a response is missing in the case, it can't
// be checked.
func (r *run) wantBy(source contract.Source, holds bool, field, message string) {
	r.wantOf(r.current.check, source, holds, field, message)
}

// wantOf is wantBy for another check than that of the current case.
func (r *run) wantOf(check contract.CheckName, source contract.Source, holds bool, field, message string) {
	if holds || r.skipped {
		return
	}
	f := contract.NewFinding(check, source, field, message)
	if r.missing {
		f.Verdict, f.Source = contract.CouldNotCheck, ""
	}
	if r.last != nil {
		f.Operation = operationOf(r.API, r.last)
	}
	r.addFound(found{Finding: f, compared: true})
}

// expectRefusals are the checks whose cases send what is to be refused. A refusal
// explains nothing there.
var expectRefusals = []contract.CheckName{
	contract.CheckNegative, contract.CheckIgnoredAuth, contract.CheckMethod, contract.CheckStatus, contract.CheckUseAfterFree, contract.CheckCORS, contract.CheckIdentity,
}

// isRefusal reports whether the finding is that a valid request was refused.
func (f found) isRefusal() bool {
	return (f.Check == contract.CheckPositive || f.Check == contract.CheckServerError) && f.Verdict == contract.Breaks && f.Field == ""
}

// differs reports whether a comparison breaks the contract.
func (f found) differs() bool { return f.compared && f.Verdict == contract.Breaks }

// isDoubtful reports whether others may have made a difference.
func (f found) isDoubtful() bool { return f.exposed && f.differs() }

// isCause makes the first finding about a wrong refusal the cause of those that
// follow from it.
func (r *run) isCause(f *found, e *contract.Exchange) {
	refusal := r.refusal(e)
	if refusal == "" || f.Field != "" || f.Verdict != contract.Breaks || !f.isRefusal() && slices.Contains(expectRefusals, r.current.check) {
		return
	}
	cause := f.Finding
	r.causes[refusal], r.cause = cause, &cause
}

// remember lets a refusal explain what the case finds from here on, unless the case
// expects refusals.
func (r *run) remember(e *contract.Exchange) {
	if e.Status < http.StatusBadRequest || slices.Contains(expectRefusals, r.current.check) {
		return
	}
	r.refused = e
	if cause, known := r.causes[r.refusal(e)]; known && r.cause == nil {
		r.cause = &cause
	}
}

// refusal returns a text that exchanges share which were refused in the same way;
// blank for one that was not.
func (r *run) refusal(e *contract.Exchange) string {
	if e == nil || e.Status < http.StatusBadRequest {
		return ""
	}
	return fmt.Sprintf("%s %d %.200s", operationOf(r.API, e), e.Status, e.Body)
}

// causeOf returns the first cause among the findings about an operation, or nil.
func (r *run) causeOf(operation string) *contract.Finding {
	for _, refusal := range slices.Sorted(maps.Keys(r.causes)) {
		if cause := r.causes[refusal]; cause.Operation == operation {
			return &cause
		}
	}
	return nil
}

// operationOf returns the name of the operation of an exchange; blank where
// there is none.
func operationOf(api *contract.API, e *contract.Exchange) string {
	if op, _ := api.OperationAt(e.Method, e.URL); op != nil {
		return op.Name
	}
	return ""
}
