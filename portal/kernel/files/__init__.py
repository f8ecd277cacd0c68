"""Files that a person sends: what they are, known by their bytes alone, and what is never taken."""
