"""The contract before this one: what comes from it, what ended."""
