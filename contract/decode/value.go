package decode

// Value is what a request gives for one parameter.
type Value struct {
	// Given is false when the request lacks the parameter.
	Given bool
	// List says that it was given more than once, or as name[]=.
	List bool
	Text string
	// Body is the decoded body, for a body parameter.
	Body any
}
