package derived_test

import (
	"runtime"
	"testing"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/derived"
)

// An API that nothing refers to is freed, though values were derived from it.
func TestAnUnusedAPIIsFreed(t *testing.T) {
	t.Parallel()
	operations := derived.By(func(api *contract.API) int { return len(api.Resources) })
	freed := make(chan struct{})
	func() {
		api := &contract.API{Resources: make([]*contract.Resource, 3)}
		runtime.AddCleanup(api, func(done chan struct{}) { close(done) }, freed)
		if first, again := operations.Of(api), operations.Of(api); first != 3 || again != 3 {
			t.Errorf("derived %d, then %d", first, again)
		}
	}()
	for {
		runtime.GC() // frees it in one of the next rounds
		select {
		case <-freed:
			return
		default:
			if t.Context().Err() != nil {
				t.Fatal("it is kept")
			}
			runtime.Gosched()
		}
	}
}
