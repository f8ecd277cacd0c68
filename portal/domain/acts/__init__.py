"""Formal acts: what a body that the law names decided or advised, with its record; never a level."""
