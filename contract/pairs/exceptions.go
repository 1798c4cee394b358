package pairs

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
	// Activity is what an item has once it was used. A new one has none of it.
	Activity Meaning = "activity"
	// OwnerID and OwnerType are those of the thing that the path leads to, or of the user.
	OwnerID   Meaning = "owner's id"
	OwnerType Meaning = "owner's type"
	// Scopes are what a caller may do who has the token of the item.
	Scopes Meaning = "scopes"
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
	caller     Meaning = "caller"     // the operation that returns the user whose token it is
)

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
	{caller, "me.get", "", "examples name the user by the id that is in the example of its response"},
	{dryRun, "application.clone", "200", "its response where options.dryRun is set; it has no other sign"},

	{Created, "creationDate", "", "a date of the server in nearly all items; its format is that of any date"},
	{Created, "createdAt", "", "the name of it in rows of data tables"},
	{Changed, "lastUpdated", "", "a date of the server in nearly all items; its format is that of any date"},
	{Changed, "updatedAt", "", "the name of it in rows of data tables"},
	{Secret, "token", "", "a schema says that it is a text, and no more"},
	{Secret, "key", "", "a schema says that it is a text, and no more"},
	{Secret, "secret", "", "a schema says that it is a text, and no more"},
	{Activity, "connectionInfo", "", "the example is a device that was connected"},
	{Activity, "lastLogin", "", "the example is a user who has logged in"},
	{Activity, "lastSuccessfulLogin", "", "the example is a user who has logged in"},
	{Activity, "lastFailedLogin", "", "the example is a user who has logged in"},
	{Activity, "lastExecutionRequested", "", "the example is a notebook or a job that has run"},
	{OwnerID, "ownerId", "", "the example is owned by another thing than the path leads to"},
	{OwnerType, "ownerType", "", "the example is owned by another thing than the path leads to"},
	{Scopes, "scope", "", "an item that has it and a token is an access token"},
	{Beside, "_type", "", "the framework adds it to every resource"},
	{Beside, "_actions", "", "the framework adds it to every resource"},
	{Beside, "_links", "", "the framework adds it to every resource"},
}

// known returns what a name is; blank for a name without an exception.
func known(about Meaning, name string) string {
	for _, e := range exceptions {
		if e.about == about && e.name == name {
			return e.is
		}
	}
	return ""
}

// Means reports whether a property has a meaning.
func Means(property string, m Meaning) bool {
	for _, e := range exceptions {
		if e.about == m && e.name == property {
			return true
		}
	}
	return false
}

// Named returns the properties of a meaning.
func Named(m Meaning) (names []string) {
	for _, e := range exceptions {
		if e.about == m {
			names = append(names, e.name)
		}
	}
	return names
}
