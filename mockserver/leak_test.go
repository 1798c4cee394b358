package mockserver_test

import (
	"flag"
	"fmt"
	"net/http"
	"os"
	"testing"

	"github.com/losantmock/losantmock/cmd/lab/size"
	"go.uber.org/goleak"
)

// TestMain holds the whole package to leaving no goroutine behind.
func TestMain(m *testing.M) {
	flag.Parse()
	if size.Fixed() {
		_ = flag.Set("rapid.seed", "1") // rapid defines it
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
