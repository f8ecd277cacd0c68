"""Documents attached to what a contract is made of, kept version after version."""
