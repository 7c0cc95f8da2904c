"""Floor 6: the demonstration network, loaded through the same commands as people use."""
