"""`make bench-search`: how good and how fast search is, beside four others."""
