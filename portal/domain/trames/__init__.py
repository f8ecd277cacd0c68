"""The trame of a contract: the titles, articles and annexes in which it is written."""
