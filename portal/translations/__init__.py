"""The catalogues of the languages other than French, and what checks and compiles them."""
