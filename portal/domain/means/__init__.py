"""The means: the money of the objectives, what became of it, and what moves it between establishments."""
