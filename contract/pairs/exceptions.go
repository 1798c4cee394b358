package pairs

import "slices"

// exception is a fact that can't be seen in a definition.
type exception struct {
	about   Meaning
	name    string // of an item, a parameter, a property or an operation
	is      string // blank where the name says it all
	because string
}

// Meaning is what a name stands for, wherever it is found.
type Meaning string

// The meanings of properties.
const (
	// Created is a date that the server sets when it creates an item, and Changed one that
	// it moves at every change too.
	Created Meaning = "created"
	Changed Meaning = "changed"
	// Secret is different in each item.
	Secret Meaning = "secret"
	// Initial stands for the value that a new item has, where its schema allows it.
	Initial Meaning = "initial"
	// Activity is what an item has once it was used. A new one has none of it.
	Activity Meaning = "activity"
	// OwnerID and OwnerType are those of the thing that the path leads to, or of the user.
	OwnerID   Meaning = "owner's id"
	OwnerType Meaning = "owner's type"
	// Scopes are what a caller may do who has the token of the item.
	Scopes Meaning = "scopes"
	// Owner is the id of the owner where a client may choose it, and stands for its type.
	Owner Meaning = "owner"
	// User is the type of an owner who is the user whose token it is.
	User Meaning = "user"
	// Mark is a member of a body that no item has, and stands for the switch which says
	// whether there is one.
	Mark Meaning = "mark"
	// Token is what a caller sends who is to have the scopes of an item. An item that has
	// both is an access token.
	Token Meaning = "token"
	// Expires is the date from which on an access token is no longer valid, and Inactive
	// stands for the value with which it is not valid either.
	Expires  Meaning = "expires"
	Inactive Meaning = "inactive"
	// RequestedScopes are what one who logs in wants of the token.
	RequestedScopes Meaning = "requested scopes"
	// JobID is the id of a job that was enqueued.
	JobID Meaning = "job"
	// MadeIDs and MadeCount are what the response has to a list of new items.
	MadeIDs   Meaning = "ids of new items"
	MadeCount Meaning = "count of new items"
	// FileSize and FileType describe the file that an item has. What begins with the name of
	// the file's parameter and ends with FileName is its name.
	FileSize Meaning = "size of a file"
	FileType Meaning = "type of a file"
	FileName Meaning = "name of a file"
	// Fileless stands for the value with which an item has no file.
	Fileless Meaning = "without a file"
	// Folder is the path of the directory that a file or a directory is in, and stands for
	// the property that has its name there.
	Folder Meaning = "folder"
	// Tags are pairs of a key and a value, by the parameter that they are filtered by.
	Tags Meaning = "tags"
	// More is whether a list has more items than it shows.
	More Meaning = "more"
	// Beside is what each response has beside the properties of a resource.
	Beside Meaning = "beside"
)

// The meanings of other names.
const (
	collection Meaning = "collection" // of items that do not stand below it
	alias      Meaning = "alias"      // a property that no two items of a collection share, beside their ids
	title      Meaning = "title"      // of items in a 404
	filter     Meaning = "filter"     // a property that a parameter of a list has another name for
	dryRun     Meaning = "dry run"    // the status of a response to what was to do nothing
	within     Meaning = "within"     // a property of the items above a collection that lists its items
	counted    Meaning = "counted"    // the items that a count in a summary is of
	filtered   Meaning = "filtered"   // the property that a list without filterField filters by
	ranked     Meaning = "ranked"     // the property of an item by which an operation finds the first one
	caller     Meaning = "caller"     // the operation that returns the user whose token it is
)

// Summary is the property of an item, or of the user, that counts what it has.
const Summary = "summary"

// exceptions are all that the engine knows by name.
var exceptions = []exception{
	{collection, "file", "files", "its path is /applications/{applicationId}/file/{fileId}"},
	{alias, "experienceVersion", "version", "the parameter in the path has no pattern, and its description names both"},
	{alias, "flowVersion", "version", "the parameter in the path has no pattern, and its description names both"},
	{alias, "experienceUser", "email", "a user logs in with it, and lists are sorted by it; that it is unique is inferred"},
	{title, "applicationKey", "Application key", "its 404s call it by a name of the code"},
	{filter, "directory", "parentDirectory", "the parameter of files names the property without its first word"},
	{filter, "orgId", "ownerId", "an organization owns what the parameter is to find"},
	{within, "deviceAttributes", "attributes", "both have the attributes of a device, and no schema refers to the other"},
	{counted, "appCount", "application", "the count has the name of the code"},
	{counted, "dashCount", "dashboard", "the count has the name of the code"},
	{filtered, "events.mostRecentBySeverity", "subject", "the description of its filter names the property"},
	{ranked, "events.mostRecentBySeverity", "level", "the operation has another name for the property"},
	{caller, "me.get", "", "examples name the user by the id that is in the example of its response"},
	{dryRun, "application.clone", "200", "its response where options.dryRun is set; it has no other sign"},

	{Created, "creationDate", "", "a date of the server in nearly all items; its format is that of any date"},
	{Created, "createdAt", "", "the name of it in rows of data tables"},
	{Changed, "lastUpdated", "", "a date of the server in nearly all items; its format is that of any date"},
	{Changed, "updatedAt", "", "the name of it in rows of data tables"},
	{Secret, "token", "", "a schema says that it is a text, and no more"},
	{Secret, "key", "", "a schema says that it is a text, and no more"},
	{Secret, "secret", "", "a schema says that it is a text, and no more"},
	{Initial, "state", "new", "no schema has a default, and the newCount of events is of those that are new"},
	{Initial, "status", "active", "no schema has a default, and what is new can be used; that it is not another is inferred"},
	{Initial, "parentDirectory", "/", "the examples have it; what names no directory is in the root"},
	{Initial, "deviceClass", "standalone", "no schema has a default, and a device that logs in always has one; that it is the first is inferred"},
	{Activity, "connectionInfo", "", "the example is a device that was connected"},
	{Activity, "lastLogin", "", "the example is a user who has logged in"},
	{Activity, "lastSuccessfulLogin", "", "the example is a user who has logged in"},
	{Activity, "lastFailedLogin", "", "the example is a user who has logged in"},
	{Activity, "lastExecutionRequested", "", "the example is a notebook or a job that has run"},
	{OwnerID, "ownerId", "", "the example is owned by another thing than the path leads to"},
	{OwnerType, "ownerType", "", "the example is owned by another thing than the path leads to"},
	{Scopes, "scope", "", "an item that has it and a token is an access token"},
	{Owner, "orgId", "organization", "a body has it in place of the owner's id and type"},
	{User, "user", "", "an enum of owners has it beside names of resources"},
	{Mark, "password", "isPasswordProtected", "the switch of a dashboard, which no schema of a body has"},
	{Token, "token", "", "it is sent as a token by callers, which no schema says"},
	{Expires, "expirationDate", "", "its format is that of any date"},
	{Inactive, "status", "inactive", "the schema lists the value, and not what it does"},
	{RequestedScopes, "requestedScopes", "", "the schema lists scopes, and not of what"},
	{JobID, "jobId", "", "each job has its own, and the example has one"},
	{MadeIDs, "rowIds", "", "the schema says that it is a list of ids, and not of which"},
	{MadeCount, "count", "", "a number with no other sign"},
	{FileSize, "fileSize", "", "a number with no other sign"},
	{FileType, "contentType", "", "a text with no other sign"},
	{Fileless, "type", "directory", "the schema lists the value, and not what it does"},
	{FileName, "Name", "", "the property of a notebook's file is the parameter's with this behind it"},
	{Folder, "parentDirectory", "name", "the schema says that both are texts, and no more"},
	{Tags, "tagFilter", "tags", "the parameter has a list of keys and values, and names no property"},
	{More, "hasMore", "", "a switch of lists without a count of all"},
	{Beside, "_type", "", "the framework adds it to every resource"},
	{Beside, "_actions", "", "the framework adds it to every resource"},
	{Beside, "_links", "", "the framework adds it to every resource"},
}

// Is returns what a name stands for in the place of a meaning; blank for a name that the
// meaning lacks, and for one that says it all.
func Is(m Meaning, name string) string {
	for _, e := range exceptions {
		if e.about == m && e.name == name {
			return e.is
		}
	}
	return ""
}

// Means reports whether a name has a meaning.
func Means(m Meaning, name string) bool { return slices.Contains(Named(m), name) }

// Named returns the names that have a meaning.
func Named(m Meaning) (names []string) {
	for _, e := range exceptions {
		if e.about == m {
			names = append(names, e.name)
		}
	}
	return names
}
