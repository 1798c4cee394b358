package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/losantmock/losantmock/contract/visible"
	"github.com/spf13/pflag"
)

// printer prints for people, or with --json a line of JSON for each thing.
type printer struct{ json bool }

func (o *printer) addFlags(flags *pflag.FlagSet) {
	flags.BoolVar(&o.json, "json", false, "print JSON, a line for each thing")
}

// print writes a thing as JSON, or else as the text. Both show control characters as
// escapes, also in a pipe: JSON still has the same value, and the text is for people.
func (o *printer) print(w io.Writer, thing any, text string) error {
	if !o.json {
		_, err := fmt.Fprintln(w, visible.Lines(text))
		return err
	}
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(thing); err != nil {
		return err
	}
	_, err := io.WriteString(w, visible.JSON(b.String()))
	return err
}
