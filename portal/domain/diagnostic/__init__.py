"""The shared diagnostic: axes, findings, and what each party says of them."""
