"""The demonstration: fictional contracts in data files, loaded through the domain's verbs."""
