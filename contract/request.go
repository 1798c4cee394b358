package contract

import "github.com/losantmock/losantmock/contract/decode"

// Request has the values that a request has for the parameters of an operation.
type Request struct {
	Path  map[string]string // as [API.Find] returns it
	Query decode.Query
	Body  decode.Value
	Token decode.Value // as [decode.AccessToken] returns it
}

// value returns the value of a parameter.
func (r *Request) value(p *Param) decode.Value {
	switch p.In {
	case "query":
		return r.Query[p.Name]
	case "path":
		return decode.Value{Given: true, Text: r.Path[p.Name]}
	case "body":
		return r.Body
	case "token":
		return r.Token
	default:
		// Repeated header fields are one text in the real API; none of its
		// header parameters has a rule for that text.
		return decode.Value{}
	}
}

// Text returns a query parameter of an operation, or its default where it is
// not given; blank where the operation has no such parameter.
func (r *Request) Text(o *Operation, name string) string {
	for i := range o.Params {
		if p := &o.Params[i]; p.Name == name {
			if v := r.value(p); v.Given {
				return v.Text
			}
			return p.Default
		}
	}
	return ""
}
