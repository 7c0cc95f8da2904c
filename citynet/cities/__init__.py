"""Floor 3: cities, memberships and who acts for which city."""
