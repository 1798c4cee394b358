package contract

import (
	"cmp"
	"fmt"
	"sync"

	"github.com/losantmock/losantmock/contract/internal/document"
)

// Definition is an API's definition of itself that was read: the whole of Losant's
// API, beside the operations of this package's own table. Two forms are known, and
// make the same: the package of Losant's JavaScript client, and the response of GET /.
//
// A Definition does not change, and several goroutines can use it at once.
type Definition struct {
	source   string
	document *document.Document
	version  Version // the one that [Definition.API] has
	newer    bool    // whether it may have what came after Newest
	apis     sync.Map
}

// MaxDefinitionSize is the most bytes that a definition can have, all its files
// together.
const MaxDefinitionSize = document.MaxSize

// LoadDefinition reads a definition from a folder or a file: the folder of the package
// losant-rest, its folder lib/schemas alone, or a file that has the response of GET /.
//
// A definition that can't be used is refused as a whole. The error then has a line for
// each problem that was found, with the file, the JSON pointer to the place in it, and
// the reason.
func LoadDefinition(path string) (*Definition, error) {
	read, err := document.Load(path)
	return newDefinition(path, read, err)
}

// ParseDefinition is [LoadDefinition] for the response of GET / in memory. The name is
// that of its source in errors, such as the URL that it was fetched from. The data must
// not be changed afterwards.
func ParseDefinition(name string, data []byte) (*Definition, error) {
	read, err := document.Parse(name, data)
	return newDefinition(name, read, err)
}

func newDefinition(name string, read *document.Document, err error) (*Definition, error) {
	if err != nil {
		return nil, err
	}
	d := &Definition{source: name, document: read, version: Newest}
	if read.Version == "" {
		d.newer = true
	} else if d.version, d.newer, err = nearest(read.Version); err != nil {
		return nil, fmt.Errorf("%s: /info/version: %w", name, err)
	}
	if _, err := d.at(d.version); err != nil {
		return nil, err
	}
	return d, nil
}

// nearest returns the version of this package's own table for that of a definition, and
// whether the definition may have what the table lacks.
func nearest(text string) (v Version, newer bool, err error) {
	if v, err = readVersion(text); err != nil {
		return v, false, err
	}
	switch {
	case v.Compare(Newest) >= 0:
		return Newest, true, nil
	case v.Compare(Oldest) < 0:
		return Oldest, false, nil
	default:
		return v, false, nil
	}
}

// Source returns the path or the name that the definition was read by.
func (d *Definition) Source() string { return d.source }

// Version returns the version of the API that is defined, such as "1.20.1"; blank for none.
func (d *Definition) Version() string { return d.document.Version }

// API returns the API at the version of the definition: at [Newest] where that is
// unknown or newer.
func (d *Definition) API() *API {
	api, err := d.At(d.version)
	if err != nil {
		panic(err) // it was made when the definition was read
	}
	return api
}

// At returns the API whose own table is that of a version, from [Oldest] to [Newest],
// and which has the operations of the definition beside it. The result is shared and
// must not be changed.
func (d *Definition) At(v Version) (*API, error) {
	api, err := d.at(v)
	if err != nil {
		return nil, fmt.Errorf("contract: API %s with a definition: %w", v, err)
	}
	return api, nil
}

func (d *Definition) at(v Version) (*API, error) {
	if known, ok := d.apis.Load(v); ok {
		return known.(*API), nil
	}
	api, err := own(v)
	if err != nil {
		return nil, err
	}
	if err := d.addTo(api); err != nil {
		return nil, err
	}
	first, _ := d.apis.LoadOrStore(v, api)
	return first.(*API), nil
}

// Partial is an operation that a server can't serve in full.
type Partial struct {
	Operation string // "devices.export"
	Reason    string
}

// Partial returns the operations of a definition from outside that can't be served in
// full, in the order of the definition, with what is missing. An operation can have
// several reasons.
func (a *API) Partial() []Partial { return a.partial }

// printedVersion is the version that GET / has.
func (a *API) printedVersion() string { return cmp.Or(a.definedVersion, a.Version.String()) }
