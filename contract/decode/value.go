package decode

// Value is the value that a request has for one parameter.
type Value struct {
	// Given is false when the request lacks the parameter.
	Given bool
	// List is true when it was given more than once, or as name[]=.
	List bool
	// Text is the first text that was given; blank for a body.
	Text string
	// Body is the decoded body, for a body parameter.
	Body any
}
