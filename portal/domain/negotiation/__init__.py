"""Negotiation: a confidential zone between signatories, and what it changes in the words of the contract."""
