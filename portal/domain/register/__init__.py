"""The register: the journal of a contract read as evidence."""
