"""Floor 5: what people asked of search: past queries, counted, and what the network lacks."""
