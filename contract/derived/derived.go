// Package derived keeps what is derived from an API for as long as the API is in use.
package derived

import (
	"runtime"
	"sync"
	"weak"

	"github.com/losantmock/losantmock/contract"
)

// Values has a value for each API. It may be used from several goroutines.
type Values[T any] struct {
	derive func(*contract.API) T
	known  sync.Map // weak.Pointer[contract.API] -> T
}

// By returns values that a function derives, each when it is first asked for. What
// several goroutines ask for at once may be derived more than once.
func By[T any](derive func(*contract.API) T) *Values[T] { return &Values[T]{derive: derive} }

// Of returns the value of an API. It is shared: nobody may change it. The value must
// not refer to the API, or both are kept for ever.
func (v *Values[T]) Of(api *contract.API) T {
	key := weak.Make(api)
	if value, ok := v.known.Load(key); ok {
		return value.(T)
	}
	value, known := v.known.LoadOrStore(key, v.derive(api))
	if !known {
		runtime.AddCleanup(api, func(key weak.Pointer[contract.API]) { v.known.Delete(key) }, key)
	}
	return value.(T)
}
