package matcher

// pair reports whether each of so many things finds a partner of its own among
// others, where fit says who may be whose. It is Kuhn's algorithm: a partner may
// be the only one of another thing, so partners are exchanged along chains.
func pair(things, others int, fit func(thing, other int) bool) bool {
	fits := make([][]int, things)
	for i := range fits {
		for j := range others {
			if fit(i, j) {
				fits[i] = append(fits[i], j)
			}
		}
		if len(fits[i]) == 0 {
			return false
		}
	}
	thingOf := make([]int, others) // 1 + the thing whose partner it is
	tried := make([]bool, others)
	var find func(i int) bool
	find = func(i int) bool {
		for _, j := range fits[i] {
			if thingOf[j] == 0 { // a free one spares the search
				thingOf[j] = i + 1
				return true
			}
		}
		for _, j := range fits[i] {
			if tried[j] {
				continue
			}
			tried[j] = true
			if find(thingOf[j] - 1) {
				thingOf[j] = i + 1
				return true
			}
		}
		return false
	}
	for i := range things {
		clear(tried)
		if !find(i) {
			return false
		}
	}
	return true
}
