package scenarios

// Number stands in the texts of a pattern for the number of the webhook or the item, for
// who makes these in another way than [Generate.All] and [Item.All] do.
const Number = number
