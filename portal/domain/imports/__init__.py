"""What a person's own files become in a contract: understood, shown, changed, then written; and the same files out again."""
