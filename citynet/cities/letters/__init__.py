"""The letters of this slice, one file a subject."""
