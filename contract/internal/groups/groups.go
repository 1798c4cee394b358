// Package groups says which groups of scopes grant an operation where nothing else does:
// neither a table, nor what was published beside a definition. The rule is ours, and holds
// for all operations of API 1.30.0 whose groups are documented.
package groups

import (
	"net/http"
	"slices"
	"strings"
)

// Of returns the groups that grant an operation, by its name, method and path. The function
// reports whether the API has what came with a version.
func Of(name, method, path string, has func(version string) bool) (groups []string) {
	reads := (method == http.MethodGet) != slices.Contains(otherwise, name)
	bounded := has("1.30.0") && !slices.Contains(unbounded, name)
	for _, family := range familiesOf(path) {
		if strings.HasPrefix(family, "only.") && !has("1.30.0") {
			continue
		}
		groups = append(groups, family)
		if bounded {
			groups = append(groups, family+".bounded")
		}
		if reads {
			groups = append(groups, family+".read")
		}
		if slices.Contains(commandLine, name) && slices.Contains([]string{"all.Application", "all.User"}, family) && has("1.20.1") {
			groups = append(groups, family+".cli")
		}
	}
	if slices.Contains(device, name) {
		groups = append(groups, "all.Device")
		if reads {
			groups = append(groups, "all.Device.read")
		}
	}
	return groups
}

// familiesOf returns the groups that grant all of what a path leads to.
func familiesOf(path string) []string {
	switch {
	case strings.HasPrefix(path, "/applications/{"):
		return []string{"all.Application", "all.Organization", "all.User"}
	case strings.HasPrefix(path, "/applications"), strings.HasPrefix(path, "/dashboards"), strings.HasPrefix(path, "/orgs/{"):
		return []string{"all.Organization", "all.User", "only.Organization"}
	case strings.HasPrefix(path, "/instance/{"), strings.HasPrefix(path, "/instances/{"):
		return []string{"all.Instance", "all.User"}
	default:
		return []string{"all.User", "only.User"}
	}
}

// otherwise are the operations that read though they are no GET, and those that are one and
// do more.
var otherwise = strings.Fields(`
	applicationDashboard.sendReport data.export data.lastValueQuery data.timeSeriesQuery
	dataTableRows.export dataTableRows.query device.export devices.export devices.payloadCounts
	embeddedDeployments.export events.delete events.export instance.generateReport
	notebook.requestInputDataExport

	application.archiveData application.backfillArchiveData application.fullDataTablesArchive
	application.fullEventsArchive instanceNotificationRule.logs me.refreshToken`)

// unbounded are the operations that decide who may do what, which no bounded group grants.
var unbounded = strings.Fields(`
	applicationApiToken.delete applicationApiToken.patch applicationApiTokens.post
	instanceApiToken.delete instanceApiToken.patch instanceApiTokens.post
	instanceMember.delete instanceMember.patch instanceMembers.post
	instanceOrgInvite.delete instanceOrgInvite.resendInvite instanceOrgInvites.post
	instanceOrgMember.delete instanceOrgMember.patch instanceOrgMembers.post
	me.changePassword me.delete me.disableTwoFactorAuth me.disconnectGithub
	me.enableTwoFactorAuth me.generateTwoFactorAuth me.patch me.refreshToken me.respondToInvite
	me.transferResources me.verifyEmail
	org.inviteMember org.modifyMember org.removeMember org.revokeInvite org.transferResources
	userApiToken.delete userApiToken.patch userApiTokens.post
	userOauthToken.delete userOauthToken.patch userOauthTokens.post`)

// commandLine are the operations of Losant's command line.
var commandLine = strings.Fields(`
	application.get application.globals application.patch application.readme
	application.readmePatch applications.get
	dataTable.get dataTableRows.get dataTables.get
	experience.bootstrap experienceDomains.get experienceSlugs.get
	experienceVersion.delete experienceVersion.get experienceVersion.patch
	experienceVersions.get experienceVersions.post
	experienceView.delete experienceView.get experienceView.linkedResources experienceView.patch
	experienceViews.get experienceViews.post
	file.delete file.get file.move file.patch file.upload files.get files.post
	privateFile.delete privateFile.get privateFile.move privateFile.patch privateFile.upload
	privateFiles.get privateFiles.post`)

// device are the operations that a device may call with its own token.
var device = strings.Fields(`
	data.export data.lastValueQuery data.timeSeriesQuery
	device.get device.getCommand device.getCompositeState device.getLogEntries device.getState
	device.sendCommand device.sendState device.setConnectionStatus
	deviceAttribute.get deviceAttributes.get
	devices.get devices.getCompositeState devices.sendCommand`)
