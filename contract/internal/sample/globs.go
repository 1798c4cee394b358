package sample

import "github.com/losantmock/losantmock/contract"

// Globs stand behind the prefix of the run's own webhooks, with how it is known
// what they match.
var Globs = []struct {
	Glob   string
	Source contract.Source
}{
	{"*", contract.Documented},
	{"b", contract.Documented},
	{"b*", contract.Documented},
	{"*2", contract.Documented},
	{"b*2", contract.Documented},
	{"b 2*", contract.Documented},
	{"b%2", contract.Documented},
	{"d_e", contract.Documented},
	{"end ", contract.Documented},
	{"end", contract.Documented},
	{"B 2", contract.Inferred},
	{"d.e", contract.Inferred},
	{"f+(g)", contract.Inferred},
	{"f+*", contract.Inferred},
	{"(*", contract.Inferred},
	{"É$", contract.Inferred},
	{"ä", contract.Inferred},
	{"?", contract.Inferred},
	{"d?e", contract.Inferred},
	{"b ?", contract.Inferred},
	{"b?", contract.Inferred},
	{"[ac]", contract.Inferred},
	{"[a-c]", contract.Inferred},
	{"[!a-c]", contract.Inferred},
	{"p*n", contract.Inferred},
	{"p/*", contract.Inferred},
	{"{a,b}", contract.Ours},
}
