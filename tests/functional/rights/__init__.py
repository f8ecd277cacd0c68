"""The rights, over real HTTP."""
