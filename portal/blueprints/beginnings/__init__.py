"""The first steps of a contract, on its own page."""
