package admin

import (
	"encoding/json"
	"io"
	"net/http"
	"time"

	"github.com/gorilla/mux"
	"github.com/losantmock/losantmock/mockserver/internal/match"
	"github.com/losantmock/losantmock/mockserver/internal/world"
)

// handler responds to a call with a value or an error. The value is written as
// JSON, unless it is an [http.Handler], which writes itself.
type handler func(*request) (any, error)

// ServeHTTP writes what the handler returns.
func (h handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	about := r.Context().Value(worldKey{}).(*world.World)
	value, err := h(&request{r, about, http.NewResponseController(w)})
	switch own, ok := value.(http.Handler); {
	case err != nil:
		WriteError(w, err)
	case ok:
		own.ServeHTTP(w, r)
	default:
		writeJSON(w, http.StatusOK, value)
	}
}

// worldKey is the key of a call's world in the context of its request.
type worldKey struct{}

// request is a call of the admin API, with the world that it is about.
type request struct {
	*http.Request
	world      *world.World
	connection *http.ResponseController
}

// param returns a part of the path that the table of calls names.
func (r *request) param(name string) string { return mux.Vars(r.Request)[name] }

// keepOpen lets a call last longer than the time to read a request.
func (r *request) keepOpen() { _ = r.connection.SetReadDeadline(time.Time{}) }

// readAll reads the whole body of a call.
func (r *request) readAll() ([]byte, error) {
	text, err := io.ReadAll(r.Body)
	return text, withStatus(http.StatusRequestEntityTooLarge, err)
}

// readJSON reads the JSON value at the beginning of the body of a call. A member
// that T lacks is an error.
func readJSON[T any](r *request) (value T, err error) {
	d := json.NewDecoder(r.Body)
	d.DisallowUnknownFields()
	if err := d.Decode(&value); err != nil {
		return value, &match.PatternError{Pointer: "/", Detail: err.Error()}
	}
	return value, nil
}
