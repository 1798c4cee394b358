package faults

import (
	"strconv"

	"github.com/losantmock/losantmock/mockserver/internal/limit"
	"github.com/losantmock/losantmock/scenarios"
)

// Responses are those of a scenario to single operations. They match and count requests
// as faults do.
type Responses struct {
	set    *Set // of a rule for each response
	byRule map[*rule]*scenarios.Response
}

// something is an effect that is not empty. No response is made of it.
var something = scenarios.Effect{Status: 1}

// NewResponses returns responses that were checked, as [New] does.
func NewResponses(list []scenarios.Response, seed *uint64, draw func([]byte)) (*Responses, error) {
	if len(list) == 0 {
		return &Responses{set: new(Set)}, nil // it draws nothing
	}
	var rules []scenarios.Fault
	for i, r := range list {
		rule := scenarios.Fault{
			Name: strconv.Itoa(i), Operation: r.Operation, Path: r.Path, Application: r.Application, Token: r.Token,
			Matching: r.Matching, From: r.From, To: r.To, Every: r.Every, PerToken: r.PerToken, Repeat: r.Repeat,
			Effect: something,
		}
		for _, content := range r.Steps {
			effect := something
			if content.IsZero() {
				effect = scenarios.Effect{}
			}
			rule.Steps = append(rule.Steps, effect)
		}
		rules = append(rules, rule)
	}
	set, err := New(rules, seed, draw)
	if err != nil {
		return nil, err
	}
	r := &Responses{set: set, byRule: map[*rule]*scenarios.Response{}}
	for i, rule := range set.rules {
		r.byRule[rule] = &list[i]
	}
	return r, nil
}

// Pick returns the content of the first response that applies to a request; nil if none
// does.
func (r *Responses) Pick(subject func() Subject) *scenarios.Content {
	fired := r.set.Pick(subject)
	if fired == nil {
		return nil
	}
	response := r.byRule[fired.rule]
	if len(response.Steps) == 0 {
		return &response.Content
	}
	return &response.Steps[fired.step]
}

// CountIn counts the tokens that the responses remember, as [Set.CountIn] does.
func (r *Responses) CountIn(b *limit.Budget) *limit.Share { return r.set.CountIn(b) }
