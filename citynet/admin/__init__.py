"""Floor 6: the secretariat's desk."""
