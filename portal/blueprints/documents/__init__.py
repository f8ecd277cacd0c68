"""Pages of the documents attached to a contract and to what it is made of."""
