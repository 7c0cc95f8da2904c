"""Floor 5: what the secretariat announces on the home page."""
