"""What the pieces of a contract said before: kept, compared, merged, brought back."""
