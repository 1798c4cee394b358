package mockserver_test

import "github.com/losantmock/losantmock/scenarios"

func appNamed(name string) scenarios.Application { return scenarios.Application{Name: name} }

func namedAndWithID(name, id string) scenarios.Application {
	return scenarios.Application{Name: name, ID: id}
}
