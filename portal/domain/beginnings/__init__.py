"""The first steps of a contract: what is there, what comes next."""
