"""Floor 6: the search page and its facets."""
