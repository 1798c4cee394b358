package match

// namesOf returns the names of a kind that a request has: what an application or
// a webhook is called, its id first.
func (s *Subject) namesOf(kind string) []string {
	switch kind {
	case "operation":
		return nonBlank(s.Operation())
	case "scope":
		return s.scopes()
	case "fault":
		return nonBlank(s.fault())
	case "application":
		return s.applicationKeys()
	case "webhook":
		return s.webhookKeys()
	default:
		return nil
	}
}

// namesOf is [Subject.namesOf] for a trigger.
func (s *TriggerSubject) namesOf(kind string) []string {
	switch kind {
	case "application":
		return []string{s.Hook.ApplicationID, s.Hook.ApplicationName}
	case "webhook":
		return []string{s.Hook.ID, s.Hook.Name, s.Hook.Token}
	default:
		return nil
	}
}
