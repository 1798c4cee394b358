package suite

import "github.com/losantmock/losantmock/contract/decode"

// learn remembers the secrets of a call and of the response to it, which no report
// may show.
func (r *run) learn(sent []byte, received any) {
	r.secrets.Learn(received)
	if body, err := decode.JSON(sent); err == nil {
		r.secrets.Learn(body)
	}
}
