"""Short surveys: a few questions put to the groups that are consulted, answered once, shown folded."""
