"""Polyphonie: the portal on which everybody whom a CPOM concerns builds it together."""
