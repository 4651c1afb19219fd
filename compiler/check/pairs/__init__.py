"""Entries of two instruments at one decision, both or neither, and the problems with them."""
