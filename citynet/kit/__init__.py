"""Floor 0: what every slice stands on; it knows no city and no practice."""
