"""Indicators: a few figures that a contract follows, by establishment and year, beside those of others."""
