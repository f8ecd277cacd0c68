"""Files that people send, opened in a process of their own: recognised, rid of what tells of their author, shown small.

Knows neither the web nor the database: it is given bytes and gives back bytes.
"""
