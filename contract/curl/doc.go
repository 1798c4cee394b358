// Package curl writes a command line that sends a request again.
//
//	request := curl.Request{Method: "GET", Scheme: "http", Host: "localhost:8080", Target: "/applications"}
//	command, err := request.Command("-i")
//
// The line is safe to paste into a POSIX shell, whatever the request contains,
// and curl sends the same method, target, header fields and body. What stands
// in no argument, such as a NUL, is written by the shell's own printf.
//
// The package imports no other package of this module.
package curl
