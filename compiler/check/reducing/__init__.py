"""Caps that reduce, and what enters beneath them."""
