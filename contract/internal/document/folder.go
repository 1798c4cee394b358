package document

import (
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// MaxSize is the most bytes that a definition may have, all of its files together.
// The largest that is known has 7 MB.
const MaxSize = 64 << 20

// Load reads a definition from a file that has the response of GET /, or from a
// folder: that of the client losant-rest, or its lib/schemas alone. An error is of the
// type [Problems].
func Load(path string) (*Document, error) {
	r := &reader{source: place{file: path}}
	info, err := os.Stat(path)
	switch {
	case err != nil && strings.Contains(path, "://"):
		r.fail(r.source, "is a URL: want a file or a folder, such as the one that losantmock pull --definition-out writes")
	case err != nil:
		r.failReading(path, err)
	case !info.IsDir():
		f := folder{r: r, path: filepath.Dir(path)}
		if data := f.read(filepath.Base(path)); data != nil {
			r.readResponse(r.source, data)
		}
	default:
		f := folder{r: r, path: path}
		f.readClient()
	}
	return r.finish()
}

func (r *reader) failSize(at place) {
	r.fail(at, "the definition has more than %d MiB, which no definition of this API has", MaxSize>>20)
}

func (r *reader) failReading(path string, err error) {
	var failed *fs.PathError
	if errors.As(err, &failed) {
		err = failed.Err
	}
	r.fail(place{file: path}, "can't be read: %v", err)
}

// folder is a folder whose files are read.
type folder struct {
	r    *reader
	path string
	size int // that was read
}

// read returns the content of a file; nil where it can't be read, which is reported
// unless the file is optional and missing.
func (f *folder) read(name string) []byte {
	path := filepath.Join(f.path, name)
	info, err := os.Stat(path)
	switch {
	case err != nil:
		f.r.failReading(path, err)
		return nil
	case !info.Mode().IsRegular(): // which may have no end, or wait for one
		f.r.fail(place{file: path}, "is a folder, a pipe or a device: want a regular file")
		return nil
	case info.Size() > int64(MaxSize-f.size):
		f.r.failSize(place{file: path})
		return nil
	}
	file, err := os.Open(path)
	if err != nil {
		f.r.failReading(path, err)
		return nil
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, int64(MaxSize-f.size)+1))
	if err != nil {
		f.r.failReading(path, err)
		return nil
	}
	if f.size += len(data); f.size > MaxSize {
		f.r.failSize(place{file: path})
		return nil
	}
	return data
}

func (f *folder) has(name string) bool {
	_, err := os.Stat(filepath.Join(f.path, name))
	return err == nil
}

// Files of the client.
const (
	infoFile     = "apiInfo.json"
	examplesFile = "apiExamples.json"
	schemaFolder = "lib/schemas"
	versionFile  = "lib/api/index.js"
	docsFolder   = "docs"
)

// readClient reads the package of a client, or its folder of schemas.
func (f *folder) readClient() {
	schemas := schemaFolder
	if f.has(infoFile) {
		schemas = "."
	}
	if !f.has(filepath.Join(schemas, infoFile)) {
		f.r.fail(place{file: f.path}, "has neither %s/%s nor %s: want the folder of the client losant-rest, its %s, or a file with the response of GET / of the API",
			schemaFolder, infoFile, infoFile, schemaFolder)
		return
	}
	names, err := filepath.Glob(filepath.Join(f.path, schemas, "*.json"))
	if err != nil {
		f.r.failReading(f.path, err)
	}
	for _, name := range names {
		f.readSchema(filepath.Join(schemas, filepath.Base(name)))
	}
	f.readInfo(filepath.Join(schemas, infoFile))
	if schemas != "." {
		f.readVersion()
		f.readDocs()
	}
}

func (f *folder) at(name string) place { return place{file: filepath.Join(f.path, name)} }

func (f *folder) readSchema(file string) {
	switch name := filepath.Base(file); name {
	case infoFile:
	case examplesFile:
		f.readExamples(file)
	default:
		member{strings.TrimSuffix(name, ".json"), node{r: f.r, place: f.at(file)}}.checkName("a schema")
		if data := f.read(file); data != nil {
			f.r.addSchema(f.at(file), Schema{Name: strings.TrimSuffix(name, ".json"), Raw: data})
		}
	}
}

func (f *folder) readExamples(file string) {
	data := f.read(file)
	if data == nil {
		return
	}
	f.r.tree.Examples = map[string]json.RawMessage{}
	err := eachRaw(data, func(decoder *jsontext.Decoder, name string) error {
		value, err := decoder.ReadValue()
		f.r.tree.Examples[name] = json.RawMessage(value.Clone())
		return err
	})
	if err != nil {
		f.r.failParsing(f.at(file), data, err)
	}
}

func (f *folder) readInfo(file string) {
	data := f.read(file)
	if data == nil {
		return
	}
	value, err := parse(data)
	if err != nil {
		f.r.failParsing(f.at(file), data, err)
		return
	}
	f.r.addResources(node{f.r, f.at(file), value})
}

// acceptVersion is how a client names the version of the API that it was made for.
var acceptVersion = regexp.MustCompile(`'Accept-Version': '\^?(\d+\.\d+\.\d+)'`)

func (f *folder) readVersion() {
	if !f.has(versionFile) {
		return // the version is unknown
	}
	if found := acceptVersion.FindSubmatch(f.read(versionFile)); found != nil {
		f.r.tree.Version = string(found[1])
	}
}
