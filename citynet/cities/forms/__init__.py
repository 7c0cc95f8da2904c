"""The shapes of the forms of cities, memberships and people."""
