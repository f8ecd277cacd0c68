"""Two texts for everything: the plain words beside the technical ones, what is to write and to review, who approved them."""
