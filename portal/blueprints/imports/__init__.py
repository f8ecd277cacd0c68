"""One’s own files taken up in a contract, and given back."""
