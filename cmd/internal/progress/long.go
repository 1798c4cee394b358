package progress

import (
	"fmt"
	"io"
	"time"
)

// longer is how long something takes before it is said that it goes on.
const longer = time.Second

// WhileLong says what goes on when that takes longer than a second. The caller calls
// done when it is done.
func WhileLong(w io.Writer, what string) (done func()) {
	timer := time.AfterFunc(longer, func() { fmt.Fprintln(w, "losantmock: "+what+" ...") })
	return func() { timer.Stop() }
}
