"""Documents to take away: what `domain.construction` gathers, as an accessible PDF or a text file.

Knows neither the web nor the database: it is given words and gives back bytes.
"""
