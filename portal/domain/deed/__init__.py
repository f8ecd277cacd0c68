"""The contract as one document."""
