"""Syntheses: written beside the words, published, read."""
