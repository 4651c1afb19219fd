"""The journal: what it promises, over each of its stores."""
