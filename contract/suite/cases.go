package suite

import "github.com/losantmock/losantmock/contract"

// readingCases change nothing on the server.
var readingCases = []testCase{
	{contract.CheckSelfDescribed, "GET / describes the API as the contract does", false, (*run).describeItself},
	{contract.CheckPositive, "every parameter with valid values", false, (*run).validParameters},
	{contract.CheckNegative, "every parameter with invalid values", false, (*run).invalidParameters},
	{contract.CheckStatus, "ids that lead nowhere", false, (*run).unknownIDs},
	{contract.CheckIgnoredAuth, "reading without a token", false, (*run).readWithoutToken},
	{contract.CheckIgnoredAuth, "reading with a token that nobody issued", false, (*run).readWithWrongToken},
	{contract.CheckIgnoredAuth, "the token in every place", false, (*run).tokenPlaces},
	{contract.CheckNegative, "lists of tokens", false, (*run).listsOfTokens},
	{contract.CheckMethod, "methods that a path does not support", false, (*run).unsupportedMethods},
	{contract.CheckPositive, "other ways to write a path, and what is ignored", false, (*run).otherPaths},
	{contract.CheckNegative, "paths with ids that are none", false, (*run).malformedPaths},
	{contract.CheckCORS, "a page of another origin", false, (*run).otherOrigin},
	{contract.CheckContentType, "asking for HTML", false, (*run).acceptHTML},
	{contract.CheckHAL, "responses with and without their extras", false, (*run).switchExtras},
	{contract.CheckPagination, "pages of a list", false, (*run).pages},
	{contract.CheckPagination, "pages of the list of applications", false, (*run).applicationPages},
	{contract.CheckSorting, "a list by each field in each direction", false, (*run).sortedLists},
	{contract.CheckFiltering, "filters of a list", false, (*run).filters},
	{contract.CheckAvailability, "the application in the list of applications", false, (*run).readApplication},
	{contract.CheckIdempotence, "reading twice", false, (*run).readTwice},
	{contract.CheckAvailability, "reading what a list names", false, (*run).readListed},
	{contract.CheckSchema, "reading what a definition has", false, (*run).readDefined},
}

// creatingCases make the webhooks that the others read and change.
var creatingCases = []testCase{
	{contract.CheckAvailability, "creating webhooks", true, (*run).create},
	{contract.CheckEcho, "changing one property and no other", true, (*run).patchEach},
}

// writingCases change webhooks of the run's own, and no other.
var writingCases = []testCase{
	{contract.CheckPagination, "pages in every order", true, (*run).pagesInEveryOrder},
	{contract.CheckPagination, "lists that are longer than a page", true, (*run).longPages},
	{contract.CheckFiltering, "globs of every kind", true, (*run).globsOfNames},
	{contract.CheckMethod, "writing with methods that a path does not support", true, (*run).unsupportedWrites},
	{contract.CheckNegative, "creating webhooks that the schema refuses", true, (*run).createInvalid},
	{contract.CheckPositive, "creating webhooks that the schema allows", true, (*run).createValid},
	{contract.CheckNegative, "bodies that are not JSON, or blank", true, (*run).malformedBodies},
	{contract.CheckPositive, "bodies in other forms", true, (*run).otherBodies},
	{contract.CheckNegative, "bodies of other types", true, (*run).bodiesOfOtherKinds},
	{contract.CheckNegative, "changing a webhook to what the schema refuses", true, (*run).patchInvalid},
	{contract.CheckPositive, "changing a webhook to what the schema allows", true, (*run).patchValid},
	{contract.CheckEcho, "texts that programs take for something else", true, (*run).patchTexts},
	{contract.CheckIdempotence, "changing twice", true, (*run).patchTwice},
	{contract.CheckPositive, "writing as Losant's clients do", true, (*run).likeClients},
	{contract.CheckPositive, "writing by other paths", true, (*run).writeByPaths},
	{contract.CheckIgnoredAuth, "writing with the token in other places", true, (*run).writeByTokenPlaces},
	{contract.CheckIgnoredAuth, "writing without a token", true, (*run).writeWithoutToken},
	{contract.CheckIgnoredAuth, "writing with another scheme", true, (*run).writeWithOtherScheme},
	{contract.CheckIgnoredAuth, "writing with a token that nobody issued", true, (*run).writeWithWrongToken},
	{contract.CheckIgnoredAuth, "a token that may only read", true, (*run).readOnly},
	{contract.CheckIdentity, "a webhook through another application", true, (*run).borders},
	{contract.CheckIgnoredAuth, "logging in as an unknown user", true, (*run).logInAsUnknownUser},
	{contract.CheckNegative, "logging in with what the schema refuses", true, (*run).logInInvalid},
	{contract.CheckNegative, "bodies of applications, where they change none", true, (*run).applicationBodies},
	{contract.CheckPositive, "bodies that are drawn", true, (*run).drawnBodies},
	{contract.CheckStatus, "changing what is not there", true, (*run).writeUnknown},
	{contract.CheckUseAfterFree, "using a webhook after it was deleted", true, (*run).useAfterFree},
	{contract.CheckPagination, "counting what was created and deleted", true, (*run).count},
}
