"""Journal first, then the desk, then the world."""
