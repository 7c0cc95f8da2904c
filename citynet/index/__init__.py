"""Floor 1: the search machine; knows documents, not practices."""
