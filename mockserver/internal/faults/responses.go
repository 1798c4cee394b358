package faults

import (
	"strconv"

	"github.com/losantmock/losantmock/mockserver/internal/limit"
	"github.com/losantmock/losantmock/scenarios"
)

// Responses are those of a scenario to single operations. They match and count requests
// as faults do.
type Responses struct {
	list []scenarios.Response
	set  *Set // of rules whose names are places in the list, and whose effects are named by contents
}

// NewResponses returns responses that were checked, as [New] does.
func NewResponses(list []scenarios.Response, seed *uint64, draw func([]byte)) (*Responses, error) {
	var rules []scenarios.Fault
	for i, r := range list {
		rule := scenarios.Fault{
			Name: strconv.Itoa(i), Operation: r.Operation, Path: r.Path, Application: r.Application, Token: r.Token,
			Matching: r.Matching, From: r.From, To: r.To, Every: r.Every, PerToken: r.PerToken, Repeat: r.Repeat,
		}
		for step, content := range r.Steps {
			effect := scenarios.Effect{}
			if !content.IsZero() {
				effect.Body, effect.Status = strconv.Itoa(step), 1 // any status is an effect
			}
			rule.Steps = append(rule.Steps, effect)
		}
		if len(r.Steps) == 0 {
			rule.Effect.Status = 1
		}
		rules = append(rules, rule)
	}
	if len(rules) == 0 {
		return &Responses{set: new(Set)}, nil // it draws nothing
	}
	set, err := New(rules, seed, draw)
	return &Responses{list, set}, err
}

// Pick returns the content of the first response that applies to a request; nil if none
// does.
func (r *Responses) Pick(subject func() Subject) *scenarios.Content {
	fired := r.set.Pick(subject)
	if fired == nil {
		return nil
	}
	place, _ := strconv.Atoi(fired.name)
	if fired.effect.Body == "" {
		return &r.list[place].Content
	}
	step, _ := strconv.Atoi(fired.effect.Body)
	return &r.list[place].Steps[step]
}

// CountIn counts the tokens that the responses remember, as [Set.CountIn] does.
func (r *Responses) CountIn(b *limit.Budget) *limit.Share { return r.set.CountIn(b) }
