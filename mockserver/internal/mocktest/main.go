package mocktest

import (
	"flag"
	"fmt"
	"net/http"
	"os"
	"testing"

	"github.com/losantmock/losantmock/cmd/lab/size"
	"go.uber.org/goleak"
)

// Main is the TestMain of a package. It fixes the seeds of what rapid draws,
// and fails a package that leaves a goroutine behind.
func Main(m *testing.M) {
	flag.Parse()
	if size.Fixed() {
		// Both fail where the package does not use rapid, which defines them.
		_ = flag.Set("rapid.seed", "1")
		_ = flag.Set("rapid.nofailfile", "true")
	}
	code := m.Run()
	http.DefaultClient.CloseIdleConnections()
	if err := goleak.Find(); err != nil && code == 0 {
		fmt.Println(err)
		code = 1
	}
	os.Exit(code)
}
