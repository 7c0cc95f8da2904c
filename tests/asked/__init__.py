"""What people asked of search."""
