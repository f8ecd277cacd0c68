"""Addresses of this noun."""
