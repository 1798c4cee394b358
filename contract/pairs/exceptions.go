package pairs

// What can't be seen in a definition.
var (
	// collections are those of items that do not stand below them.
	collections = map[string]string{
		"file": "files", // /applications/{applicationId}/file/{fileId}
	}
	// aliases are properties by which items are found beside their ids: the parameter in
	// the path has no pattern, and its description names both.
	aliases = map[string]string{
		"experienceVersion": "version",
		"flowVersion":       "version",
	}
	// titles are those of items whose 404 calls them by a name of the code.
	titles = map[string]string{
		"applicationKey": "Application key",
	}
	// filters are properties of items that a parameter of their list has another name
	// for.
	filters = map[string]string{
		"directory": "parentDirectory",
		"orgId":     "ownerId",
	}
	// dryRuns are the statuses of responses to operations that were to do nothing.
	dryRuns = map[string]int{
		"application.clone": 200, // where options.dryRun is set
	}
)
