package suite

import "github.com/losantmock/losantmock/contract/decode"

// learn remembers the secrets in the bodies of a call and of the response to it, which no
// report may show.
func (r *run) learn(bodies ...[]byte) {
	for _, body := range bodies {
		if decoded, err := decode.JSON(body); err == nil {
			r.secrets.Learn(decoded)
		}
	}
}
