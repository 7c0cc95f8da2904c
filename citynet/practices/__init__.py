"""Floor 4: case studies, their topics, revisions and review."""
