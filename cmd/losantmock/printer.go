package main

import (
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/spf13/pflag"
)

// printer prints for people, or with --json a line of JSON for each thing.
type printer struct{ json bool }

func (o *printer) addFlags(flags *pflag.FlagSet) {
	flags.BoolVar(&o.json, "json", false, "print JSON, a line for each thing")
}

// print writes a thing as JSON, or else as the text.
func (o *printer) print(w io.Writer, thing any, text string) error {
	if !o.json {
		_, err := fmt.Fprintln(w, text)
		return err
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return e.Encode(thing)
}

// longer is how long something takes before it is said that it goes on.
const longer = time.Second

// whileLong says what goes on when that takes longer than a second. It must be
// told when it is done.
func whileLong(w io.Writer, what string) (done func()) {
	timer := time.AfterFunc(longer, func() { fmt.Fprintln(w, "losantmock: "+what+" ...") })
	return func() { timer.Stop() }
}
