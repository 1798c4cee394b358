// Package decode turns bytes into values, as Losant's framework reads them:
// queries, forms, multipart bodies, gzip, and JSON.
//
// Request bodies are read by their content type:
//
//	value, err := decode.Body(request.Header, raw, limit)
//	var refusal *decode.Error
//	if errors.As(err, &refusal) {
//		// The API responds with refusal.Status, refusal.Code and refusal.Message.
//	}
//
// [Body] undoes the content encoding with [Inflate], classifies the content
// type with [KindOf], and reads what it finds with [JSON], [ParseQuery] or
// [Parts]. Queries are read with [ParseQuery], and the token of a request with
// [AccessToken]. [Fields] reads a query or a form in the other way, that of
// workflows.
//
// The package imports no other package of this module.
package decode
