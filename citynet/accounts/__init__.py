"""Floor 2: people, sign-in and sessions."""
