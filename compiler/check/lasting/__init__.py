"""Conditions that last: whether they can, and of how much of a sentence it is said."""
