// Package admin is the admin API below /__admin, and its page: one table of
// calls, handlers that return a value or an error, one writer and one guard.
package admin
