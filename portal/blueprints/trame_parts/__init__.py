"""Parts of the trame of a contract that its parties write together."""
