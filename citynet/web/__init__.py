"""Floor 6: home, city page, errors, static files and the look of everything."""
