"""From tree to canonical text: `expressions`, then `statements` as lines, then `layout` with groups and comments."""
