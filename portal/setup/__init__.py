"""What ``portail.py`` is made of.

Everything here runs before any dependency is installed: the standard library only, and no
other module of the portal.
"""
