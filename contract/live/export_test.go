package live

// Pace is the time between two requests to the real service.
const Pace = pace

// PaceLikeTheRealService slows a client down as if its host were not loopback.
func PaceLikeTheRealService(c *Client) { c.pace = pace }
